"""Carry out one action of a plan, and say what is then known of the page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import assert_never

from sync.convergence.beside import beside
from sync.convergence.ownership import recognise
from sync.errors import AccessLost, PageGone, Rejected
from sync.files import Stamp
from sync.names import BlockId
from sync.notion.gateway import Gateway, Sending
from sync.notion.limiter import Lane
from sync.notion.model import Author, ListedBlock
from sync.page.blocks import Attachment, Block
from sync.page.draft import PageDraft, narrowed, unvouched
from sync.planning.actions import (
    AppendBlocks,
    CreatePage,
    DeleteBlock,
    ListBlocks,
    UpdateBlock,
    UpdateProperties,
)
from sync.planning.outline import Outline, find, outline_of, replaced
from sync.planning.page_state import Synced
from sync.planning.progress import created, landed, level, level_read


@dataclass(frozen=True, slots=True)
class LevelRead:
    """What reading has shown.

    Attributes:
        state: What is known now.
        blocks: The blocks that were read.
        whole: They are all that the level holds.
    """

    state: Synced
    blocks: frozenset[BlockId]
    whole: bool


@dataclass(frozen=True, slots=True)
class Applier:
    """The requests for one page in one lane.

    Attributes:
        original: The log as it is attached to the page.
        stamp: Of the file that it was read from; None: of none.
    """

    gateway: Gateway
    lane: Lane
    draft: PageDraft
    original: bytes = field(repr=False)
    stamp: Stamp | None

    async def create(self, action: CreatePage, sending: Sending) -> tuple[Synced, str]:
        """Make the page; return what is known of it, and its URL."""
        draft = self.draft if action.hashed else unvouched(self.draft)
        blocks = await self._uploaded(action.blocks)
        page = await self.gateway.create_page(draft, blocks, lane=self.lane, sending=sending)
        return created(self.draft, action, page.page_id), page.url

    async def delete(
        self, action: DeleteBlock, state: Synced, sending: Sending
    ) -> tuple[Synced, ListedBlock | None]:
        """Delete a block; return what is known of the page, and the block as it was at the last moment."""
        deleted = await self.gateway.delete_block(action.block_id, lane=self.lane, sending=sending)
        return landed(state, action, draft=self.draft), deleted

    async def write(
        self,
        action: AppendBlocks | UpdateBlock | UpdateProperties,
        state: Synced,
        sending: Sending,
    ) -> Synced:
        """Change the page by one request."""
        gateway, lane = self.gateway, self.lane
        ids: tuple[BlockId, ...] = ()
        match action:
            case AppendBlocks(parent=parent, position=position, blocks=blocks):
                sent = await self._uploaded(blocks)
                try:
                    ids = await gateway.append(
                        parent or state.page_id, sent, position=position, lane=lane, sending=sending
                    )
                except Rejected as refusal:
                    if parent is not None and not refusal.by_firewall:
                        await gateway.confirm_holder(parent, sent, lane=lane)
                    raise
            case UpdateBlock(block_id=block_id):
                (block,) = await self._uploaded((action.block,))
                await gateway.update_block(block_id, block, lane=lane, sending=sending)
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
        self,
        action: ListBlocks,
        state: Synced,
        believed: Outline | None,
        *,
        keep_edits: bool,
        whole: bool = False,
    ) -> LevelRead:
        """Read one level of the page back, or as much of its beginning as is unknown.

        Args:
            action: Which level.
            state: What is known of the page.
            believed: The page as we last left it, for where `state` does not know.
            keep_edits: What a person made of our blocks stays, unless the log itself changes there.
            whole: Read all of it in any case.
        """
        author = await self.gateway.me(lane=self.lane)
        known = level(state.outline, action)
        unlisted = 0 if whole or known is None or author.is_person else _unlisted(known)
        listing, complete = await self.gateway.list_children(
            action.parent or state.page_id, lane=self.lane, enough=_counts(author, unlisted)
        )
        trusted: Outline = () if complete or known is None else known[unlisted:]
        found = recognise(
            listing,
            level(believed, action) if known is None else known[: len(known) - len(trusted)],
            wanted=await beside(self.draft, partial(outline_of, self.draft.body)),
            author=author,
            keep_edits=keep_edits,
        )
        ids = frozenset(entry.block_id for entry in found.ours)
        entries = (*found.ours, *(entry for entry in trusted if entry.block_id not in ids))
        return LevelRead(
            level_read(state, action, entries, guests=found.guests),
            frozenset(block.block_id for block in listing),
            whole=complete,
        )

    async def read_block(self, block_id: BlockId, state: Synced, *, keep_edits: bool) -> Synced:
        """Read one block of ours back; a level in which it is no longer ours becomes unknown."""
        entry = find(state.outline or (), block_id)
        listed = await self.gateway.retrieve_block(block_id, lane=self.lane)
        if listed.in_trash:
            raise PageGone("The block is in Notion's trash")
        if entry is None:
            return state
        found = recognise(
            (listed,),
            (entry,),
            wanted=await beside(self.draft, partial(outline_of, self.draft.body)),
            author=await self.gateway.me(lane=self.lane),
            keep_edits=keep_edits,
        )
        if [each.block_id for each in found.ours] != [block_id]:
            return replace(state, outline=None)
        (now,) = found.ours
        below = replace(now, children=entry.children, holds=entry.holds or now.holds)
        return replace(state, outline=replaced(state.outline or (), block_id, (below,)))

    async def has_comments(self, block_id: BlockId) -> bool:
        """Tell whether comments hang on a block; a connection that may not read comments sees none."""
        try:
            return await self.gateway.has_comments(block_id, lane=self.lane)
        except (AccessLost, PageGone):
            return False


def _unlisted(known: Outline) -> int:
    """Count the blocks up to the last one whose id is not known."""
    return max((place for place, entry in enumerate(known, 1) if entry.block_id is None), default=0)


def _counts(author: Author, unlisted: int) -> Callable[[Sequence[ListedBlock]], bool]:
    """Return what tells that a listing has come past so many blocks of ours; never, for none."""

    def enough(listing: Sequence[ListedBlock]) -> bool:
        return 0 < unlisted <= sum(block.created_by == author.user_id for block in listing)

    return enough
