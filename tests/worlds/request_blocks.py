"""Make blocks in the form of a request, and try whether Notion accepts a page of them."""

from typing import Any, TypeAlias

from sync.notion.emulator import Emulator

Json: TypeAlias = Any
"""Any JSON value."""


def text(content: str, **more: Json) -> list[dict[str, Any]]:
    """Return rich text of one run."""
    return [{"text": {"content": content, **more}}]


def block(kind: str, content: str = "x", **more: Json) -> dict[str, Any]:
    """Return a block of a type with a text."""
    return {"type": kind, kind: {"rich_text": text(content), **more}}


def table(width: int, *rows: int) -> dict[str, Any]:
    """Return a table, given the number of cells of each row."""
    cells = [{"table_row": {"cells": [text("x")] * count}} for count in rows]
    return {"type": "table", "table": {"table_width": width, "children": cells}}


def bullets(depth: int) -> dict[str, Any]:
    """Return a bullet with so many levels of bullets below it."""
    if not depth:
        return block("bulleted_list_item")
    return block("bulleted_list_item", children=[bullets(depth - 1)])


def status(emulator: Emulator, *, children: object = None, properties: object = None) -> int:
    """Create a page of these blocks and return the status; assert that a refusal creates nothing."""
    source = next(iter(emulator.workspace.data_sources))
    body: dict[str, Any] = {"parent": {"data_source_id": source}}
    if children is not None:
        body["children"] = children
    if properties is not None:
        body["properties"] = properties
    before = len(emulator.workspace.pages), len(emulator.workspace.blocks)
    answer = emulator.ask("POST", "pages", body)
    if answer.status != 200:
        assert before == (len(emulator.workspace.pages), len(emulator.workspace.blocks))
    return answer.status
