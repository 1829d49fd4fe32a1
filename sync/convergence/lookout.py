"""Find out who was at a page last before a write of ours hides it, and save what a person left there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sync.convergence.apply import Applier
from sync.convergence.keeping import Keeper
from sync.convergence.strays import Look, look, look_again, overwrites, takes_over
from sync.convergence.visits import (
    Sight,
    bears_what_we_left,
    edited_by_others,
    is_dear,
    is_long_ago,
    may_have_missed,
)
from sync.convergence.writing import Writer
from sync.names import UserId
from sync.planning.actions import Plan, Write
from sync.planning.page_state import PageState, Synced, page_id_of
from sync.state.records import Standing


class Lookout:
    """What one job knows of other people at its page.

    The record of the log tells when it was last certain that no person had been there; what a look changes
    about that is noted with the writer.

    Args:
        writer: The writes to the page, and the record of the log.
        keeper: Saves a person's words.
        now: Tells the time.
    """

    def __init__(self, writer: Writer, keeper: Keeper, *, now: Callable[[], datetime]) -> None:
        record = writer.record
        unseen = record.content_hash is None and record.looked_at is None
        self._writer = writer
        self._keeper = keeper
        self._now = now
        self._is_doubted = page_id_of(record.page) is not None and (unseen or record.doubts > 0)
        self._goes_on = isinstance(record.page, Synced) and record.content_hash is None
        self._is_sure = False
        self._is_alone = False
        self._sure_at: datetime | None = None
        self._looked_at: datetime | None = None
        self._looked: Look | None = None
        self._maker: UserId | None = None
        self._edits_stay = False

    @property
    def sight(self) -> Sight:
        """What is known by now of other people at the page."""
        believed = self._looked.believed if self._looked else None
        return Sight(believed, is_alone=self._is_alone, sure_at=self._sure_at, maker=self._maker)

    def leaves_edits(self, *, as_before: bool) -> bool:
        """Tell whether a person's words stay in our properties; return `as_before` if nobody has looked."""
        return self._looked.stays if self._looked else as_before or self._edits_stay

    def doubt(self) -> None:
        """Read all of the page back, whoever was there last."""
        self._is_doubted, self._is_sure = True, False

    def sees_new_page(self) -> None:
        """Take note that the page is only just there: nobody else can have been at it before."""
        self._sure_at = self._now()

    def believe(self, state: Synced) -> None:
        """Use what is known as what we last left on the page, before all of it is read again."""
        if self._looked is not None and state.outline is not None:
            self._looked = self._looked.believing(state.outline)

    def is_to_look(self, actions: Plan, state: PageState) -> bool:
        """Tell whether to look now at who was at the page last, because our own write would hide it.

        Args:
            actions: What is left to do.
            state: What is known of the page.
        """
        if not isinstance(state, Synced) or self._is_sure or self._writer.has_created:
            return False
        is_restoring = self._writer.record.standing is Standing.RESTORING
        if self._is_doubted or is_restoring or state.outline is None:
            return True
        return any(isinstance(action, Write) for action in actions)

    async def look(self, applier: Applier, actions: Plan, state: Synced, *, reads: int) -> Synced:
        """Find out whether a person has been at the page since the last look; if so, all is read again.

        Args:
            applier: The requests for this page.
            actions: What is left to do.
            state: What is known of the page.
            reads: Requests that it took to come to this plan.

        Returns:
            What may be relied on afterwards.
        """
        if self._leaves_it_to_drift_check(applier, actions, state, reads):
            self._is_sure = True
            self._note_look(None)
            return state
        self._looked_at, self._sure_at = applier.gateway.time(self._now()), self._now()
        looked = await look(applier, state)
        author = await applier.gateway.me(lane=applier.lane)
        self._is_sure = True
        self._maker = looked.row.created_by or None
        record = self._writer.record
        # What was read before the maker was known may have passed over the log's text on a person's copy.
        misread = reads > 0 and self._maker not in {None, author.user_id, author.owner_id}
        is_ours = bears_what_we_left(looked.row, record) and not misread
        if is_ours and not self._is_doubted and not edited_by_others(looked.row, record, author):
            self._is_alone = not author.is_person and record.looked_at is not None
            # What was to stay of a person's goes where the log says something else now.
            words = looked.doubtful if record.edited else looked.earlier
            self._edits_stay = record.edited and looked.stays
            if words:
                await self._keeper.keep(state.page_id, None, words, sure=False)
            return state
        self._goes_on = False  # all of it is read again
        self._looked = looked if is_ours else looked.believing(None)
        # What was seen is not saved yet: after a job that is cut short before that, somebody must look again.
        self._note_look(None if looked.is_unsaved else self._looked_at)
        return looked.state

    def _leaves_it_to_drift_check(self, applier: Applier, actions: Plan, state: Synced, reads: int) -> bool:
        """Tell whether a look would make the edit of one line cost more requests than it may."""
        if not is_dear(actions, reads=reads):
            return False
        if self._is_doubted or self._writer.record.edited or not state.outline:
            return False
        return not takes_over(applier.draft, state.properties)

    async def save_strays(self, applier: Applier, state: Synced) -> Synced:
        """Save what a person wrote into our properties before they are written.

        Returns:
            What is known afterwards: what was saved is overwritten, even where the log has not changed.
        """
        seen = self._looked
        if is_long_ago(self._sure_at, now=self._now()) and overwrites(applier.draft, state.properties):
            seen, state = await look_again(applier, state, seen)
        if seen is None:
            return state
        for words, sure in ((seen.strays, True), (seen.doubtful, False)):
            if words:
                await self._keeper.keep(state.page_id, None, words, sure=sure)
        self._looked = replace(seen, strays="", doubtful="")
        self._note_look(self._writer.record.looked_at or self._looked_at)
        return state

    def conclude(self) -> None:
        """Ask for a drift check if a person may have come between our writes unseen."""
        writer = self._writer
        if self._goes_on or may_have_missed(
            sure_at=self._sure_at, wrote_at=writer.wrote_at, is_new=writer.has_created
        ):
            self._note_look(None)

    def _note_look(self, looked_at: datetime | None) -> None:
        self._writer.note(replace(self._writer.record, looked_at=looked_at))
