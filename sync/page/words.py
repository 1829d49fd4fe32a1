"""The words of a block as a person would copy them, and blocks without words."""

from collections.abc import Iterable
from typing import assert_never

from sync.page.blocks import (
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
    Table,
    TableRow,
    ToDo,
)

_EMPTY = "▫️"
_EMPTIED: dict[str, Block] = {
    "paragraph": Paragraph(()),
    **{f"heading_{level}": Heading(level, ()) for level in (1, 2, 3, 4)},
    "bulleted_list_item": Bullet(()),
    "numbered_list_item": Numbered(()),
    "to_do": ToDo((), checked=False),
    "quote": Quote(()),
    "callout": Callout((), _EMPTY),
    "code": Code((), "plain text"),
}


def emptied(kind: str, *, within: str) -> Block | None:
    """Return an empty block of this kind; None if there is no such block.

    Args:
        kind: The kind of the block.
        within: The kind of its parent; that of a table has the number of cells in a row.
    """
    if kind == "table_row" and within.startswith("table:"):
        return TableRow(((),) * int(within.removeprefix("table:")))
    return _EMPTIED.get(kind)


def block_words(block: Block) -> str:
    """Return the words of a block, without those of its children."""
    match block:
        case TableRow():
            return cells(map(_text, block.cells))
        case ToDo():
            return ticked(_text(block.text), checked=block.checked)
        case Divider() | Table() | Attachment():
            return ""
        case Paragraph() | Heading() | Bullet() | Numbered() | Quote() | Callout() | Code():
            return _text(block.text)
        case _:
            assert_never(block)


def with_target(text: str, link: str | None) -> str:
    """Return a text, followed by its link target if the text does not show that."""
    return f"{text} ({link})" if link and link not in text else text


def cells(texts: Iterable[str]) -> str:
    """Return the cells of a table row as one text."""
    return " | ".join(texts)


def ticked(text: str, *, checked: bool) -> str:
    """Return the text of a task and whether it is done."""
    return f"[{'x' if checked else ' '}] {text}"


def _text(text: RichText) -> str:
    return "".join(with_target(piece.text, piece.link) for piece in text)
