"""A trace as a page, as values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from sync.notion.emulator.api.answers import columns_of, title_of
from sync.notion.emulator.checks import Obj
from sync.notion.emulator.model import Block, Comment, Page
from sync.notion.emulator.screens.looks import Chip, Run, chips, icon_of, moment, runs
from sync.notion.emulator.values import as_text
from sync.notion.emulator.workspace import Workspace

_SECONDARY: Final = frozenset(("Log Path", "Content Hash"))
_LISTS: Final[Mapping[str, str]] = {"bulleted_list_item": "ul", "numbered_list_item": "ol", "to_do": "todo"}


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment."""

    author: str
    when: str
    text: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A block, or a list of neighbours of one type: then it has only a kind and children."""

    kind: str
    text: tuple[Run, ...] = ()
    children: tuple["Node", ...] = ()
    cells: tuple[tuple[Run, ...], ...] = ()
    colour: str = "default"
    extra: str = ""
    is_on: bool = False
    by_hand: bool = False
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A property of a trace."""

    name: str
    text: str
    chips: tuple[Chip, ...]
    is_secondary: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """A page as it is looked at."""

    icon: str
    title: str
    in_trash: bool
    fields: tuple[Field, ...]
    body: tuple[Node, ...]
    remarks: tuple[Remark, ...]
    edited: str


def shown_trace(ws: Workspace, page: Page) -> Trace:
    """Return a page with its properties, blocks and comments."""
    said: dict[str, list[Comment]] = {}
    for comment in ws.comments.values():
        said.setdefault(comment.parent, []).append(comment)
    editor = "Jen" if page.edits.changed_by == ws.jen else "AI Traces"
    return Trace(
        icon=icon_of(page),
        title=title_of(page) or "Untitled",
        in_trash=page.in_trash,
        fields=tuple(_fields(ws, page)),
        body=_nodes(ws, page.id, said),
        remarks=_remarks(said.get(page.id, ())),
        edited=f"{page.edits.changed:%Y-%m-%d %H:%M} by {editor}",
    )


def _fields(ws: Workspace, page: Page) -> Iterable[Field]:
    for column in columns_of(ws, page):
        if column.kind == "title":
            continue
        chosen = chips(page, column) if column.kind != "rich_text" else ()
        text = "" if chosen else as_text(column, page.values.get(column.id))
        if column.kind == "date":
            text = moment(text)
        if text or chosen:
            yield Field(column.name, text, chosen, is_secondary=column.name in _SECONDARY)


def _nodes(ws: Workspace, parent: str, said: Mapping[str, list[Comment]]) -> tuple[Node, ...]:
    nodes: list[Node] = []
    for kind, blocks in groupby(ws.living(parent), key=lambda block: _LISTS.get(block.kind, "")):
        shown = tuple(_node(ws, block, said) for block in blocks)
        nodes.extend([Node(kind, children=shown)] if kind else shown)
    return tuple(nodes)


def _node(ws: Workspace, block: Block, said: Mapping[str, list[Comment]]) -> Node:
    content = block.content
    return Node(
        kind=block.kind,
        text=runs(content.get("rich_text", ())),
        children=_nodes(ws, block.id, said),
        cells=tuple(runs(cell) for cell in content.get("cells", ())),
        colour=content.get("color", "default"),
        extra=_extra(content),
        is_on=bool(content.get("checked") or content.get("has_column_header")),
        by_hand=block.edits.changed_by == ws.jen,
        remarks=_remarks(said.get(block.id, ())),
    )


def _extra(content: Obj) -> str:
    """Return what a block has besides its text: an icon, a language, an address."""
    icon = content.get("icon")
    if icon:
        return str(icon.get("emoji", ""))
    for key in ("language", "expression", "name", "url"):
        if key in content:
            return str(content[key])
    return ""


def _remarks(comments: Iterable[Comment]) -> tuple[Remark, ...]:
    return tuple(Remark(c.author, f"{c.edits.made:%Y-%m-%d %H:%M}", runs(c.text)) for c in comments)
