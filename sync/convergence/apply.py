"""Carry out single reads and writes of a plan, and say what is known of the page afterwards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import assert_never

from sync.convergence.beside import beside
from sync.convergence.ownership import recognise
from sync.errors import AccessLost, PageGone, Rejected
from sync.files import Stamp
from sync.names import BlockId, PageId, UserId
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
    Write,
)
from sync.planning.outline import Outline, find_block, outline_of, replaced
from sync.planning.page_state import PageState, Synced, as_synced
from sync.planning.progress import created, landed, level, level_read


@dataclass(frozen=True, slots=True)
class LevelRead:
    """What reading a level has shown.

    Attributes:
        state: What is known of the page now.
        blocks: The blocks that were read.
        whole: The level holds no others.
    """

    state: Synced
    blocks: frozenset[BlockId]
    whole: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a write.

    Attributes:
        state: What is known of the page.
        url: Where a person opens the page that was created; else empty.
        deleted: The block that was deleted, as Notion last saw it; None where Notion does not say.
    """

    state: Synced
    url: str = ""
    deleted: ListedBlock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applier:
    """The requests for one page in one lane.

    Attributes:
        draft: The page as it should be.
        original: The log as it is attached to the page.
        stamp: Of the file that the log was read from; None when there is no file.
        keep_edits: What a person made of ours stays, unless the log itself changes there.
    """

    gateway: Gateway
    lane: Lane
    draft: PageDraft
    original: bytes = field(repr=False)
    stamp: Stamp | None
    keep_edits: bool

    async def send(self, action: Write, state: PageState, sending: Sending) -> Sent:
        """Send one write.

        Args:
            action: The write.
            state: What is known of the page.
            sending: Called directly before the write leaves.
        """
        gateway, lane, draft = self.gateway, self.lane, self.draft
        if isinstance(action, CreatePage):
            first = draft if action.hashed else unvouched(draft)
            blocks = await self._uploaded(action.blocks)
            page = await gateway.create_page(first, blocks, lane=lane, sending=sending)
            return Sent(created(draft, action, page.page_id), url=page.url)
        known = as_synced(state)
        ids: tuple[BlockId, ...] = ()
        deleted: ListedBlock | None = None
        match action:
            case AppendBlocks():
                ids = await self._append(action, known.page_id, sending)
            case UpdateBlock(block_id=block_id):
                (block,) = await self._uploaded((action.block,))
                await gateway.update_block(block_id, block, lane=lane, sending=sending)
            case DeleteBlock(block_id=block_id):
                deleted = await gateway.delete_block(block_id, lane=lane, sending=sending)
            case UpdateProperties():
                changed = narrowed(draft, known.properties)
                await gateway.update_page(known.page_id, changed, lane=lane, sending=sending)
            case _:
                assert_never(action)
        return Sent(landed(known, action, draft=draft, ids=ids), deleted=deleted)

    async def _append(self, action: AppendBlocks, page_id: PageId, sending: Sending) -> tuple[BlockId, ...]:
        """Insert blocks and return their ids; raise `PageGone` if their parent can no longer hold them."""
        blocks = await self._uploaded(action.blocks)
        parent, lane = action.parent or page_id, self.lane
        try:
            return await self.gateway.append(
                parent, blocks, position=action.position, lane=lane, sending=sending
            )
        except Rejected as refusal:
            if action.parent is not None and not refusal.by_firewall:
                await self.gateway.confirm_holder(action.parent, blocks, lane=lane)
            raise

    async def _uploaded(self, blocks: Sequence[Block]) -> tuple[Block, ...]:
        """Upload the files that the blocks attach: an upload can be attached once, and within the hour."""
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
        maker: UserId | None,
        whole: bool = False,
    ) -> LevelRead:
        """Read one level of the page back, or only as much of its beginning as is unknown.

        Args:
            action: Which level.
            state: What is known of the page.
            believed: The page as we last left it, used where `state` does not know.
            maker: Who made the page; None: unknown.
            whole: Read all of the level in any case.
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
            maker=maker,
            keep_edits=self.keep_edits,
        )
        ids = frozenset(entry.block_id for entry in found.ours)
        entries = (*found.ours, *(entry for entry in trusted if entry.block_id not in ids))
        return LevelRead(
            level_read(state, action, entries, guests=found.guests),
            frozenset(block.block_id for block in listing),
            whole=complete,
        )

    async def read_block(self, block_id: BlockId, state: Synced) -> Synced:
        """Read one block of ours back; where it is no longer ours, nothing is known of the page's blocks."""
        entry = find_block(state.outline or (), block_id)
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
            keep_edits=self.keep_edits,
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
    """Return the test of whether a listing holds that many blocks of ours; for none it never does."""

    def enough(listing: Sequence[ListedBlock]) -> bool:
        return 0 < unlisted <= sum(block.created_by == author.user_id for block in listing)

    return enough
