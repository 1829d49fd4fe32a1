"""Make sure of who was at a page last, before a write of ours hides it, and save what a person left there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sync.convergence.apply import Applier
from sync.convergence.keeping import Keeper
from sync.convergence.looking import look, look_again, overwrites, takes_over
from sync.convergence.page_reader import PageReader
from sync.convergence.visits import (
    bears_what_we_left,
    edited_by_others,
    is_dear,
    is_long_ago,
    may_have_missed,
)
from sync.convergence.writing import Writer
from sync.planning.actions import Plan, Write
from sync.planning.page_state import PageState, Synced, page_id_of
from sync.state.records import Standing


class Lookout:
    """What one job knows of others at the page.

    Attributes:
        sure_at: When it was sure that nobody else had been there; None: it never was.
    """

    def __init__(
        self,
        *,
        writer: Writer,
        reader: PageReader,
        keeper: Keeper,
        keep_edits: bool,
        now: Callable[[], datetime],
    ) -> None:
        record = writer.record
        unseen = record.content_hash is None and record.looked_at is None
        self._writer = writer
        self._reader = reader
        self._keeper = keeper
        self._keep_edits = keep_edits
        self._now = now
        self._is_doubted = page_id_of(record.page) is not None and (unseen or record.doubts > 0)
        self._is_sure = False
        self._looked_at: datetime | None = None
        self._goes_on = isinstance(record.page, Synced) and record.content_hash is None
        self.sure_at: datetime | None = None

    def doubt(self) -> None:
        """Read all of the page back, whoever was there last."""
        self._is_doubted, self._is_sure = True, False

    def sees_new_page(self) -> None:
        """Take note that the page is there only now: nobody else can have been at it before."""
        self.sure_at = self._now()

    def is_to_look(self, actions: Plan, state: PageState) -> bool:
        """Tell whether it must be made sure now who was at the page last: our own write would hide it."""
        if not isinstance(state, Synced) or self._is_sure or self._writer.has_created:
            return False
        is_restoring = self._writer.record.standing is Standing.RESTORING
        if self._is_doubted or is_restoring or state.outline is None:
            return True
        return any(isinstance(action, Write) for action in actions)

    async def look(self, applier: Applier, actions: Plan, state: Synced) -> Synced:
        """Make sure whether a person has been at the page since the last time; then all is read again."""
        if self._leaves_it_to_drift_check(applier, actions, state):
            self._is_sure = True
            self._note_looked_at(None)
            return state
        self._looked_at, self.sure_at = applier.gateway.time(self._now()), self._now()
        looked = await look(applier, state, keep_edits=self._keep_edits)
        author = await applier.gateway.me(lane=applier.lane)
        self._is_sure = True
        record = self._writer.record
        is_ours = bears_what_we_left(looked.row, record)
        if is_ours and not self._is_doubted and not edited_by_others(looked.row, record, author):
            self._reader.is_alone = not author.is_person and record.looked_at is not None
            if looked.earlier:
                await self._keeper.keep(state.page_id, None, looked.earlier, sure=False, now=self._now())
            return state
        # What was only seen is not saved yet: a job cut short before that must look as if nobody had.
        self._note_looked_at(None if looked.is_unsaved else self._looked_at)
        self._goes_on = False  # all of it is read again
        self._reader.looked = looked if is_ours else looked.believing(None)
        return looked.state

    def _leaves_it_to_drift_check(self, applier: Applier, actions: Plan, state: Synced) -> bool:
        """Tell whether the edit of a line would cost too much with a look before it."""
        if not is_dear(actions, reads=self._reader.requests):
            return False
        return not self._is_doubted and not takes_over(applier.draft, state.properties)

    async def save_strays(self, applier: Applier, state: Synced) -> Synced:
        """Save what a person wrote into our properties before they are written.

        Returns:
            What is known then: what is saved is overwritten, also where the log has not changed.
        """
        seen = self._reader.looked
        if is_long_ago(self.sure_at, now=self._now()) and overwrites(applier.draft, state.properties):
            seen, state = await look_again(applier, state, seen, keep_edits=self._keep_edits)
        if seen is None:
            return state
        for words, sure in ((seen.strays, True), (seen.doubtful, False)):
            if words:
                await self._keeper.keep(state.page_id, None, words, sure=sure, now=self._now())
        self._reader.looked = replace(seen, strays="", doubtful="")
        self._note_looked_at(self._writer.record.looked_at or self._looked_at)
        return state

    def put_off_if_missed(self) -> None:
        """Leave it to the next drift check to find what a person may have done between our writes."""
        is_new, wrote_at = self._writer.has_created, self._writer.wrote_at
        if self._goes_on or may_have_missed(sure_at=self.sure_at, wrote_at=wrote_at, is_new=is_new):
            self._note_looked_at(None)

    def _note_looked_at(self, moment: datetime | None) -> None:
        """Note when the page was last seen through; at None the next drift check makes up for it."""
        self._writer.record = replace(self._writer.record, looked_at=moment)
