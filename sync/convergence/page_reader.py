"""Read a page back: what is unknown, and what is about to be overwritten, as a person may have been there."""

from collections.abc import Sequence

from sync.convergence.apply import Applier
from sync.convergence.looking import Looked
from sync.names import BlockId
from sync.page.limits import MAX_ITEMS
from sync.planning.actions import Action, DeleteBlock, ListBlocks
from sync.planning.outline import Outline
from sync.planning.page_state import Synced
from sync.planning.progress import Overwritten, overwritten


class PageReader:
    """What was read of one page in the course of one job.

    Args:
        keep_edits: What a person made of our blocks stays, unless the log itself changes there.
    """

    def __init__(self, *, keep_edits: bool) -> None:
        self._keep_edits = keep_edits
        self._levels: set[BlockId | None] = set()
        self._blocks: set[BlockId] = set()
        self.looked: Looked | None = None
        """What a look at the page as a whole has shown; None: no other was there."""
        self.is_alone = False
        """Nobody else has been at the page since our last write."""
        self.requests = 0
        """How many it took to list what was listed."""

    @property
    def _believed(self) -> Outline | None:
        return self.looked.believed if self.looked else None

    async def list(self, applier: Applier, action: ListBlocks, state: Synced) -> Synced:
        """Read one level of the page, or as much of it as is unknown."""
        answer = await applier.read(action, state, self._believed, keep_edits=self._keep_edits)
        self.requests += max(1, -(-len(answer.blocks) // MAX_ITEMS))
        if answer.whole:
            self._levels.add(action.parent)
        self._blocks.update(answer.blocks)
        return answer.state

    async def before(self, applier: Applier, actions: Sequence[Action], state: Synced) -> Synced | None:
        """Read what is about to be overwritten, where that was not done yet.

        Returns:
            What is known then; None when there was nothing to read.
        """
        anything = False
        # To delete a block takes two requests already, and only a race could put words there now.
        changes = [each for each in actions if not (self.is_alone and isinstance(each, DeleteBlock))]
        for due in overwritten(changes, state.outline or ()):
            blocks = [block_id for block_id in due.blocks if block_id not in self._blocks]
            if due.parent in self._levels or not (blocks or due.whole):
                continue
            anything = True
            state = await self._reread(applier, due, blocks, state)
        return state if anything else None

    async def _reread(
        self, applier: Applier, due: Overwritten, blocks: Sequence[BlockId], state: Synced
    ) -> Synced:
        """Read single blocks where that takes fewer requests than the level that they stand in."""
        if not due.whole and len(blocks) < 1 + due.size // MAX_ITEMS:
            for block_id in blocks:
                state = await applier.read_block(block_id, state, keep_edits=self._keep_edits)
                self._blocks.add(block_id)
            return state
        self._levels.add(due.parent)
        answer = await applier.read(
            ListBlocks(due.parent), state, self._believed, keep_edits=self._keep_edits, whole=True
        )
        return answer.state

    def believe(self, state: Synced) -> None:
        """Take what is known for what was last left on the page, before all of it is read again."""
        if self.looked is not None and state.outline is not None:
            self.looked = self.looked.believing(state.outline)
