"""Halve a refused append again and again, until the block that is to blame stands alone."""

from dataclasses import replace

from sync.page.batches import with_children
from sync.page.blocks import Block, Table
from sync.planning.actions import AppendBlocks, End


def halves(action: AppendBlocks) -> tuple[AppendBlocks, ...]:
    """Return smaller appends that together do the same or less, in the order in which they must be sent.

    Returns:
        Of several blocks the two halves; of a single block the block without what is below it; nothing where
        there is nothing smaller.
    """
    blocks = action.blocks
    if len(blocks) > 1:
        middle = len(blocks) // 2
        parts = (replace(action, blocks=blocks[:middle]), replace(action, blocks=blocks[middle:]))
        # At any other position each append lands in front of the one before.
        return parts if isinstance(action.position, End) else parts[::-1]
    bare = with_children(blocks[0], ())
    return () if bare == blocks[0] else (replace(action, blocks=(bare,)),)


def culprit(block: Block) -> Block:
    """Return the block whose words are refused when a block is refused alone: of a table its first row."""
    return block.rows[0] if isinstance(block, Table) else block
