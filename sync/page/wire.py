"""Blocks and rich text as the JSON of the Notion API 2026-03-11, in both directions.

Shapes: `BlockObjectRequest`, `UpdateBlockBodyParameters` and `BlockObjectResponse` of Notion's SDK.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from sync.page.blocks import (
    PLAIN,
    Attachment,
    Block,
    Bullet,
    Callout,
    Code,
    Divider,
    Heading,
    Numbered,
    Paragraph,
    Quote,
    RichText,
    Run,
    Style,
    Table,
    TableRow,
    ToDo,
    children,
)
from sync.page.richtext import items, normalised

_CAPTION = "The whole log, version {version}"
_VERSION = re.compile(_CAPTION.format(version="([0-9a-f]+)"))
_MUTED = "gray"
_DEFAULT = "default"
_STYLES = ("bold", "italic", "strikethrough", "code")
_HEADINGS = {f"heading_{level}": level for level in (1, 2, 3, 4)}
_TEXT_ONLY: Mapping[str, type[Bullet | Numbered | Quote]] = {
    "bulleted_list_item": Bullet,
    "numbered_list_item": Numbered,
    "quote": Quote,
}
_NAMES: Mapping[type[Block], str] = {
    **{written: name for name, written in _TEXT_ONLY.items()},
    Paragraph: "paragraph",
    ToDo: "to_do",
    Callout: "callout",
    Code: "code",
    Divider: "divider",
    Table: "table",
    TableRow: "table_row",
    Attachment: "file",
}


def encode_block(block: Block) -> dict[str, Any]:
    """Return a block with all its children, as a create or an append sends it."""
    name, content = type_name(block), _content(block)
    if isinstance(block, Paragraph) and block.muted:
        content["color"] = _MUTED
    if isinstance(block, Attachment):
        content["type"] = "file_upload"
    if below := children(block):
        content["children"] = [encode_block(child) for child in below]
    return {"object": "block", "type": name, name: content}


def encode_update(block: Block) -> dict[str, Any]:
    """Return the body of an update that replaces a block's content and colour, but not its children."""
    name, content = type_name(block), _content(block)
    match block:
        case Paragraph():
            content["color"] = _MUTED if block.muted else _DEFAULT
        case Heading() | Bullet() | Numbered() | ToDo() | Quote() | Callout():
            content["color"] = _DEFAULT
        case Table():
            del content["table_width"]
        case Code() | Divider() | TableRow() | Attachment():
            pass
        case _:
            assert_never(block)
    return {"type": name, name: content}


def encode_rich_text(text: RichText) -> list[dict[str, Any]]:
    """Return rich text as an array of text items, with long runs cut to the limit of an item."""
    return [_encode_run(run) for run in items(text)]


def decode_block(payload: Mapping[str, Any]) -> Block | None:
    """Read a block of an answer, without its children; return None if it holds what we never write.

    Colours and underlines are a reader's marks and are ignored.
    """
    name = payload.get("type")
    content = payload.get(name) if isinstance(name, str) else None
    if not isinstance(name, str) or not isinstance(content, Mapping):
        return None
    match name:
        case "divider":
            return Divider()
        case "table":
            return Table(width=int(content["table_width"]), rows=())
        case "file":
            return _decode_file(content)
        case "table_row":
            cells = [decode_rich_text(cell) for cell in content["cells"]]
            whole = tuple(cell for cell in cells if cell is not None)
            return TableRow(whole) if len(whole) == len(cells) else None
        case _:
            return _decode_text_block(name, content)


def decode_rich_text(payload: Sequence[Mapping[str, Any]]) -> RichText | None:
    """Read rich text of an answer in normal form; return None if it holds what we never write."""
    runs = [_decode_run(item) for item in payload]
    known = [run for run in runs if run is not None]
    return normalised(known) if len(known) == len(runs) else None


def type_name(block: Block) -> str:
    """Return what Notion calls this kind of block."""
    return f"heading_{block.level}" if isinstance(block, Heading) else _NAMES[type(block)]


def _content(block: Block) -> dict[str, Any]:
    """Return a block's own content, without colour and children."""
    content: dict[str, Any]
    match block:
        case Paragraph() | Heading() | Bullet() | Numbered() | Quote():
            content = _text(block.text)
        case ToDo():
            content = {**_text(block.text), "checked": block.checked}
        case Callout():
            content = {**_text(block.text), "icon": {"type": "emoji", "emoji": block.icon}}
        case Code():
            content = {**_text(block.text), "language": block.language}
        case Divider():
            content = {}
        case Table():
            content = {"table_width": block.width, "has_column_header": True, "has_row_header": False}
        case TableRow():
            content = {"cells": [encode_rich_text(cell) for cell in block.cells]}
        case Attachment():
            caption = encode_rich_text((Run(_CAPTION.format(version=block.version)),))
            content = {"file_upload": {"id": block.upload}, "caption": caption, "name": block.name}
        case _:
            assert_never(block)
    return content


def _text(text: RichText) -> dict[str, Any]:
    return {"rich_text": encode_rich_text(text)}


def _encode_run(run: Run) -> dict[str, Any]:
    text: dict[str, Any] = {"content": run.text}
    if run.link is not None:
        text["link"] = {"url": run.link}
    item: dict[str, Any] = {"type": "text", "text": text}
    if run.style != PLAIN:
        item["annotations"] = {name: True for name in _STYLES if getattr(run.style, name)}
    return item


def _decode_text_block(name: str, content: Mapping[str, Any]) -> Block | None:
    text = decode_rich_text(content.get("rich_text") or ())
    if text is None:
        return None
    if level := _HEADINGS.get(name):
        return Heading(level, text)
    if text_only := _TEXT_ONLY.get(name):
        return text_only(text)
    block: Block | None
    match name:
        case "paragraph":
            block = Paragraph(text, muted=content.get("color") == _MUTED)
        case "to_do":
            block = ToDo(text, checked=content.get("checked") is True)
        case "callout":
            block = _decode_callout(text, content.get("icon") or {})
        case "code":
            block = Code(text, content["language"])
        case _:
            block = None
    return block


def _decode_file(content: Mapping[str, Any]) -> Attachment | None:
    caption = decode_rich_text(content.get("caption") or ())
    ours = _VERSION.fullmatch("".join(run.text for run in caption or ()))
    return Attachment(content.get("name") or "", ours[1]) if ours else None


def _decode_callout(text: RichText, icon: Mapping[str, Any]) -> Callout | None:
    return Callout(text, icon["emoji"]) if icon.get("type") == "emoji" else None


def _decode_run(item: Mapping[str, Any]) -> Run | None:
    looks = item.get("annotations") or {}
    if item.get("type") != "text":
        return None
    link = item["text"].get("link")
    style = Style(**{name: looks.get(name) is True for name in _STYLES})
    return Run(item["text"]["content"], style, link["url"] if link else None)
