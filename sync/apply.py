"""Carry out one action of a plan, and say what is then known of the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from sync.names import BlockId
from sync.notion.gateway import Gateway, Sending
from sync.notion.limiter import Lane
from sync.notion.model import Author, ListedBlock
from sync.outline import Outline, OwnedBlock, outline_of
from sync.page.draft import PageDraft, unvouched
from sync.page.fingerprint import fingerprint, kind
from sync.plan import AppendBlocks, CreatePage, DeleteBlock, ListBlocks, Synced, UpdateBlock, UpdateProperties
from sync.progress import Change, created, landed, level, read


@dataclass(frozen=True, slots=True)
class Applier:
    """The requests for one page in one lane."""

    gateway: Gateway
    lane: Lane
    draft: PageDraft

    async def create(self, action: CreatePage, sending: Sending) -> tuple[Synced, str]:
        """Make the page; return what is known of it, and its URL."""
        draft = self.draft if action.whole else unvouched(self.draft)
        page = await self.gateway.create_page(draft, action.blocks, lane=self.lane, sending=sending)
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
                ids = await gateway.append(
                    parent or state.page_id, blocks, position=position, lane=lane, sending=sending
                )
            case UpdateBlock(block_id=block_id, block=block):
                await gateway.update_block(block_id, block, lane=lane, sending=sending)
            case DeleteBlock(block_id=block_id):
                await gateway.delete_block(block_id, lane=lane, sending=sending)
            case UpdateProperties():
                await gateway.update_page(state.page_id, self.draft, lane=lane, sending=sending)
            case _:
                assert_never(action)
        return landed(state, action, draft=self.draft, ids=ids)

    async def read(self, action: ListBlocks, state: Synced) -> Synced:
        """Read one level of the page back."""
        listing = await self.gateway.list_children(action.parent or state.page_id, lane=self.lane)
        author = await self.gateway.me(lane=self.lane)
        return read(state, action, ours(listing, level(state, action), outline_of(self.draft.body), author))


def ours(
    listing: Sequence[ListedBlock], known: Outline | None, wanted: Outline, author: Author
) -> tuple[OwnedBlock, ...]:
    """Tell our blocks from Jen's: by their id, or by their author.

    A token that acts for a person signs Jen's blocks and ours alike; then only what has the content
    that we wrote, or are about to write, is taken for ours.
    """
    ids = {entry.block_id for entry in known or ()}
    contents = set(_contents((*(known or ()), *wanted)))
    return tuple(
        entry
        for block in listing
        if (entry := _entry(block)) is not None
        and (
            entry.block_id in ids
            or (block.created_by == author.user_id and not author.is_person)
            or (
                block.created_by in {author.user_id, author.owner_id}
                and (entry.kind, entry.fingerprint) in contents
            )
        )
    )


def _contents(outline: Outline) -> Iterator[tuple[str, str]]:
    for entry in outline:
        yield entry.kind, entry.fingerprint
        yield from _contents(entry.children or ())


def _entry(listed_block: ListedBlock) -> OwnedBlock | None:
    block = listed_block.block
    if block is None:
        return None
    below = None if listed_block.has_children else ()
    return OwnedBlock(listed_block.block_id, kind(block), fingerprint(block), below)
