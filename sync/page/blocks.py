"""The blocks that a page's body is made of: frozen values, a type for each kind of block we write."""

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


class Style(NamedTuple):
    """How a run of text looks."""

    bold: bool = False
    italic: bool = False
    strikethrough: bool = False
    code: bool = False


PLAIN = Style()


class Run(NamedTuple):
    """A piece of text of one style; `link` is an http, https or mailto target."""

    text: str
    style: Style = PLAIN
    link: str | None = None


RichText: TypeAlias = tuple[Run, ...]
"""Runs in reading order. Normal form: no empty run, no two neighbours of equal style and link.

A run may be longer than one text item of Notion; `sync.page.wire` cuts it on the way out."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. `muted` shows it in grey: the log's own header."""

    text: RichText
    children: tuple["Block", ...] = ()
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4; it has no children, Notion's headings stand beside their text."""

    level: int
    text: RichText


@dataclass(frozen=True, slots=True)
class Bullet:
    """An item of an unordered list."""

    text: RichText
    children: tuple["Block", ...] = ()


@dataclass(frozen=True, slots=True)
class Numbered:
    """An item of an ordered list; Notion counts."""

    text: RichText
    children: tuple["Block", ...] = ()


@dataclass(frozen=True, slots=True)
class ToDo:
    """An item of a task list."""

    text: RichText
    checked: bool
    children: tuple["Block", ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """Quoted text."""

    text: RichText
    children: tuple["Block", ...] = ()


@dataclass(frozen=True, slots=True)
class Callout:
    """A boxed note of ours with an emoji, such as what could not be shown."""

    text: RichText
    icon: str
    children: tuple["Block", ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """Text shown as it is; `language` is one of Notion's closed list."""

    text: RichText
    language: str


@dataclass(frozen=True, slots=True)
class Divider:
    """A horizontal rule."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row; as many cells as its table is wide."""

    cells: tuple[RichText, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header row. Its width is fixed for its life; it has at least one row."""

    width: int
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to download.

    Attributes:
        name: What it is called.
        version: Which content it has, a hexadecimal number; it stands in the caption, so that it reads back.
        upload: The upload that its content was sent with; empty before that.
    """

    name: str
    version: str
    upload: str = ""


Block: TypeAlias = (
    Paragraph
    | Heading
    | Bullet
    | Numbered
    | ToDo
    | Quote
    | Callout
    | Code
    | Divider
    | Table
    | TableRow
    | Attachment
)


def children(block: Block) -> tuple[Block, ...]:
    """Return the blocks one level below."""
    match block:
        case Paragraph() | Bullet() | Numbered() | ToDo() | Quote() | Callout():
            return block.children
        case Table():
            return block.rows
        case Heading() | Code() | Divider() | TableRow() | Attachment():
            return ()
