"""A block without its links: where they lead stands behind their text."""

from dataclasses import replace
from itertools import groupby
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
from sync.page.richtext import fits, normalised, plain


def without_links(block: Block) -> Block | None:
    """Return a block with its links written out; None when it has none, or no room for them."""
    match block:
        case Divider() | Table() | Attachment():
            return None
        case TableRow(cells=cells):
            written = _written_out(cells)
            return None if written is None else TableRow(written)
        case Paragraph() | Heading() | Bullet() | Numbered() | ToDo() | Quote() | Callout() | Code():
            written = _written_out((block.text,))
            return None if written is None else replace(block, text=written[0])
        case _:
            assert_never(block)


def _written_out(texts: tuple[RichText, ...]) -> tuple[RichText, ...] | None:
    if not any(run.link for text in texts for run in text):
        return None
    written = tuple(map(_without, texts))
    return written if all(map(fits, written)) else None


def _without(text: RichText) -> RichText:
    runs: list[Run] = []
    for link, shown in groupby(text, key=lambda run: run.link):
        linked = tuple(shown)
        runs.extend(run._replace(link=None) for run in linked)
        if link and link not in plain(linked):
            runs.append(Run(f" ({link})"))
    return normalised(runs)
