"""Plan, apply, record, and plan again, until one page is what it should be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from sync.convergence.adoption import adopted
from sync.convergence.apply import Applier
from sync.convergence.beside import beside
from sync.convergence.keeping import Keeper
from sync.convergence.looking import look, look_again, overwrites, takes_over
from sync.convergence.loss import follow_another, is_gone, leave_in_trash
from sync.convergence.page_reader import Found, PageReader
from sync.convergence.sifting import Sieve, Sifter, attaches
from sync.convergence.visits import (
    bears_what_we_left,
    edited_by_others,
    is_dear,
    is_long_ago,
    may_have_missed,
)
from sync.convergence.writing import Writer, as_synced
from sync.departure import OnFileDeleted
from sync.errors import PageGone, Rejected
from sync.names import PageId
from sync.page.draft import PageDraft, vouched_fingerprint
from sync.planning.actions import (
    Action,
    CreatePage,
    DeleteBlock,
    ListBlocks,
    LookUp,
    Plan,
    SaveWords,
    UpdateBlock,
    UpdateProperties,
    Write,
)
from sync.planning.outline import edited
from sync.planning.page_state import Absent, PageState, Synced, Uncertain, page_id_of
from sync.planning.plan import plan
from sync.rules import Rules
from sync.state.records import ADOPTED, PageRecord, Standing
from sync.state.store import Store
from sync.verdict import Verdict

MAX_ROUNDS = 60
"""Plans for one log until it is given up as our defect: a round goes at most one level of nesting deeper."""

_IN_TRASH = frozenset((Standing.TRASHED, Standing.DEPARTING, Standing.DEPARTED))


class Convergence:
    """The planning and writing for one log."""

    def __init__(
        self,
        rules: Rules,
        store: Store,
        applier: Applier,
        now: Callable[[], datetime],
        record: PageRecord,
        sieve: Sieve,
    ) -> None:
        self._rules = rules
        self._applier = applier
        self._now = now
        self._draft: PageDraft = applier.draft
        self._writer = Writer(rules, store, now, record)
        unseen = record.content_hash is None and record.looked_at is None
        self._is_doubted = page_id_of(record.page) is not None and (unseen or record.doubts > 0)
        self._is_sure = False
        self._sure_at: datetime | None = None
        self._looked_at: datetime | None = None
        self._goes_on = isinstance(record.page, Synced) and record.content_hash is None
        self._reader = PageReader(keep_edits=rules.keep_edits, now=now)
        self._keeper = Keeper(applier.gateway, applier.lane, rules.saved_words, record.path)
        self._sifter = Sifter(sieve, applier, write=self._write)

    @property
    def record(self) -> PageRecord:
        """At any time what the store would say of the log."""
        return self._writer.record

    async def run(self) -> Verdict:
        """Plan and apply until there is nothing left to do."""
        state = await self._starting_point()
        rounds = 0
        while rounds < MAX_ROUNDS:
            actions = await beside(self._draft, partial(plan, self._draft, state))
            is_to_look = self._is_to_look(actions, state)
            if not actions and not is_to_look:
                self._note(replace(self.record, page=state, edited=self._shows_edits(state)))
                self._put_off_if_missed()
                return self._verdict()
            found = False
            try:
                if is_to_look:
                    state = await self._look(actions, as_synced(state))
                else:
                    state, found = await self._carry_out(actions, state)
            except PageGone:
                latest = self.record.page if isinstance(self.record.page, Synced) else state
                state = await self._after_loss(latest)
            rounds += not found
        raise RuntimeError(f"{self.record.path}: the page is not in step after {MAX_ROUNDS} plans")

    def _is_to_look(self, actions: Plan, state: PageState) -> bool:
        """Tell whether it must be made sure now who was at the page last: our own write would hide it."""
        if not isinstance(state, Synced) or self._is_sure or self._writer.has_created:
            return False
        if self._is_doubted or self.record.standing is Standing.RESTORING or state.outline is None:
            return True
        return any(isinstance(action, Write) for action in actions)

    async def _look(self, actions: Plan, state: Synced) -> Synced:
        """Make sure whether a person has been at the page since the last time; then all is read again."""
        is_dear_look = is_dear(actions, reads=self._reader.requests)
        if is_dear_look and not self._is_doubted and not takes_over(self._draft, state.properties):
            self._is_sure = True
            self._note(replace(self.record, looked_at=None))  # the next drift check makes up for it
            return state
        self._looked_at, self._sure_at = self._applier.gateway.time(self._now()), self._now()
        looked = await look(self._applier, state, keep_edits=self._rules.keep_edits)
        author = await self._applier.gateway.me(lane=self._applier.lane)
        self._is_sure = True
        is_ours = bears_what_we_left(looked.row, self.record)
        if is_ours and not self._is_doubted and not edited_by_others(looked.row, self.record, author):
            self._reader.is_alone = not author.is_person and self.record.looked_at is not None
            if looked.earlier:
                await self._keeper.keep(state.page_id, None, looked.earlier, sure=False, now=self._now())
            return state
        # What was only seen is not saved yet: a job cut short before that must look as if nobody had.
        self._note(replace(self.record, looked_at=None if looked.is_unsaved else self._looked_at))
        self._goes_on = False  # all of it is read again
        self._reader.looked = looked if is_ours else looked.believing(None)
        return looked.state

    def _put_off_if_missed(self) -> None:
        """Leave it to the next drift check to find what a person may have done between our writes."""
        is_new, wrote_at = self._writer.has_created, self._writer.wrote_at
        if self._goes_on or may_have_missed(sure_at=self._sure_at, wrote_at=wrote_at, is_new=is_new):
            self._note(replace(self.record, looked_at=None))

    def _note(self, record: PageRecord) -> None:
        self._writer.record = record

    async def _carry_out(self, actions: Plan, state: PageState) -> tuple[PageState, bool]:
        """Carry out a plan; tell whether it ended at what is met only once: a refused part, or comments."""
        sifted = late = False
        if isinstance(state, Synced):
            reread = await self._reader.before(self._applier, actions, state)
            if reread is not None:
                return reread, False
        for action in actions:
            if sifted and isinstance(action, UpdateProperties):
                break  # the hash vouches for a body with all of its notes
            if isinstance(action, UpdateBlock | DeleteBlock) and (found := await self._found(action, state)):
                state, late = found
                break
            try:
                state = await self._step(action, state)
            except Rejected as refusal:
                if not isinstance(action, Write):
                    raise
                state = await self._sifter.sift(refusal, action, state)
                sifted = True
                if attaches(action):
                    break  # what the page says of the file is no longer true
        if sifted:
            self._draft = self._sifter.draft()
            self._applier = replace(self._applier, draft=self._draft)
        return state, sifted or late

    async def _found(self, action: UpdateBlock | DeleteBlock, state: PageState) -> Found | None:
        known = as_synced(state)
        return await self._reader.last_look(self._applier, action, known, sure_at=self._sure_at)

    def _shows_edits(self, state: PageState) -> bool:
        looked = self._reader.looked
        left = looked.stays if looked else self.record.edited and not self._writer.has_written
        # Where the log's text comes back, what a plan has nothing to do about had to stay: it is hers.
        return left or (self._rules.keep_edits and isinstance(state, Synced) and edited(state.outline))

    async def _save_strays(self, state: Synced) -> Synced:
        """Save what a person wrote into our properties before they are written.

        Returns:
            What is known then: what is saved is overwritten, also where the log has not changed.
        """
        seen = self._reader.looked
        if is_long_ago(self._sure_at, now=self._now()) and overwrites(self._draft, state.properties):
            seen, state = await look_again(self._applier, state, seen, keep_edits=self._rules.keep_edits)
        if seen is None:
            return state
        for words, sure in ((seen.strays, True), (seen.doubtful, False)):
            if words:
                await self._keeper.keep(state.page_id, None, words, sure=sure, now=self._now())
        self._reader.looked = replace(seen, strays="", doubtful="")
        self._note(replace(self.record, looked_at=self.record.looked_at or self._looked_at))
        return state

    def _verdict(self) -> Verdict:
        if self._writer.has_created:
            return Verdict.CREATED
        if self._writer.has_written:
            return Verdict.UPDATED
        return Verdict.ADOPTED if self.record.edition == ADOPTED else Verdict.UNCHANGED

    async def _starting_point(self) -> PageState:
        """Begin with what is known; what a lost request may still change is neither read nor written."""
        match self.record.page:
            case Synced(page_id=page_id) if self._was_left():
                return await self._after_loss(Synced(page_id, None, None))
            case Synced() as known if self.record.standing in _IN_TRASH:
                return await self._restored(known)
            case Synced(page_id=page_id) if self.record.edition == ADOPTED:
                known, record = await adopted(self._draft, self.record, page_id)
                self._note(record)
                return known
            case Uncertain(page_id=None, settles_at=settles_at) as lost:
                self._writer.wait_for(settles_at)
                return lost
            case Uncertain(page_id=str(page_id), settles_at=settles_at):
                # A late change would be read twice, and a late farewell take the page away for good.
                self._writer.wait_for(settles_at)
                self._writer.confirm_settled()
                known = Synced(PageId(page_id), None, None)
                return await self._restored(known) if self.record.standing in _IN_TRASH else known
            case state:
                return state

    async def _step(self, action: Action, state: PageState) -> PageState:
        match action:
            case LookUp():
                return await self._look_up()
            case ListBlocks():
                return await self._reader.list(self._applier, action, as_synced(state))
            case SaveWords(block_id=block_id, words=words, sure=sure):
                page_id = as_synced(state).page_id
                await self._keeper.keep(page_id, block_id, words, sure=sure, now=self._now())
                return state
            case UpdateProperties():
                return await self._write(action, await self._save_strays(as_synced(state)), self._draft)
            case _:
                return await self._write(action, state, self._draft)

    async def _look_up(self) -> PageState:
        rows = await self._applier.gateway.find(self._draft.key, lane=self._applier.lane)
        if not rows:
            self._writer.confirm_settled()
            return Absent()
        # The lost request was the create, and here is what it made: nothing is in flight any more.
        self._writer.nothing_in_flight()
        self._writer.has_created = True
        row = rows[0]
        looked_at, self._sure_at = self._applier.gateway.time(self._now()), self._now()
        self._note(replace(self.record, url=row.url, looked_at=looked_at))
        intact = row.content_hash == self._draft.content_hash
        return Synced(row.page_id, vouched_fingerprint(self._draft) if intact else None, None)

    async def _write(self, action: Write, state: PageState, draft: PageDraft) -> PageState:
        if isinstance(action, CreatePage):
            self._sure_at = self._now()
        return await self._writer.write(action, state, replace(self._applier, draft=draft))

    def _was_left(self) -> bool:
        """Tell whether the page stayed when its log went: if it is in the trash, a person put it there."""
        never_ours = self.record.edition == ADOPTED or self._rules.on_file_deleted is not OnFileDeleted.TRASH
        return self.record.standing is Standing.DEPARTED and never_ours

    async def _after_loss(self, state: PageState) -> PageState:
        """Find out what is gone: a block, then read again; or the page, then the settings decide."""
        page_id = page_id_of(state)
        if page_id is None:
            raise RuntimeError(f"{self.record.path}: a page that was never there is gone")
        if not await is_gone(self._applier, page_id):
            if isinstance(state, Synced):
                self._reader.believe(state)
            return Synced(page_id, None, None)
        if self.record.standing is not Standing.RESTORING:
            await follow_another(self._applier, self._writer, than=page_id, now=self._now())
            if not self._rules.restore_trashed:
                leave_in_trash(self._writer, page_id, now=self._now())
        return await self._restored(Synced(page_id, None, None))

    async def _restored(self, known: Synced) -> PageState:
        """Bring a page back from the trash; one that is gone for good is made anew.

        From then on Notion names us as the last to edit it, so all of it is read back, also after a crash.
        """
        self._is_doubted, self._is_sure = True, False
        try:
            return await self._writer.bring_back(known, self._applier)
        except PageGone:
            return Absent()
