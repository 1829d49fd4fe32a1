"""Delete a block of ours without losing what a person did to it: look before, and rescue what came late."""

from collections.abc import Callable, Iterator, MutableSet
from contextlib import suppress
from dataclasses import replace
from typing import TypeAlias

from sync.convergence.apply import Applier
from sync.convergence.ownership import recognise
from sync.errors import PageGone, Rejected
from sync.names import BlockId
from sync.notion.gateway import Sending
from sync.notion.model import Author, ListedBlock
from sync.page.blocks import Code
from sync.planning.actions import DeleteBlock
from sync.planning.outline import Edit, Outline, OwnedBlock, find_block, ids_of, replaced
from sync.planning.page_state import Synced
from sync.planning.progress import held

KeepWords: TypeAlias = Callable[[str], None]
"""Saves a person's words away from the page: the block is gone, so no comment can stand beside it."""


async def find_comments(
    applier: Applier, action: DeleteBlock, state: Synced, *, without: MutableSet[BlockId]
) -> Synced | None:
    """Look for comments on a block that is to be deleted, and on all below it.

    Args:
        applier: The requests for this page.
        action: What is to be deleted.
        state: What is known of the page.
        without: The blocks that are known to have no comments; those found to have none are added.

    Returns:
        The state in which the block with comments is never deleted; None when there are none.
    """
    entry = find_block(state.outline or (), action.block_id)
    for block_id in ids_of(() if entry is None else (entry,)):
        if block_id in without:
            continue
        if await applier.has_comments(block_id):
            return held(state, block_id)
        without.add(block_id)
    return None


async def find_changes_below(applier: Applier, action: DeleteBlock, state: Synced) -> Synced | None:
    """Look for what a person has done below a block since we read it: deleting takes it along.

    Returns:
        The state in which the changed level must be read again; None when nothing has changed.
    """
    entry = find_block(state.outline or (), action.block_id)
    for above in _with_blocks_below(() if entry is None else (entry,)):
        if above.block_id is None:
            continue
        below = above.children or ()
        listing, _ = await applier.gateway.list_children(above.block_id, lane=applier.lane)
        author = await applier.gateway.me(lane=applier.lane)
        there = recognise(listing, below, wanted=(), author=author, keep_edits=False)
        known = {child.block_id: child.edit for child in below}
        edits = (child.edit not in {None, known.get(child.block_id)} for child in there.ours)
        # A guest may be a block of ours that she has turned into another type: hers from now on.
        if there.guests or any(edits):
            unread = (replace(above, children=None),)
            return replace(state, outline=replaced(state.outline or (), above.block_id, unread))
    return None


def _with_blocks_below(outline: Outline) -> Iterator[OwnedBlock]:
    for entry in outline:
        if entry.children:
            yield entry
            yield from _with_blocks_below(entry.children)


async def rescue_late_changes(
    applier: Applier, entry: OwnedBlock, deleted: ListedBlock, *, keep: KeepWords, sending: Sending
) -> OwnedBlock | None:
    """Keep what a person did to a block between our last look at it and its deletion.

    Args:
        applier: The requests for this page.
        entry: The block as we knew it.
        deleted: The block at the last moment, as the answer to the deletion tells it.
        keep: Saves her words.
        sending: Called when the block is about to be brought back, which may be carried out late.

    Returns:
        The block when it was brought back, because she has put something on or below it; None: it is gone.
    """
    edit = _late_edit(deleted, entry, await applier.gateway.me(lane=applier.lane))
    if _holds_more(deleted, entry) and await _bring_back(applier, deleted.block_id, sending):
        return replace(entry, holds=True, edit=edit or entry.edit)
    _keep_words(edit, keep)
    return None


async def rescue_after_lost_deletion(
    applier: Applier, entry: OwnedBlock, *, keep: KeepWords, sending: Sending
) -> None:
    """Keep what a person did to a block whose deletion was cut short, whether or not it was carried out.

    The whole page is read afterwards; what a block in the trash does not reveal is seen then.

    Args:
        applier: The requests for this page.
        entry: The block as we knew it before the deletion.
        keep: Saves her words.
        sending: Called when the block is about to be brought back, which may be carried out late.
    """
    there = None if entry.block_id is None else await _retrieved(applier, entry.block_id, sending)
    if there is None:
        return
    author = await applier.gateway.me(lane=applier.lane)
    if there.in_trash or there.last_edited_by == author.user_id:  # else whoever reads the page sees her hand
        _keep_words(_late_edit(there, entry, author), keep)
    if there.in_trash and (
        entry.children or _holds_more(there, entry) or await applier.has_comments(there.block_id)
    ):
        await _bring_back(applier, there.block_id, sending)


async def _retrieved(applier: Applier, block_id: BlockId, sending: Sending) -> ListedBlock | None:
    """Return a block; one that Notion does not show is first taken out of the trash, if it is there."""
    try:
        return await applier.gateway.retrieve_block(block_id, lane=applier.lane)
    except PageGone:
        if not await _bring_back(applier, block_id, sending):
            return None
    with suppress(PageGone):
        return await applier.gateway.retrieve_block(block_id, lane=applier.lane)
    return None


async def _bring_back(applier: Applier, block_id: BlockId, sending: Sending) -> bool:
    """Take a block out of the trash; tell whether Notion let it out."""
    try:
        await applier.gateway.bring_block_back(block_id, lane=applier.lane, sending=sending)
    except (PageGone, Rejected):
        return False
    return True


def _keep_words(edit: Edit | None, keep: KeepWords) -> None:
    if edit is not None and edit.words and edit.words.strip():
        keep(edit.words)


def _late_edit(listed: ListedBlock, entry: OwnedBlock, author: Author) -> Edit | None:
    """Return what a person made of a block since we read it, even when she made another type of it."""
    there = recognise((listed,), (entry,), wanted=(), author=author, keep_edits=False)
    edit = there.ours[0].edit if there.ours else Edit(listed.words, sure=False)
    is_known = edit is not None and entry.edit is not None and edit.words == entry.edit.words
    return None if is_known else edit


def _holds_more(listed: ListedBlock, entry: OwnedBlock) -> bool:
    """Tell whether something is on a block, or below it, where nothing was when we read it."""
    has_caption = isinstance(listed.block, Code) and listed.has_caption
    return (listed.has_children and entry.children == ()) or has_caption
