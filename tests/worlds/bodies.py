"""Render bodies of pages without a file and without a Notion."""

from collections.abc import Iterator, Sequence
from datetime import UTC

from sync.names import Digest, Key, LogPath
from sync.page.blocks import Attachment, Block, Divider, RichText, Table, TableRow, children
from sync.page.render import render
from sync.page.richtext import plain
from sync.tracelog.parsing.parser import parse


def body(markdown: str) -> tuple[Block, ...]:
    """Return the body of a log."""
    log = parse(markdown.encode(), LogPath("2026-01-10-task-7.md"), zone=UTC)
    return render(log, key=Key("k"), content_hash=Digest("0" * 64)).body


def walk(blocks: Sequence[Block]) -> Iterator[tuple[int, Block]]:
    """Yield every block with its level, in reading order."""
    todo = [(0, block) for block in reversed(blocks)]
    while todo:
        level, block = todo.pop()
        yield level, block
        todo.extend((level + 1, child) for child in reversed(children(block)))


def words(blocks: Sequence[Block]) -> str:
    """Return all text of a page, with a space between two blocks or cells."""
    return " ".join(plain(text) for _, block in walk(blocks) for text in texts(block))


def texts(block: Block) -> tuple[RichText, ...]:
    """Return the texts of a block itself, without its children."""
    match block:
        case TableRow():
            return block.cells
        case Divider() | Table() | Attachment():
            return ()
        case _:
            return (block.text,)
