"""Which blocks a request may make or change, and how they come back.

The fields and the nesting follow the request types of Notion's SDK: BlockObjectRequest and the two below it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sync.notion.emulator.checks import Obj, Validator, array, boolean, choice, icon, obj, string, url
from sync.notion.emulator.refusals import MISSING, expected, invalid, undefined, unwanted
from sync.notion.emulator.rules.languages import LANGUAGES
from sync.notion.emulator.rules.rich_text import EXPRESSION_LIMIT, colour, rich_text

ELEMENT_LIMIT = 1_000
DEEPEST = 2


@dataclass(frozen=True, slots=True)
class NewBlock:
    """A block that a request asks for; `content` is as it will read back."""

    kind: str
    content: Obj
    children: tuple["NewBlock", ...] = ()


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One field of a kind of block.

    Attributes:
        default: What reads back when nobody gives it; None also for one that is never left out.
        needed: A new block must give it.
        needed_later: A change of the block must give it.
    """

    check: Validator
    default: Any = None
    needed: bool = False
    needed_later: bool = False


@dataclass(frozen=True, slots=True)
class BlockKind:
    """What is true of all blocks of one type; `nests`: it can have children."""

    fields: Mapping[str, FieldRule]
    nests: bool = False


def _expression(value: object, path: str) -> str:
    return string(value, path, limit=EXPRESSION_LIMIT)


def _width(value: object, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise expected(path, "an integer ≥ `1`", value)
    return value


def _cells(value: object, path: str) -> list[list[Obj]]:
    return [rich_text(cell, f"{path}[{index}]") for index, cell in enumerate(array(value, path))]


_LANGUAGE = choice(*sorted(LANGUAGES))
_BULB = {"type": "emoji", "emoji": "💡"}
_TEXT = FieldRule(rich_text, needed=True, needed_later=True)
_EASY_TEXT = FieldRule(rich_text, needed=True)
_COLOUR = FieldRule(colour, "default")
_CAPTION = FieldRule(rich_text, [])
_FLAG = FieldRule(boolean, default=False)
_ITEM = BlockKind({"rich_text": _TEXT, "color": _COLOUR}, nests=True)
_HEADING = BlockKind({"rich_text": _TEXT, "is_toggleable": _FLAG, "color": _COLOUR}, nests=True)
_LINK = BlockKind({"caption": _CAPTION, "url": FieldRule(url, needed=True)})

KINDS: Mapping[str, BlockKind] = {
    "paragraph": BlockKind({"rich_text": _EASY_TEXT, "icon": FieldRule(icon), "color": _COLOUR}, nests=True),
    "heading_1": _HEADING,
    "heading_2": _HEADING,
    "heading_3": _HEADING,
    "heading_4": _HEADING,
    "bulleted_list_item": _ITEM,
    "numbered_list_item": _ITEM,
    "quote": _ITEM,
    "toggle": _ITEM,
    "to_do": BlockKind({"rich_text": _EASY_TEXT, "checked": _FLAG, "color": _COLOUR}, nests=True),
    "callout": BlockKind(
        {"rich_text": _EASY_TEXT, "icon": FieldRule(icon, _BULB), "color": _COLOUR}, nests=True
    ),
    "code": BlockKind(
        {
            "caption": _CAPTION,
            "rich_text": _EASY_TEXT,
            "language": FieldRule(_LANGUAGE, "plain text", needed=True),
        }
    ),
    "equation": BlockKind({"expression": FieldRule(_expression, needed=True, needed_later=True)}),
    "divider": BlockKind({}),
    "breadcrumb": BlockKind({}),
    "table_of_contents": BlockKind({"color": _COLOUR}),
    "bookmark": _LINK,
    "embed": _LINK,
    "table": BlockKind(
        {"table_width": FieldRule(_width, needed=True), "has_column_header": _FLAG, "has_row_header": _FLAG},
        nests=True,
    ),
    "table_row": BlockKind({"cells": FieldRule(_cells, needed=True, needed_later=True)}),
}
MEDIA = frozenset(("image", "video", "pdf", "file", "audio"))


def new_blocks(
    value: object, path: str, *, media: Validator, within: Obj | None = None
) -> tuple[NewBlock, ...]:
    """Take the children of a page or block; `within`: the content of the table they go into, if it is one."""
    blocks = _children(value, path, depth=0, media=media, rows=within is not None)
    if within is not None:
        _same_width(blocks, path, within["table_width"])
    count = sum(map(_elements, blocks))
    if count > ELEMENT_LIMIT:
        raise expected(path, f"at most `{ELEMENT_LIMIT}` block elements", count)
    return blocks


def text_content(kind: str, text: list[Obj]) -> Obj:
    """Return the content of a block of text that a person writes: all else about it is as usual."""
    fields = KINDS[kind].fields
    return {key: text if key == "rich_text" else field.default for key, field in fields.items()}


def can_nest(kind: str, content: Obj) -> bool:
    """Tell whether a block can have children."""
    return kind in KINDS and KINDS[kind].nests and content.get("is_toggleable", True)


def changed_content(kind: str, content: Obj, change: object, *, media: Validator) -> Obj:
    """Return the content of a block after a change of the given fields."""
    path = f"body.{kind}"
    if kind in MEDIA:
        return {**content, **media({"type": kind, kind: change}, path)[kind]}
    if kind not in KINDS:
        raise invalid(f"Updating a block of type {kind} is not supported via the API.")
    body = obj(change, path)
    fields = KINDS[kind].fields
    changed = dict(content)
    for key, value in body.items():
        if key not in fields or key == "table_width":
            raise unwanted(f"{path}.{key}", value)
        changed[key] = fields[key].check(value, f"{path}.{key}")
    for key, field in fields.items():
        if field.needed_later and key not in body:
            raise undefined(f"{path}.{key}")
    return changed


def _children(value: object, path: str, *, depth: int, media: Validator, rows: bool) -> tuple[NewBlock, ...]:
    items = array(value, path)
    return tuple(
        _block(item, f"{path}[{i}]", depth=depth, media=media, row=rows) for i, item in enumerate(items)
    )


def _block(value: object, path: str, *, depth: int, media: Validator, row: bool) -> NewBlock:
    body = obj(value, path)
    kind = _kind(body, path)
    if row != (kind == "table_row"):
        raise expected(f"{path}.type", "`table_row`" if row else "a block that is not a `table_row`", kind)
    if kind in MEDIA:
        return NewBlock(kind, media(body, path)[kind])
    if kind not in KINDS or (kind == "table" and depth == DEEPEST):
        raise unwanted(f"{path}.{kind}", body.get(kind))
    where = f"{path}.{kind}"
    given = obj(body[kind], where)
    content = _content(kind, given, where)
    if "children" not in given:
        if kind == "table":
            raise undefined(f"{where}.children")
        return NewBlock(kind, content)
    if depth == DEEPEST or not KINDS[kind].nests:
        raise unwanted(f"{where}.children", given["children"])
    children = _children(
        given["children"], f"{where}.children", depth=depth + 1, media=media, rows=kind == "table"
    )
    if children and not can_nest(kind, content):
        raise unwanted(f"{where}.children", given["children"])
    if kind == "table":
        _full_table(children, where, content["table_width"])
    return NewBlock(kind, content, children)


def _kind(body: Obj, path: str) -> str:
    """Return the type of a block: as it says, or the only key that can be one."""
    others = [key for key in body if key not in {"object", "type"}]
    kind = body.get("type", others[0] if len(others) == 1 else MISSING)
    if not isinstance(kind, str):
        raise undefined(f"{path}.type")
    if body.get("object", "block") != "block":
        raise expected(f"{path}.object", '`"block"`', body["object"])
    if kind not in body:
        raise undefined(f"{path}.{kind}")
    for key in others:
        if key != kind:
            raise unwanted(f"{path}.{key}", body[key])
    return kind


def _content(kind: str, given: Obj, path: str) -> Obj:
    fields = KINDS[kind].fields
    for key in given:
        if key not in fields and key != "children":
            raise unwanted(f"{path}.{key}", given[key])
    content: Obj = {}
    for key, field in fields.items():
        if key in given:
            content[key] = field.check(given[key], f"{path}.{key}")
        elif field.needed:
            raise undefined(f"{path}.{key}")
        else:
            content[key] = field.default
    return content


def _full_table(rows: tuple[NewBlock, ...], path: str, width: int) -> None:
    if not rows:
        raise expected(f"{path}.children.length", "≥ `1`", 0)
    _same_width(rows, f"{path}.children", width)


def _same_width(rows: tuple[NewBlock, ...], path: str, width: int) -> None:
    for index, row in enumerate(rows):
        if len(row.content["cells"]) != width:
            raise invalid(
                f"body failed validation: {path}[{index}].table_row.cells.length should be `{width}`, "
                f"the table's width, instead was `{len(row.content['cells'])}`."
            )


def _elements(block: NewBlock) -> int:
    return 1 + sum(map(_elements, block.children))
