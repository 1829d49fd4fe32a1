"""One block by its id: read it, trash it, bring it back, and tell whether it still is what we took it for."""

from collections.abc import Callable, Sequence
from typing import Final

from sync.errors import PageGone
from sync.names import BlockId
from sync.notion.answers import NotNotion, expect, read_block, understood
from sync.notion.database import ConnectedDatabase
from sync.notion.limiter import Lane
from sync.notion.model import Json, ListedBlock
from sync.notion.request import Target, change, read
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


async def retrieve(database: ConnectedDatabase, block_id: BlockId, *, lane: Lane) -> ListedBlock:
    """Return a block, also one that is in the trash.

    Raises:
        PageGone: It is nowhere.
    """
    return await database.send_to_page(read(f"blocks/{block_id}", Target.PAGE), read_block, lane=lane)


async def delete(
    database: ConnectedDatabase, block_id: BlockId, *, lane: Lane, sending: Callable[[], None] | None
) -> ListedBlock | None:
    """Move a block to the trash; one that is there already, or is gone, is no failure.

    Returns:
        What it was at the last moment; None where Notion does not say.

    Raises:
        PageGone: Notion shows it all the same: what is above it may be gone, the page is to be read again.
    """
    request = change("DELETE", f"blocks/{block_id}", Target.PAGE, body=None, sending=sending)
    try:
        return await database.send_to_page(request, _as_it_was, lane=lane)
    except PageGone:
        if await _is_there(database, block_id, lane=lane):
            raise
    return None


async def bring_back(
    database: ConnectedDatabase, block_id: BlockId, *, lane: Lane, sending: Callable[[], None] | None
) -> None:
    """Take a block out of the trash, with all that is below it."""
    request = change("PATCH", f"blocks/{block_id}", Target.PAGE, body={"in_trash": False}, sending=sending)
    await database.send_to_page(request, is_block, lane=lane)


async def _is_there(database: ConnectedDatabase, block_id: BlockId, *, lane: Lane) -> bool:
    try:
        block = await database.send_to_page(read(f"blocks/{block_id}", Target.PAGE), is_block, lane=lane)
    except PageGone:
        return False
    return not block.get("in_trash")


def is_block(answer: Json) -> Json:
    """Read an answer that is a block."""
    return expect(answer, "block")


def _as_it_was(answer: Json) -> ListedBlock | None:
    """Read what the answer to a deletion says of the block: that it is gone is sure, whatever else is not."""
    block = is_block(answer)
    try:
        return understood(block, read_block)
    except NotNotion:
        return None


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
