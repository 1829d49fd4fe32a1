"""Lose nothing of what a person did to a block between our last look at it and its deletion."""

from collections.abc import Callable
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
from sync.planning.outline import Edit, OwnedBlock

KeepWords: TypeAlias = Callable[[str], None]
"""Puts a person's words where they last; the block is gone, so no comment can stand beside it."""


async def heeded(
    applier: Applier, entry: OwnedBlock, deleted: ListedBlock, *, keep: KeepWords, sending: Sending
) -> OwnedBlock | None:
    """Keep what a person did to a block in the moment before it was deleted.

    Args:
        applier: The requests for its page.
        entry: The block as we knew it.
        deleted: The same at the last moment, as the answer to the deletion tells it.
        keep: For her words.
        sending: Called when the block is about to be brought back, which may be carried out late.

    Returns:
        The block where it is back, as she has put something on or below it; None: it is gone.
    """
    edit = _late_edit(deleted, entry, await applier.gateway.me(lane=applier.lane))
    if _holds(deleted, entry) and await _is_back(applier, deleted.block_id, sending):
        return replace(entry, holds=True, edit=edit or entry.edit)
    _keep_words(edit, keep)
    return None


async def made_up_for(applier: Applier, entry: OwnedBlock, *, keep: KeepWords, sending: Sending) -> None:
    """Keep what a person did to a block whose deletion was cut short, be it carried out or not.

    All of the page is read afterwards; what cannot be told of a block in the trash is then seen on it.

    Args:
        applier: The requests for its page.
        entry: The block as we knew it before.
        keep: For her words.
        sending: As for `heeded`.
    """
    there = None if entry.block_id is None else await _looked_up(applier, entry.block_id, sending)
    if there is None:
        return
    author = await applier.gateway.me(lane=applier.lane)
    if there.in_trash or there.last_edited_by == author.user_id:  # else whoever reads the page sees her hand
        _keep_words(_late_edit(there, entry, author), keep)
    if there.in_trash and (
        entry.children or _holds(there, entry) or await applier.has_comments(there.block_id)
    ):
        await _is_back(applier, there.block_id, sending)


async def _looked_up(applier: Applier, block_id: BlockId, sending: Sending) -> ListedBlock | None:
    """Return a block; one that Notion does not show is taken out of the trash for that, if it is there."""
    try:
        return await applier.gateway.retrieve_block(block_id, lane=applier.lane)
    except PageGone:
        if not await _is_back(applier, block_id, sending):
            return None
    with suppress(PageGone):
        return await applier.gateway.retrieve_block(block_id, lane=applier.lane)
    return None


async def _is_back(applier: Applier, block_id: BlockId, sending: Sending) -> bool:
    """Take a block out of the trash; one that Notion does not let out has gone with what is on it."""
    try:
        await applier.gateway.bring_block_back(block_id, lane=applier.lane, sending=sending)
    except (PageGone, Rejected):
        return False
    return True


def _keep_words(edit: Edit | None, keep: KeepWords) -> None:
    if edit is not None and edit.words and edit.words.strip():
        keep(edit.words)


def _late_edit(listed: ListedBlock, entry: OwnedBlock, author: Author) -> Edit | None:
    """Return what a person made of a block since we read it, also where she made another type of it."""
    there = recognise((listed,), (entry,), wanted=(), author=author, keep_edits=False)
    edit = there.ours[0].edit if there.ours else Edit(listed.words, sure=False)
    is_known = edit is not None and entry.edit is not None and edit.words == entry.edit.words
    return None if is_known else edit


def _holds(listed: ListedBlock, entry: OwnedBlock) -> bool:
    """Tell whether something hangs on a block or below it where nothing did when we read it."""
    has_caption = isinstance(listed.block, Code) and listed.has_caption
    return (listed.has_children and entry.children == ()) or has_caption
