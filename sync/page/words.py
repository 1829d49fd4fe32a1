"""What a block says, as a person would copy it; and a block that says nothing."""

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
    """Return a block of this kind that says nothing; None where there is none.

    Args:
        kind: Of the block.
        within: The kind of the block above it; of a table it tells how many cells a row has.
    """
    if kind == "table_row" and within.startswith("table:"):
        return TableRow(((),) * int(within.removeprefix("table:")))
    return _EMPTIED.get(kind)


def block_words(block: Block) -> str:
    """Return what a block of ours says, without what is below it."""
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
    """Return a piece of text; a link target that it does not show stands behind it."""
    return f"{text} ({link})" if link and link not in text else text


def cells(texts: Iterable[str]) -> str:
    """Return the cells of a table row as one text."""
    return " | ".join(texts)


def ticked(text: str, *, checked: bool) -> str:
    """Return the text of a task and whether it is done."""
    return f"[{'x' if checked else ' '}] {text}"


def _text(text: RichText) -> str:
    return "".join(with_target(piece.text, piece.link) for piece in text)
