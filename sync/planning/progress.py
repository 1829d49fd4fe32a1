"""What is known of a page after one more request, and what the next requests would overwrite."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import assert_never

from sync.names import BlockId, PageId
from sync.page.draft import PageDraft, properties_fingerprint, unvouched
from sync.page.fingerprint import fingerprint
from sync.planning.actions import (
    Action,
    After,
    AppendBlocks,
    CreatePage,
    DeleteBlock,
    End,
    ListBlocks,
    Position,
    Start,
    UpdateBlock,
    UpdateProperties,
)
from sync.planning.outline import Outline, OwnedBlock, find_block, listed, outline_of, owned, replaced
from sync.planning.page_state import Synced

Change = AppendBlocks | UpdateBlock | DeleteBlock | UpdateProperties


def created(draft: PageDraft, action: CreatePage, page_id: PageId) -> Synced:
    """Return what is known of a page that was just created."""
    written = draft if action.hashed else unvouched(draft)
    return Synced(page_id, properties_fingerprint(written), outline_of(action.blocks))


def landed(state: Synced, action: Change, *, draft: PageDraft, ids: Sequence[BlockId] = ()) -> Synced:
    """Return what is known after a write.

    Args:
        state: What was known before.
        action: The write that was carried out.
        draft: The draft that the write comes from.
        ids: The blocks that an append made, in order; without them the level must be read again.
    """
    outline = state.outline
    match action:
        case UpdateProperties():
            return replace(state, properties=properties_fingerprint(draft))
        case _ if outline is None:
            return state  # what is unknown stays so until it is listed
        case AppendBlocks():
            return replace(state, outline=_appended(outline, action, ids))
        case UpdateBlock(block_id=block_id, block=block):
            entry = find_block(outline, block_id)
            changed = () if entry is None else (replace(entry, fingerprint=fingerprint(block), edit=None),)
            return replace(state, outline=replaced(outline, block_id, changed))
        case DeleteBlock(block_id=block_id):
            return replace(state, outline=replaced(outline, block_id, ()))
        case _:
            assert_never(action)


def level(outline: Outline | None, action: ListBlocks) -> Outline | None:
    """Return what is known of the level that a listing is about to answer for."""
    if action.parent is None:
        return outline
    parent = find_block(outline or (), action.parent)
    return None if parent is None else parent.children


def level_read(
    state: Synced, action: ListBlocks, listing: Sequence[OwnedBlock], *, guests: bool = False
) -> Synced:
    """Return what is known after one level was listed; the listing is the truth.

    Args:
        state: What was known before.
        action: Which level was listed.
        listing: Our blocks there, in the order of the page.
        guests: Other people's blocks are there as well.
    """
    entries = listed(level(state.outline, action), listing)
    outline = _with_level(state.outline, action.parent, entries)
    if action.parent is not None:
        outline = _marked(outline, action.parent, holds=guests)
    return replace(state, outline=outline)


@dataclass(frozen=True, slots=True)
class Overwritten:
    """A level in which actions change or delete something.

    Attributes:
        parent: The block above the level; None: the page.
        blocks: Those that are changed or deleted.
        size: How many blocks of ours the level has.
        whole: All of the level goes, with the block above it.
    """

    parent: BlockId | None
    blocks: tuple[BlockId, ...]
    size: int
    whole: bool = False


def overwritten(actions: Iterable[Action], outline: Outline) -> Iterator[Overwritten]:
    """Yield the levels in which the actions change or delete something."""
    targets = {action.block_id for action in actions if isinstance(action, UpdateBlock | DeleteBlock)}
    doomed = {action.block_id for action in actions if isinstance(action, DeleteBlock)}
    yield from _overwritten(None, outline, targets, doomed)


def _overwritten(
    parent: BlockId | None, entries: Outline, targets: AbstractSet[BlockId], doomed: AbstractSet[BlockId]
) -> Iterator[Overwritten]:
    hit = tuple(entry.block_id for entry in entries if entry.block_id in targets and entry.block_id)
    if hit:
        yield Overwritten(parent, hit, len(entries))
    for entry in entries:
        below = entry.children or ()
        if entry.block_id is None:
            continue
        if entry.block_id in doomed:
            yield from _levels(entry)
        else:
            yield from _overwritten(entry.block_id, below, targets, doomed)


def _levels(entry: OwnedBlock) -> Iterator[Overwritten]:
    if entry.block_id is not None and entry.children:
        yield Overwritten(entry.block_id, (), len(entry.children), whole=True)
        for child in entry.children:
            yield from _levels(child)


def held(state: Synced, block_id: BlockId) -> Synced:
    """Return what is known once something of other people's was found to hang on a block."""
    return replace(state, outline=_marked(state.outline, block_id, holds=True))


def _appended(outline: Outline, action: AppendBlocks, ids: Sequence[BlockId]) -> Outline | None:
    parent = None if action.parent is None else find_block(outline, action.parent)
    known = outline if parent is None else parent.children
    if known is None or len(ids) != len(action.blocks):
        return _with_level(outline, action.parent, None)
    new = tuple(map(owned, action.blocks, ids))
    return _with_level(outline, action.parent, _inserted(known, action.position, new))


def _with_level(outline: Outline | None, parent: BlockId | None, entries: Outline | None) -> Outline | None:
    if parent is None:
        return entries
    entry = find_block(outline or (), parent)
    return outline if entry is None else replaced(outline or (), parent, (replace(entry, children=entries),))


def _marked(outline: Outline | None, block_id: BlockId, *, holds: bool) -> Outline | None:
    entry = find_block(outline or (), block_id)
    return outline if entry is None else replaced(outline or (), block_id, (replace(entry, holds=holds),))


def _inserted(known: Outline, position: Position, new: Outline) -> Outline:
    match position:
        case Start():
            return (*new, *known)
        case End():
            return (*known, *new)
        case After(block_id=block_id):
            at = 1 + next(index for index, entry in enumerate(known) if entry.block_id == block_id)
            return (*known[:at], *new, *known[at:])
        case _:
            assert_never(position)
