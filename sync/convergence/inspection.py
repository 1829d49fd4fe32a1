"""Read a page back: whether something hangs on what is to go, and whether all of it is as it should be."""

from collections.abc import Iterator, MutableSet
from dataclasses import replace

from sync.convergence.apply import Applier
from sync.convergence.ownership import recognise
from sync.names import BlockId
from sync.page.draft import properties_fingerprint
from sync.planning.actions import DeleteBlock, ListBlocks
from sync.planning.outline import Outline, OwnedBlock, find, ids_of, replaced
from sync.planning.page_state import Synced
from sync.planning.plan import plan
from sync.planning.progress import held


async def hung(
    applier: Applier, action: DeleteBlock, state: Synced, *, quiet: MutableSet[BlockId]
) -> Synced | None:
    """Return what is known once comments were found on a block to delete, or below it; else None.

    Args:
        applier: The requests for this page.
        action: What is to be deleted.
        state: What is known of the page.
        quiet: The blocks that were found to have none; added to.
    """
    entry = find(state.outline or (), action.block_id)
    for block_id in ids_of(() if entry is None else (entry,)):
        if block_id in quiet:
            continue
        if await applier.has_comments(block_id):
            return held(state, block_id)
        quiet.add(block_id)
    return None


async def joined(applier: Applier, action: DeleteBlock, state: Synced) -> Synced | None:
    """Return what is known once a person has been below a block to delete since it was read; else None.

    It was read before, perhaps many requests ago; a deletion takes along what came since.
    """
    entry = find(state.outline or (), action.block_id)
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


async def differs(applier: Applier, page: Synced) -> bool:
    """Tell whether a page shows anything of ours otherwise than its draft has it, at whatever depth."""
    examined = await applier.gateway.examine(page.page_id, applier.draft, lane=applier.lane)
    if examined.strays:
        return True
    state = Synced(page.page_id, properties_fingerprint(applier.draft), None)
    believed: Outline | None = page.outline
    quiet: set[BlockId] = set()
    while actions := plan(applier.draft, state):
        reads = [action for action in actions if isinstance(action, ListBlocks)]
        for action in reads:
            answer = await applier.read(action, state, believed, keep_edits=False, whole=True)
            state = answer.state
        if reads:
            continue
        first = actions[0]
        holding = await hung(applier, first, state, quiet=quiet) if isinstance(first, DeleteBlock) else None
        if holding is None:
            return True
        state = holding
    return False
