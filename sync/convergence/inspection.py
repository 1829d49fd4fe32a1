"""Read a page back: whether something hangs on what is to go, and whether all of it is as it should be."""

from collections.abc import MutableSet

from sync.convergence.apply import Applier
from sync.names import BlockId
from sync.page.draft import properties_fingerprint
from sync.planning.actions import DeleteBlock, ListBlocks
from sync.planning.outline import Outline, find, ids_of
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
