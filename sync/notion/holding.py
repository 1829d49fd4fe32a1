"""Whether a block in Notion still is what a refused write took it for: people turn blocks into others."""

from collections.abc import Sequence
from typing import Final

from sync.notion.model import Json
from sync.page.blocks import Block, TableRow

_HOLDERS: Final = frozenset((
    "paragraph",
    "bulleted_list_item",
    "numbered_list_item",
    "to_do",
    "quote",
    "callout",
    "toggle",
    "table",
))  # fmt: skip
"""Types that we put blocks into and that still take them, whatever a person made of ours."""


def is_updatable(update: Json, block: Json) -> bool:
    """Tell whether a block takes this update: it has its type, and a row has as many cells."""
    name = update["type"]
    if block["type"] != name:
        return False
    return name != "table_row" or len(block[name]["cells"]) == len(update[name]["cells"])


def can_hold(blocks: Sequence[Block], block: Json) -> bool:
    """Tell whether these may stand below a block: in a table only rows of its width, elsewhere none."""
    width = block["table"]["table_width"] if block["type"] == "table" else None
    lengths = {len(each.cells) if isinstance(each, TableRow) else None for each in blocks}
    return block["type"] in _HOLDERS and lengths <= {width}
