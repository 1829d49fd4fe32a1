"""Delete a block, and lose nothing of what a person put there between our last look and its end."""

from collections.abc import Callable
from dataclasses import replace

from sync.convergence.apply import Applier
from sync.convergence.ownership import recognise
from sync.errors import PageGone, Rejected
from sync.names import BlockId
from sync.notion.gateway import Sending
from sync.notion.model import Author, ListedBlock
from sync.page.blocks import Code
from sync.planning.actions import DeleteBlock
from sync.planning.outline import Edit, OwnedBlock, find, replaced
from sync.planning.page_state import Synced
from sync.planning.progress import landed


async def delete(
    applier: Applier, action: DeleteBlock, state: Synced, sending: Sending, *, save: Callable[[str], None]
) -> Synced:
    """Delete a block; Notion's answer tells what it said and held at the last moment.

    Args:
        applier: The requests for this page.
        action: What is to be deleted.
        state: What is known of the page.
        sending: Called when the request leaves.
        save: Puts a person's words where they last; the block is gone, so no comment can stand beside it.

    Returns:
        What is known then. Where she has put something on or below the block, it is back, and stays.
    """
    gateway, lane = applier.gateway, applier.lane
    listed = await gateway.delete_block(action.block_id, lane=lane, sending=sending)
    entry = find(state.outline or (), action.block_id)
    if listed is None or entry is None:
        return landed(state, action, draft=applier.draft)
    edit = _late_edit(listed, entry, await gateway.me(lane=lane))
    if _holds(listed, entry) and await _is_back(applier, action.block_id):
        back = replace(entry, holds=True, edit=edit or entry.edit)
        return replace(state, outline=replaced(state.outline or (), action.block_id, (back,)))
    if edit is not None and edit.words and edit.words.strip():
        save(edit.words)
    return landed(state, action, draft=applier.draft)


async def _is_back(applier: Applier, block_id: BlockId) -> bool:
    """Take a block out of the trash; one that Notion does not let out has gone with what is on it."""
    try:
        await applier.gateway.bring_block_back(block_id, lane=applier.lane)
    except (PageGone, Rejected):
        return False
    return True


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
