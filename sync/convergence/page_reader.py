"""Read a page back: what is unknown, and what is about to be overwritten, as a person may have been there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from sync.convergence.apply import Applier
from sync.convergence.inspection import hung, joined
from sync.convergence.visits import Sight, is_long_ago
from sync.names import BlockId
from sync.page.limits import MAX_ITEMS
from sync.planning.actions import Action, DeleteBlock, ListBlocks, UpdateBlock
from sync.planning.outline import Outline
from sync.planning.page_state import Synced
from sync.planning.progress import Overwritten, level, overwritten


@dataclass(frozen=True, slots=True)
class LateFinding:
    """What a person was found to have done to a block right before our write.

    Attributes:
        state: What is known then.
        once: No plan meets it again.
    """

    state: Synced
    once: bool


class PageReader:
    """What was read of one page in the course of one job.

    Args:
        keep_edits: What a person made of our blocks stays, unless the log itself changes there.
        now: Tells the time.
    """

    def __init__(self, *, keep_edits: bool, now: Callable[[], datetime]) -> None:
        self._keep_edits = keep_edits
        self._now = now
        self._levels: dict[BlockId | None, datetime] = {}
        self._blocks: dict[BlockId, datetime] = {}
        self._quiet: set[BlockId] = set()
        self.requests = 0
        """How many it took to list what was listed."""

    async def list(self, applier: Applier, action: ListBlocks, state: Synced, sight: Sight) -> Synced:
        """Read one level of the page, or as much of it as is unknown."""
        answer = await applier.read(action, state, sight.believed, keep_edits=self._keep_edits)
        self.requests += max(1, -(-len(answer.blocks) // MAX_ITEMS))
        if answer.whole:
            self._levels[action.parent] = self._now()
        self._blocks.update(dict.fromkeys(answer.blocks, self._now()))
        return answer.state

    async def read_overwritten(
        self, applier: Applier, actions: Sequence[Action], state: Synced, sight: Sight
    ) -> Synced | None:
        """Read what is about to be overwritten, where that was not done yet.

        Returns:
            What is known then; None when there was nothing to read.
        """
        anything = False
        # To delete a block takes two requests already, and only a race could put words there now.
        changes = [each for each in actions if not (sight.is_alone and isinstance(each, DeleteBlock))]
        for due in overwritten(changes, state.outline or ()):
            blocks = [block_id for block_id in due.blocks if block_id not in self._blocks]
            if due.parent in self._levels or not (blocks or due.whole):
                continue
            anything = True
            state = await self._reread(applier, due, blocks, state, sight.believed)
        return state if anything else None

    async def last_look(
        self, applier: Applier, action: UpdateBlock | DeleteBlock, state: Synced, sight: Sight
    ) -> LateFinding | None:
        """Look for what a person has put into a block, below it or beside it, right before it is written to.

        Returns:
            What was found when she has; else None.
        """
        match action:
            case UpdateBlock():
                seen = await self._reread_if_old(applier, action, state, sight)
                return None if seen is None else LateFinding(seen, once=False)
            case DeleteBlock():
                hanging = await hung(applier, action, state, quiet=self._quiet)
                if hanging is not None:
                    return LateFinding(hanging, once=True)
                below = await joined(applier, action, state)
                return None if below is None else LateFinding(below, once=False)
            case _:
                assert_never(action)

    async def _reread_if_old(
        self, applier: Applier, action: UpdateBlock, state: Synced, sight: Sight
    ) -> Synced | None:
        """Read a block once more where it was read long ago: once written over, its words are nowhere."""
        due = next(overwritten((action,), state.outline or ()), None)
        if due is None:
            return None
        times = (sight.sure_at, self._blocks.get(action.block_id), self._levels.get(due.parent))
        read_at = max((time for time in times if time is not None), default=None)
        if not is_long_ago(read_at, now=self._now()):
            return None
        seen = await self._reread(applier, due, due.blocks, state, sight.believed)
        before, after = (level(each.outline, ListBlocks(due.parent)) for each in (state, seen))
        return None if before is not None and _says(before) == _says(after or ()) else seen

    async def _reread(
        self,
        applier: Applier,
        due: Overwritten,
        blocks: Sequence[BlockId],
        state: Synced,
        believed: Outline | None,
    ) -> Synced:
        """Read single blocks where that takes fewer requests than the level that they stand in."""
        if not due.whole and len(blocks) < 1 + due.size // MAX_ITEMS:
            for block_id in blocks:
                state = await applier.read_block(block_id, state, keep_edits=self._keep_edits)
                self._blocks[block_id] = self._now()
            return state
        answer = await applier.read(
            ListBlocks(due.parent), state, believed, keep_edits=self._keep_edits, whole=True
        )
        self._levels[due.parent] = self._now()
        return answer.state


def _says(outline: Outline) -> Sequence[object]:
    """Return what a level says; what hangs on its blocks is asked for elsewhere."""
    return [(entry.block_id, entry.kind, entry.fingerprint, entry.edit) for entry in outline]
