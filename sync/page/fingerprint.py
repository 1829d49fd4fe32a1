"""Fingerprints of blocks by what a reader sees, and which blocks can be updated in place."""

from hashlib import blake2b
from json import JSONEncoder
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
    Run,
    Table,
    TableRow,
    ToDo,
)
from sync.page.links import destination
from sync.page.richtext import normalised
from sync.page.wire import type_name

_BYTES = 10
_written = JSONEncoder(separators=(",", ":")).encode


def fingerprint(block: Block) -> str:
    """Return a short digest of a block's own content, without its children.

    It is the same for a block that we send and for the one that Notion returns.
    """
    seen = _written((kind(block), *_content(block)))
    return blake2b(seen.encode(), digest_size=_BYTES).hexdigest()


def kind(block: Block) -> str:
    """Return the unchangeable part of a block; blocks of one kind can be updated into each other."""
    name = type_name(block)
    return f"{name}:{block.width}" if isinstance(block, Table) else name


def _content(block: Block) -> tuple[object, ...]:
    content: tuple[object, ...]
    match block:
        case Paragraph():
            content = (_seen(block.text), block.muted)
        case Heading() | Bullet() | Numbered() | Quote():
            content = (_seen(block.text),)
        case ToDo():
            content = (_seen(block.text), block.checked)
        case Callout():
            content = (_seen(block.text), block.icon)
        case Code():
            content = (_seen(block.text), block.language)
        case Divider() | Table():
            content = ()
        case TableRow():
            content = tuple(_seen(cell) for cell in block.cells)
        case Attachment():
            content = (block.version,)
        case _:
            assert_never(block)
    return content


def _seen(text: RichText) -> list[tuple[str, str, str | None]]:
    runs = (run._replace(link=destination(run.link)) if run.link else run for run in text)
    return [(run.text, _marks(run), run.link) for run in normalised(runs)]


def _marks(run: Run) -> str:
    style = run.style
    flags = ((style.bold, "b"), (style.italic, "i"), (style.strikethrough, "s"), (style.code, "c"))
    return "".join(mark for shown, mark in flags if shown)
