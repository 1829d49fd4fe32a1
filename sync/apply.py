"""Carry out one action of a plan, and say what is then known of the page."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from sync.errors import AccessLost, PageGone
from sync.names import BlockId
from sync.notion.gateway import Gateway, Sending
from sync.notion.limiter import Lane
from sync.outline import Outline, outline_of
from sync.ownership import recognise
from sync.page.blocks import Attachment, Block
from sync.page.draft import PageDraft, narrowed, unvouched
from sync.plan import AppendBlocks, CreatePage, DeleteBlock, ListBlocks, Synced, UpdateBlock, UpdateProperties
from sync.progress import Change, created, landed, level, read


@dataclass(frozen=True, slots=True)
class Applier:
    """The requests for one page in one lane.

    Attributes:
        original: The log as it is attached to the page.
    """

    gateway: Gateway
    lane: Lane
    draft: PageDraft
    original: bytes = field(repr=False)

    async def create(self, action: CreatePage, sending: Sending) -> tuple[Synced, str]:
        """Make the page; return what is known of it, and its URL."""
        draft = self.draft if action.whole else unvouched(self.draft)
        blocks = await self._uploaded(action.blocks)
        page = await self.gateway.create_page(draft, blocks, lane=self.lane, sending=sending)
        return created(self.draft, action, page.page_id), page.url

    async def write(
        self,
        action: Change,
        state: Synced,
        sending: Sending,
    ) -> Synced:
        """Change the page by one request."""
        gateway, lane = self.gateway, self.lane
        ids: tuple[BlockId, ...] = ()
        match action:
            case AppendBlocks(parent=parent, position=position, blocks=blocks):
                sent = await self._uploaded(blocks)
                ids = await gateway.append(
                    parent or state.page_id, sent, position=position, lane=lane, sending=sending
                )
            case UpdateBlock(block_id=block_id):
                (block,) = await self._uploaded((action.block,))
                await gateway.update_block(block_id, block, lane=lane, sending=sending)
            case DeleteBlock(block_id=block_id):
                await gateway.delete_block(block_id, lane=lane, sending=sending)
            case UpdateProperties():
                draft = narrowed(self.draft, state.properties)
                await gateway.update_page(state.page_id, draft, lane=lane, sending=sending)
            case _:
                assert_never(action)
        return landed(state, action, draft=self.draft, ids=ids)

    async def _uploaded(self, blocks: Sequence[Block]) -> tuple[Block, ...]:
        """Upload the files that are about to be attached: an upload is good for an hour, and only once."""
        return tuple(
            [
                replace(block, upload=await self.gateway.upload(block.name, self.original, lane=self.lane))
                if isinstance(block, Attachment)
                else block
                for block in blocks
            ]
        )

    async def read(
        self, action: ListBlocks, state: Synced, believed: Outline | None, *, keep_edits: bool
    ) -> Synced:
        """Read one level of the page back.

        Args:
            action: Which level.
            state: What is known of the page.
            believed: The page as we last left it, for where `state` does not know.
            keep_edits: What a person made of our blocks stays, unless the log itself changes there.
        """
        listing = await self.gateway.list_children(action.parent or state.page_id, lane=self.lane)
        known = level(state.outline, action)
        found = recognise(
            listing,
            level(believed, action) if known is None else known,
            wanted=outline_of(self.draft.body),
            author=await self.gateway.me(lane=self.lane),
            keep_edits=keep_edits,
        )
        return read(state, action, found.ours, guests=found.guests)

    async def has_comments(self, block_id: BlockId) -> bool:
        """Tell whether comments hang on a block; a connection that may not read comments sees none."""
        try:
            return await self.gateway.has_comments(block_id, lane=self.lane)
        except (AccessLost, PageGone):
            return False
