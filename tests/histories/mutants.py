"""Gateways with a defect, which the histories must find."""

from collections.abc import Sequence

from sync.names import BlockId, Key, PageId
from sync.notion.gateway import Gateway, Sending
from sync.notion.limiter import Lane
from sync.notion.model import CreatedPage, ListedBlock, PageRow
from sync.page.blocks import Block
from sync.page.draft import PageDraft
from sync.planning.actions import Position


class WithoutIntent(Gateway):
    """A gateway that records nothing before a write leaves."""

    async def create_page(
        self, draft: PageDraft, blocks: Sequence[Block], *, lane: Lane, sending: Sending | None = None
    ) -> CreatedPage:
        """Make a page."""
        del sending
        return await super().create_page(draft, blocks, lane=lane)

    async def update_page(
        self, page_id: PageId, draft: PageDraft, *, lane: Lane, sending: Sending | None = None
    ) -> None:
        """Write a page's properties."""
        del sending
        await super().update_page(page_id, draft, lane=lane)

    async def append(
        self,
        parent: PageId | BlockId,
        blocks: Sequence[Block],
        *,
        position: Position,
        lane: Lane,
        sending: Sending | None = None,
    ) -> tuple[BlockId, ...]:
        """Insert blocks."""
        del sending
        return await super().append(parent, blocks, position=position, lane=lane)

    async def update_block(
        self, block_id: BlockId, block: Block, *, lane: Lane, sending: Sending | None = None
    ) -> None:
        """Replace a block."""
        del sending
        await super().update_block(block_id, block, lane=lane)

    async def delete_block(
        self, block_id: BlockId, *, lane: Lane, sending: Sending | None = None
    ) -> ListedBlock | None:
        """Delete a block."""
        del sending
        return await super().delete_block(block_id, lane=lane)


class WithoutLookUp(Gateway):
    """A gateway that repeats a create whose answer was lost without looking for its page."""

    async def find(self, key: Key, *, lane: Lane) -> tuple[PageRow, ...]:
        """Find nothing."""
        del key, lane
        return ()
