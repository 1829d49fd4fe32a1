"""Read a page back: what is unknown, and what is about to be overwritten, as a person may have been there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import assert_never

from sync.convergence.apply import Applier
from sync.convergence.deleting import find_changes_below, find_comments
from sync.convergence.visits import Sight, is_long_ago
from sync.names import BlockId
from sync.page.draft import properties_fingerprint
from sync.page.limits import MAX_ITEMS
from sync.planning.actions import Action, DeleteBlock, ListBlocks, UpdateBlock
from sync.planning.outline import Outline
from sync.planning.page_state import Synced
from sync.planning.plan import plan
from sync.planning.progress import Overwritten, level, overwritten

_SOON = 8
"""Changes of blocks that are made before what is read of them now is old, where each takes half a second."""


@dataclass(frozen=True, slots=True)
class LateFinding:
    """What a person was found to have done to a block directly before our write.

    Attributes:
        state: What is known of the page now.
        once: The state remembers it, so that no later plan comes across it again.
    """

    state: Synced
    once: bool


class PageReader:
    """Remembers what was read of one page in the course of one job, and when.

    Args:
        now: Tells the time.

    Attributes:
        requests: How many it took to list what was listed.
    """

    def __init__(self, *, now: Callable[[], datetime]) -> None:
        self._now = now
        self._levels: dict[BlockId | None, datetime] = {}
        self._blocks: dict[BlockId, datetime] = {}
        self._without_comments: set[BlockId] = set()
        self.requests = 0

    async def list(self, applier: Applier, action: ListBlocks, state: Synced, sight: Sight) -> Synced:
        """Read one level of the page, or as much of it as is unknown."""
        answer = await applier.read(action, state, sight.believed, maker=sight.maker)
        self.requests += max(1, -(-len(answer.blocks) // MAX_ITEMS))
        if answer.whole:
            self._levels[action.parent] = self._now()
        self._blocks.update(dict.fromkeys(answer.blocks, self._now()))
        return answer.state

    async def read_overwritten(
        self, applier: Applier, actions: Sequence[Action], state: Synced, sight: Sight
    ) -> Synced | None:
        """Read what the actions are about to overwrite, unless it was read before.

        Returns:
            What is known afterwards; None when there was nothing to read.
        """
        anything = False
        # A deletion takes two requests as it is, and only a race could put words there now.
        changes = [each for each in actions if not (sight.is_alone and isinstance(each, DeleteBlock))]
        for due in overwritten(changes, state.outline or ()):
            blocks = [block_id for block_id in due.blocks if block_id not in self._blocks]
            if due.parent in self._levels or not (blocks or due.whole):
                continue
            anything = True
            state = await self._reread(applier, due, blocks, state, sight)
        return state if anything else None

    async def last_look(
        self,
        applier: Applier,
        action: UpdateBlock | DeleteBlock,
        left: Sequence[Action],
        state: Synced,
        sight: Sight,
    ) -> LateFinding | None:
        """Look directly before a write for what a person has put into the block, on it or below it.

        Args:
            applier: The requests for this page.
            action: The write.
            left: What is left of the plan, from this write on.
            state: What is known of the page.
            sight: What is known of other people there.
        """
        match action:
            case UpdateBlock():
                seen = await self._reread_if_old(applier, action, left, state, sight)
                return None if seen is None else LateFinding(seen, once=False)
            case DeleteBlock():
                commented = await find_comments(applier, action, state, without=self._without_comments)
                if commented is not None:
                    return LateFinding(commented, once=True)
                changed = await find_changes_below(applier, action, state)
                return None if changed is None else LateFinding(changed, once=False)
            case _:
                assert_never(action)

    async def _reread_if_old(
        self, applier: Applier, action: UpdateBlock, left: Sequence[Action], state: Synced, sight: Sight
    ) -> Synced | None:
        """Read a block again if it was read long ago: once it is overwritten, its words are nowhere."""
        # Those that are overwritten directly afterwards may be read with it: together they take less.
        soon = tuple(islice((each for each in left if isinstance(each, UpdateBlock)), _SOON))
        levels = overwritten(soon, state.outline or ())
        due = next((each for each in levels if action.block_id in each.blocks), None)
        if due is None:
            return None
        times = (sight.sure_at, self._blocks.get(action.block_id), self._levels.get(due.parent))
        read_at = max((time for time in times if time is not None), default=None)
        if not is_long_ago(read_at, now=self._now()):
            return None
        blocks = due.blocks if _listing_pays(due, due.blocks) else (action.block_id,)
        seen = await self._reread(applier, due, blocks, state, sight)
        before, after = (level(each.outline, ListBlocks(due.parent)) for each in (state, seen))
        return None if before is not None and _says(before) == _says(after or ()) else seen

    async def _reread(
        self,
        applier: Applier,
        due: Overwritten,
        blocks: Sequence[BlockId],
        state: Synced,
        sight: Sight,
    ) -> Synced:
        """Read single blocks where that takes fewer requests than reading their whole level."""
        if not (due.whole or _listing_pays(due, blocks)):
            for block_id in blocks:
                state = await applier.read_block(block_id, state)
                self._blocks[block_id] = self._now()
            return state
        answer = await applier.read(
            ListBlocks(due.parent), state, sight.believed, maker=sight.maker, whole=True
        )
        self._levels[due.parent] = self._now()
        return answer.state


async def differs(applier: Applier, page: Synced) -> bool:
    """Read a whole page back, and tell whether anything of ours is not as the draft has it."""
    examined = await applier.gateway.examine(page.page_id, applier.draft, lane=applier.lane)
    if examined.strays:
        return True
    state = Synced(page.page_id, properties_fingerprint(applier.draft), None)
    without_comments: set[BlockId] = set()
    while actions := plan(applier.draft, state):
        reads = [action for action in actions if isinstance(action, ListBlocks)]
        for action in reads:
            maker = examined.row.created_by or None
            state = (await applier.read(action, state, page.outline, maker=maker, whole=True)).state
        if reads:
            continue
        # A block that the log no longer has may stay for the comments on it.
        first = actions[0]
        if not isinstance(first, DeleteBlock):
            return True
        commented = await find_comments(applier, first, state, without=without_comments)
        if commented is None:
            return True
        state = commented
    return False


def _listing_pays(among: Overwritten, blocks: Sequence[BlockId]) -> bool:
    """Tell whether listing their whole level takes no more requests than reading the blocks one by one."""
    return len(blocks) >= 1 + among.size // MAX_ITEMS


def _says(outline: Outline) -> Sequence[object]:
    """Return what a level says; what hangs on its blocks is asked for elsewhere."""
    return [(entry.block_id, entry.kind, entry.fingerprint, entry.edit) for entry in outline]
