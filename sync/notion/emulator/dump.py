"""A page as plain values, for assertions and for people."""

from typing import Any

from sync.notion.emulator.api.column_answers import columns_of, title_of
from sync.notion.emulator.checks import Obj
from sync.notion.emulator.model import Page, StoredBlock
from sync.notion.emulator.rules.rich_text import text_of
from sync.notion.emulator.values import plain_values
from sync.notion.emulator.workspace import Workspace


def page_dump(ws: Workspace, page: Page) -> dict[str, Any]:
    """Return a page: its values and blocks as text, its comments, and whether it is in the trash."""
    inside = (
        {page.id, *(block.id for block in ws.blocks.values() if block.page == page.id)} if ws.comments else ()
    )
    return {
        "id": page.id,
        "title": title_of(page),
        "in_trash": page.in_trash,
        "icon": (page.icon or {}).get("emoji"),
        "created_time": page.edits.made.isoformat(),
        "properties": plain_values(page, list(columns_of(ws, page))),
        "blocks": [block_dump(ws, block) for block in ws.living(page.id)],
        "comments": [text_of(said.text) for said in ws.comments.values() if said.parent in inside],
    }


def block_dump(ws: Workspace, block: StoredBlock) -> dict[str, Any]:
    """Return a block and what is below it."""
    return {
        "id": block.id,
        "type": block.kind,
        "text": block_text(block.content),
        "made_by": block.edits.made_by,
        "edited_by": block.edits.changed_by,
        "children": [block_dump(ws, child) for child in ws.living(block.id)],
    }


def block_text(content: Obj) -> str:
    """Return the text of a block's content; the cells of a row are parted by tabs."""
    if "cells" in content:
        return "\t".join(text_of(cell) for cell in content["cells"])
    if "rich_text" in content:
        return text_of(content["rich_text"])
    return str(content.get("expression", content.get("url", content.get("name", ""))))
