"""Divide a body into as few requests as Notion's limits allow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from json import JSONEncoder

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
    Table,
    TableRow,
    ToDo,
    children,
)
from sync.page.limits import MAX_BLOCKS_PER_REQUEST, MAX_BODY_BYTES, MAX_ITEMS, MAX_NESTING
from sync.page.wire import encode_block

ENVELOPE_BYTES = 2_000
"""Room for what a request holds besides blocks and properties: the parent, the position, the icon."""

MAX_PROPERTY_BYTES = 64_000
"""More than the properties of a page can be: a hundred tools, four long texts, a path."""


_written = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class _Load:
    blocks: int
    size: int

    def __add__(self, other: "_Load") -> "_Load":
        return _Load(self.blocks + other.blocks, self.size + other.size)


def height(block: Block) -> int:
    """Count the levels below a block: 0 without children."""
    levels = 0
    row = children(block)
    while row:
        levels += 1
        row = tuple(child for parent in row for child in children(parent))
    return levels


def pruned(block: Block) -> Block:
    """Return the block with as many of its children as one request allows.

    Children that are nested too deeply, and those after the hundredth, are left for a later request.
    """
    return _pruned(block, MAX_NESTING)


def batches(blocks: Sequence[Block], *, reserved_bytes: int) -> Iterator[tuple[Block, ...]]:
    """Group blocks, in order, into the `children` of successive requests.

    A file gets a request of its own, so that its refusal concerns nothing else.

    Args:
        blocks: The blocks to send; each is pruned.
        reserved_bytes: The size of what else the first request carries, such as a page's properties.
    """
    room = MAX_BODY_BYTES - ENVELOPE_BYTES
    batch: list[Block] = []
    load = _Load(0, reserved_bytes)
    for block in blocks:
        cut = pruned(block)
        weight = _weigh(cut)
        total = load + weight
        full = len(batch) == MAX_ITEMS or total.blocks > MAX_BLOCKS_PER_REQUEST or total.size > room
        if batch and (full or isinstance(block, Attachment) or isinstance(batch[-1], Attachment)):
            yield tuple(batch)
            batch, total = [], weight
        while total.blocks > MAX_BLOCKS_PER_REQUEST or total.size > room:
            cut = _thin(cut)
            total = _weigh(cut)
        batch.append(cut)
        load = total
    if batch:
        yield tuple(batch)


def _weigh(block: Block) -> _Load:
    return _Load(count_blocks(block), len(_written(encode_block(block)).encode()) + 1)


def count_blocks(block: Block) -> int:
    """Count a block and all below it."""
    below = children(block)
    return 1 + sum(map(count_blocks, below)) if below else 1


def _pruned(block: Block, levels: int) -> Block:
    below = children(block)
    if not below:
        return block
    if height(block) > levels:
        return with_children(block, ())
    return with_children(block, tuple(_pruned(child, levels - 1) for child in islice(below, MAX_ITEMS)))


def _thin(block: Block) -> Block:
    """Keep the first half of the children of a block that is too large for a request by itself."""
    below = children(block)
    return with_children(block, below[: len(below) // 2])


def with_children(block: Block, below: tuple[Block, ...]) -> Block:
    """Return the block with other children; a table keeps at least its first row."""
    match block:
        case Paragraph() | Bullet() | Numbered() | ToDo() | Quote() | Callout():
            return replace(block, children=below)
        case Table():
            rows = tuple(row for row in below if isinstance(row, TableRow))
            return replace(block, rows=rows or block.rows[:1])
        case Heading() | Code() | Divider() | TableRow() | Attachment():
            return block
