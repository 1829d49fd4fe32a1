"""A trace as a page, as values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from sync.notion.emulator.api.column_answers import columns_of, title_of
from sync.notion.emulator.checks import Obj
from sync.notion.emulator.model import Comment, Page, StoredBlock
from sync.notion.emulator.screens.looks import Chip, ShownRun, chips, icon_of, runs, shown_moment
from sync.notion.emulator.values import as_text
from sync.notion.emulator.workspace import Workspace

_SECONDARY: Final = frozenset(("Log Path", "Content Hash"))
_LISTS: Final[Mapping[str, str]] = {"bulleted_list_item": "ul", "numbered_list_item": "ol", "to_do": "todo"}


@dataclass(frozen=True, slots=True)
class ShownComment:
    """A comment."""

    author: str
    when: str
    text: tuple[ShownRun, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A block, or a list of neighbours of one type: then it has only a kind and children."""

    kind: str
    text: tuple[ShownRun, ...] = ()
    children: tuple["Node", ...] = ()
    cells: tuple[tuple[ShownRun, ...], ...] = ()
    colour: str = "default"
    extra: str = ""
    is_on: bool = False
    by_hand: bool = False
    remarks: tuple[ShownComment, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownProperty:
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
    fields: tuple[ShownProperty, ...]
    body: tuple[Node, ...]
    remarks: tuple[ShownComment, ...]
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


def _fields(ws: Workspace, page: Page) -> Iterable[ShownProperty]:
    for column in columns_of(ws, page):
        if column.kind == "title":
            continue
        chosen = chips(page, column) if column.kind != "rich_text" else ()
        text = "" if chosen else as_text(column, page.values.get(column.id))
        if column.kind == "date":
            text = shown_moment(text)
        if text or chosen:
            yield ShownProperty(column.name, text, chosen, is_secondary=column.name in _SECONDARY)


def _nodes(ws: Workspace, parent: str, said: Mapping[str, list[Comment]]) -> tuple[Node, ...]:
    nodes: list[Node] = []
    for kind, blocks in groupby(ws.living(parent), key=lambda block: _LISTS.get(block.kind, "")):
        shown = tuple(_node(ws, block, said) for block in blocks)
        nodes.extend([Node(kind, children=shown)] if kind else shown)
    return tuple(nodes)


def _node(ws: Workspace, block: StoredBlock, said: Mapping[str, list[Comment]]) -> Node:
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


def _remarks(comments: Iterable[Comment]) -> tuple[ShownComment, ...]:
    return tuple(ShownComment(c.author, f"{c.edits.made:%Y-%m-%d %H:%M}", runs(c.text)) for c in comments)
