"""Plan, apply, record, and plan again, until one page is what it should be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from sync.convergence.adoption import adopted
from sync.convergence.apply import Applier
from sync.convergence.beside import beside
from sync.convergence.keeping import Keeper
from sync.convergence.lookout import Lookout
from sync.convergence.loss import Loss, follow_another, loss_of, respect
from sync.convergence.page_reader import LateFinding, PageReader
from sync.convergence.sifting import Sieve, Sifter, attaches
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
from sync.state.savings import remember_saving
from sync.state.store import Store
from sync.verdict import Verdict

MAX_ROUNDS = 60
"""Plans for one log until it is given up as our defect: a round goes at most one level of nesting deeper."""

_IN_TRASH = frozenset((Standing.TRASHED, Standing.DEPARTING, Standing.DEPARTED))


class Convergence:
    """The planning and writing for one log."""

    def __init__(
        self,
        record: PageRecord,
        *,
        rules: Rules,
        store: Store,
        applier: Applier,
        sieve: Sieve,
        now: Callable[[], datetime],
    ) -> None:
        self._rules = rules
        self._applier = applier
        self._now = now
        self._keeper = Keeper(
            applier.gateway,
            applier.lane,
            rules.saved_words,
            record.path,
            now=now,
            tell=partial(remember_saving, store, record.path),
        )
        self._writer = Writer(
            record, store=store, settle=rules.settle, keep=self._keeper.keep_in_file, now=now
        )
        self._reader = PageReader(keep_edits=rules.keep_edits, now=now)
        self._lookout = Lookout(record, self._keeper, keep_edits=rules.keep_edits, now=now)
        self._sifter = Sifter(sieve, applier, write=self._write)

    @property
    def _draft(self) -> PageDraft:
        return self._applier.draft

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
            is_new = self._writer.has_created
            is_to_look = self._lookout.is_to_look(actions, state, self.record, is_new=is_new)
            if not actions and not is_to_look:
                self._conclude(state)
                return self._verdict()
            is_round = True
            try:
                if is_to_look:
                    state = await self._look(actions, as_synced(state))
                else:
                    state, is_round = await self._carry_out(actions, state)
            except PageGone:
                latest = self.record.page if isinstance(self.record.page, Synced) else state
                state = await self._after_loss(latest)
            rounds += is_round
        raise RuntimeError(f"{self.record.path}: the page is not in step after {MAX_ROUNDS} plans")

    def _conclude(self, state: PageState) -> None:
        writer = self._writer
        record = replace(self.record, page=state, edited=self._shows_edits(state))
        writer.note(self._lookout.at_the_end(record, wrote_at=writer.wrote_at, is_new=writer.has_created))

    async def _look(self, actions: Plan, state: Synced) -> Synced:
        state, record = await self._lookout.look(
            self._applier, actions, state, record=self.record, reads=self._reader.requests
        )
        self._writer.note(record)
        return state

    async def _carry_out(self, actions: Plan, state: PageState) -> tuple[PageState, bool]:
        """Carry out a plan; tell whether it counts as a round: what is met only once ends none."""
        if isinstance(state, Synced):
            reread = await self._reader.read_overwritten(self._applier, actions, state, self._lookout.sight)
            if reread is not None:
                return reread, True
        sifted = False
        late: LateFinding | None = None
        for action in actions:
            if sifted and isinstance(action, UpdateProperties):
                break  # the hash vouches for a body with all of its notes
            if isinstance(action, UpdateBlock | DeleteBlock) and (late := await self._late(action, state)):
                state = late.state
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
            self._applier = replace(self._applier, draft=self._sifter.draft())
        return state, not (sifted or (late is not None and late.once))

    async def _late(self, action: UpdateBlock | DeleteBlock, state: PageState) -> LateFinding | None:
        return await self._reader.last_look(self._applier, action, as_synced(state), self._lookout.sight)

    def _shows_edits(self, state: PageState) -> bool:
        as_before = self.record.edited and not self._writer.has_written
        left = self._lookout.leaves_edits(as_before=as_before)
        # Where the log's text comes back, what a plan has nothing to do about had to stay: it is hers.
        return left or (self._rules.keep_edits and isinstance(state, Synced) and edited(state.outline))

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
                self._writer.note(record)
                return known
            case Uncertain(page_id=None, settles_at=settles_at) as lost:
                self._writer.wait_for(settles_at)
                return lost
            case Uncertain(page_id=str(page_id), settles_at=settles_at, deleting=deleting):
                # A late change would be read twice, and a late farewell take the page away for good.
                self._writer.wait_for(settles_at)
                self._writer.confirm_settled()
                if deleting is not None:
                    await self._writer.make_up_for(deleting, self._applier)
                known = Synced(PageId(page_id), None, None)
                return await self._restored(known) if self.record.standing in _IN_TRASH else known
            case state:
                return state

    async def _step(self, action: Action, state: PageState) -> PageState:
        match action:
            case LookUp():
                return await self._look_up()
            case ListBlocks():
                return await self._reader.list(self._applier, action, as_synced(state), self._lookout.sight)
            case SaveWords(block_id=block_id, words=words, sure=sure):
                page_id = as_synced(state).page_id
                await self._keeper.keep(page_id, block_id, words, sure=sure)
                return state
            case UpdateProperties():
                known, record = await self._lookout.save_strays(self._applier, as_synced(state), self.record)
                self._writer.note(record)
                return await self._write(action, known, self._draft)
            case _:
                return await self._write(action, state, self._draft)

    async def _look_up(self) -> PageState:
        rows = await self._applier.gateway.find(self._draft.key, lane=self._applier.lane)
        if not rows:
            self._writer.confirm_settled()
            return Absent()
        row = rows[0]
        self._writer.create_has_landed()
        self._lookout.sees_new_page()
        looked_at = self._applier.gateway.time(self._now())
        self._writer.note(replace(self.record, url=row.url, looked_at=looked_at))
        intact = row.content_hash == self._draft.content_hash
        return Synced(row.page_id, vouched_fingerprint(self._draft) if intact else None, None)

    async def _write(self, action: Write, state: PageState, draft: PageDraft) -> PageState:
        if isinstance(action, CreatePage):
            self._lookout.sees_new_page()
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
        loss = await loss_of(self._applier.gateway, page_id, lane=self._applier.lane)
        if loss is None or loss is Loss.ELSEWHERE:  # the next look at it tells
            if isinstance(state, Synced):
                self._lookout.believe(state)
            return Synced(page_id, None, None)
        if self.record.standing is not Standing.RESTORING:
            await follow_another(self._applier, self._writer, than=page_id, now=self._now())
            if not self._rules.restore_trashed:
                respect(loss, self._writer, page_id, now=self._now())
        return await self._restored(Synced(page_id, None, None))

    async def _restored(self, known: Synced) -> PageState:
        """Bring a page back from the trash; one that is gone for good is made anew.

        From then on Notion names us as the last to edit it, so all of it is read back, also after a crash.
        """
        self._lookout.doubt()
        try:
            return await self._writer.bring_back(known, self._applier)
        except PageGone:
            return Absent()
