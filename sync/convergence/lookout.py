"""Make sure of who was at a page last, before a write of ours hides it, and save what a person left there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sync.convergence.apply import Applier
from sync.convergence.keeping import Keeper
from sync.convergence.looking import Looked, look, look_again, overwrites, takes_over
from sync.convergence.visits import (
    Sight,
    bears_what_we_left,
    edited_by_others,
    is_dear,
    is_long_ago,
    may_have_missed,
)
from sync.planning.actions import Plan, Write
from sync.planning.page_state import PageState, Synced, page_id_of
from sync.state.records import PageRecord, Standing


class Lookout:
    """What one job knows of others at the page.

    The record of the log is handed over and returned: in it stands when the page was last seen through.

    Args:
        record: What was remembered of the log when the job began.
        keeper: For the words of a person.
        keep_edits: What a person made of ours stays, unless the log itself changes there.
        now: Tells the time.
    """

    def __init__(
        self, record: PageRecord, keeper: Keeper, *, keep_edits: bool, now: Callable[[], datetime]
    ) -> None:
        unseen = record.content_hash is None and record.looked_at is None
        self._keeper = keeper
        self._keep_edits = keep_edits
        self._now = now
        self._is_doubted = page_id_of(record.page) is not None and (unseen or record.doubts > 0)
        self._goes_on = isinstance(record.page, Synced) and record.content_hash is None
        self._is_sure = False
        self._is_alone = False
        self._sure_at: datetime | None = None
        self._looked_at: datetime | None = None
        self._looked: Looked | None = None

    @property
    def sight(self) -> Sight:
        """What is known of others by now."""
        believed = self._looked.believed if self._looked else None
        return Sight(believed, is_alone=self._is_alone, sure_at=self._sure_at)

    def leaves_edits(self, *, as_before: bool) -> bool:
        """Tell whether a person's words stay in our properties; as before where nobody has looked."""
        return self._looked.stays if self._looked else as_before

    def doubt(self) -> None:
        """Read all of the page back, whoever was there last."""
        self._is_doubted, self._is_sure = True, False

    def sees_new_page(self) -> None:
        """Take note that the page is there only now: nobody else can have been at it before."""
        self._sure_at = self._now()

    def believe(self, state: Synced) -> None:
        """Take what is known for what was last left on the page, before all of it is read again."""
        if self._looked is not None and state.outline is not None:
            self._looked = self._looked.believing(state.outline)

    def is_to_look(self, actions: Plan, state: PageState, record: PageRecord, *, is_new: bool) -> bool:
        """Tell whether it must be made sure now who was at the page last: our own write would hide it.

        Args:
            actions: What is left to do.
            state: What is known of the page.
            record: What is remembered of the log.
            is_new: The page is there by our hand, and nobody knew of it before.
        """
        if not isinstance(state, Synced) or self._is_sure or is_new:
            return False
        if self._is_doubted or record.standing is Standing.RESTORING or state.outline is None:
            return True
        return any(isinstance(action, Write) for action in actions)

    async def look(
        self, applier: Applier, actions: Plan, state: Synced, *, record: PageRecord, reads: int
    ) -> tuple[Synced, PageRecord]:
        """Make sure whether a person has been at the page since the last time; then all is read again.

        Args:
            applier: The requests for this page.
            actions: What is left to do.
            state: What is known of the page.
            record: What is remembered of the log.
            reads: Requests that it took to come to this plan.
        """
        if self._leaves_it_to_drift_check(applier, actions, state, reads):
            self._is_sure = True
            return state, replace(record, looked_at=None)
        self._looked_at, self._sure_at = applier.gateway.time(self._now()), self._now()
        looked = await look(applier, state, keep_edits=self._keep_edits)
        author = await applier.gateway.me(lane=applier.lane)
        self._is_sure = True
        is_ours = bears_what_we_left(looked.row, record)
        if is_ours and not self._is_doubted and not edited_by_others(looked.row, record, author):
            self._is_alone = not author.is_person and record.looked_at is not None
            if looked.earlier:
                await self._keeper.keep(state.page_id, None, looked.earlier, sure=False)
            return state, record
        self._goes_on = False  # all of it is read again
        self._looked = looked if is_ours else looked.believing(None)
        # What was only seen is not saved yet: a job cut short before that must look as if nobody had.
        return looked.state, replace(record, looked_at=None if looked.is_unsaved else self._looked_at)

    def _leaves_it_to_drift_check(self, applier: Applier, actions: Plan, state: Synced, reads: int) -> bool:
        """Tell whether the edit of a line would cost too much with a look before it."""
        if not is_dear(actions, reads=reads):
            return False
        return not self._is_doubted and not takes_over(applier.draft, state.properties)

    async def save_strays(
        self, applier: Applier, state: Synced, record: PageRecord
    ) -> tuple[Synced, PageRecord]:
        """Save what a person wrote into our properties before they are written.

        Returns:
            What is known then: what is saved is overwritten, also where the log has not changed.
        """
        seen = self._looked
        if is_long_ago(self._sure_at, now=self._now()) and overwrites(applier.draft, state.properties):
            seen, state = await look_again(applier, state, seen, keep_edits=self._keep_edits)
        if seen is None:
            return state, record
        for words, sure in ((seen.strays, True), (seen.doubtful, False)):
            if words:
                await self._keeper.keep(state.page_id, None, words, sure=sure)
        self._looked = replace(seen, strays="", doubtful="")
        return state, replace(record, looked_at=record.looked_at or self._looked_at)

    def at_the_end(self, record: PageRecord, *, wrote_at: datetime | None, is_new: bool) -> PageRecord:
        """Leave it to the next drift check to find what a person may have done between our writes.

        Args:
            record: What is remembered of the log.
            wrote_at: When we wrote for the last time; None: not at all.
            is_new: The page was made just then.
        """
        if self._goes_on or may_have_missed(sure_at=self._sure_at, wrote_at=wrote_at, is_new=is_new):
            return replace(record, looked_at=None)
        return record
