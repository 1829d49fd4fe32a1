"""Quotes and list items, which have text of their own and blocks below it."""

from dataclasses import dataclass, field
from typing import Final, TypeAlias

from sync.page.blocks import Block, Bullet, Heading, Numbered, Paragraph, Quote, RichText, Run, ToDo
from sync.page.richtext import fitted, is_short, normalised

DEEPEST: Final = 20
"""The most levels of blocks on a page; what a log nests deeper is put side by side on the last one."""

_BREAKS: Final = "\n "


@dataclass(frozen=True, slots=True)
class PageTop:
    """The top of the page."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A block quote."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list item.

    Attributes:
        label: The label of an item in an ordered list, such as `3.`; else empty.
        number: Its number; None in an unordered list.
    """

    label: str = ""
    number: int | None = None


UNORDERED: Final = Listed()

ContainerRole: TypeAlias = PageTop | Quoted | Listed


@dataclass(slots=True)
class Container:
    """A quote, a list item or the page itself, while it is being read.

    Attributes:
        role: What it is.
        text: Its first paragraph, if it begins with one.
        checked: Whether a task is done; None if it is no task.
        emptied: Whether some of its content went into the header of the page.
        blocks: The blocks in it so far.
        numbered: The number of numbered items at the end of `blocks`, which Notion counts.
    """

    role: ContainerRole
    text: RichText | None = None
    checked: bool | None = None
    emptied: bool = False
    blocks: list[Block] = field(default_factory=list)
    numbered: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been added yet."""
        return self.text is None and not self.blocks

    @property
    def is_plain_bullet(self) -> bool:
        """Whether it is an item of an unordered list with nothing but text, as most items are."""
        return self.role is UNORDERED and self.checked is None and not self.blocks

    def add(self, block: Block) -> None:
        """Add a block at the end."""
        self.blocks.append(block)
        self.numbered = self.numbered + 1 if isinstance(block, Numbered) else 0

    def write(self, text: RichText) -> None:
        """Add a paragraph at the end; the first one becomes the container's own text."""
        if self.is_empty and not isinstance(self.role, PageTop):
            self.text = text
        else:
            for paragraph in paragraphs(text):
                self.add(paragraph)


def paragraphs(text: RichText, *, muted: bool = False) -> tuple[Paragraph, ...]:
    """Return a text as a paragraph, or as several if it is too long for one block."""
    return tuple([Paragraph(piece, muted=muted) for piece in fitted(text, breaks=_BREAKS)])


def headings(level: int, text: RichText) -> tuple[Heading, ...]:
    """Return a text as a heading, or as several if it is too long for one block."""
    return tuple([Heading(level, piece) for piece in fitted(text, breaks=_BREAKS)])


def close(container: Container, *, into: Container, level: int) -> None:
    """Add a finished container to the one around it; `level` is 0 at the top of the page."""
    if container.emptied and container.is_empty:
        into.emptied = True
        return
    deep = level >= DEEPEST - 1
    own = container.text or ()
    if container.is_plain_bullet and not deep and is_short(own):
        into.add(Bullet(own))
        return
    mark = _mark(container, into, deep=deep)
    text, *more = fitted(normalised((Run(mark), *own)) if mark else own, breaks=_BREAKS)
    below = (*map(Paragraph, more), *container.blocks)
    into.add(_block(container, text, () if deep else below, marked=bool(mark)))
    for block in below if deep else ():
        into.add(block)


def _mark(container: Container, into: Container, *, deep: bool) -> str:
    """Return the label to write before an item if Notion would show none, or a wrong one."""
    match container.role:
        case Listed(number=None):
            return "• " if deep and container.checked is None else ""
        case Listed(label, number):
            counted = not deep and container.checked is None and number == into.numbered + 1
            return "" if counted else f"{label} "
        case PageTop() | Quoted():
            return ""


def _block(container: Container, text: RichText, below: tuple[Block, ...], *, marked: bool) -> Block:
    match container.role:
        case Listed() if container.checked is not None:
            return ToDo(text, container.checked, below)
        case Listed() if marked:
            return Paragraph(text, below)
        case Listed(number=None):
            return Bullet(text, below)
        case Listed():
            return Numbered(text, below)
        case PageTop() | Quoted():
            return Quote(text, below)
