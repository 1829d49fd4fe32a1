"""What is known of a page after one more request was answered."""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from sync.names import BlockId, PageId
from sync.outline import Outline, OwnedBlock, find, listed, outline_of, owned, replaced
from sync.page.draft import PageDraft, properties_fingerprint, unvouched
from sync.page.fingerprint import fingerprint
from sync.plan import (
    After,
    AppendBlocks,
    CreatePage,
    DeleteBlock,
    End,
    ListBlocks,
    Position,
    Start,
    Synced,
    UpdateBlock,
    UpdateProperties,
)

Change = AppendBlocks | UpdateBlock | DeleteBlock | UpdateProperties


def created(draft: PageDraft, action: CreatePage, page_id: PageId) -> Synced:
    """Return what is known of a page that was just made."""
    written = draft if action.whole else unvouched(draft)
    return Synced(page_id, properties_fingerprint(written), outline_of(action.blocks))


def landed(state: Synced, action: Change, *, draft: PageDraft, ids: Sequence[BlockId] = ()) -> Synced:
    """Return what is known after a write.

    Args:
        state: What was known before.
        action: The write that was carried out.
        draft: Where it comes from.
        ids: The blocks that an append made, in order; without them the level must be read again.
    """
    outline = state.outline or ()
    match action:
        case AppendBlocks():
            return replace(state, outline=_appended(outline, action, ids))
        case UpdateBlock(block_id=block_id, block=block):
            entry = find(outline, block_id)
            changed = () if entry is None else (replace(entry, fingerprint=fingerprint(block)),)
            return replace(state, outline=replaced(outline, block_id, changed))
        case DeleteBlock(block_id=block_id):
            return replace(state, outline=replaced(outline, block_id, ()))
        case UpdateProperties():
            return replace(state, properties=properties_fingerprint(draft))
        case _:
            assert_never(action)


def level(state: Synced, action: ListBlocks) -> Outline | None:
    """Return what is known of the level that a listing is about to answer for."""
    if action.parent is None:
        return state.outline
    parent = find(state.outline or (), action.parent)
    return None if parent is None else parent.children


def read(state: Synced, action: ListBlocks, listing: Sequence[OwnedBlock]) -> Synced:
    """Return what is known after one level was listed; the listing is the truth."""
    return replace(
        state, outline=_with_level(state.outline, action.parent, listed(level(state, action), listing))
    )


def _appended(outline: Outline, action: AppendBlocks, ids: Sequence[BlockId]) -> Outline | None:
    parent = None if action.parent is None else find(outline, action.parent)
    known = outline if parent is None else parent.children or ()
    if len(ids) != len(action.blocks):
        return _with_level(outline, action.parent, None)
    new = tuple(map(owned, action.blocks, ids))
    return _with_level(outline, action.parent, _inserted(known, action.position, new))


def _with_level(outline: Outline | None, parent: BlockId | None, entries: Outline | None) -> Outline | None:
    if parent is None:
        return entries
    entry = find(outline or (), parent)
    return outline if entry is None else replaced(outline or (), parent, (replace(entry, children=entries),))


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
