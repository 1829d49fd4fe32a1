"""Bring one page in step: plan, apply, record, and plan again until nothing is left to do."""

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
from sync.convergence.writing import Writer
from sync.departure_decision import OnFileDeleted
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
from sync.planning.page_state import Absent, PageState, Synced, Uncertain, as_synced, page_id_of
from sync.planning.plan import plan
from sync.rules import Rules
from sync.state.records import ADOPTED, PageRecord, Standing
from sync.state.store import Store
from sync.verdict import Verdict

MAX_ROUNDS = 60
"""Plans for one log until it is given up as a defect of ours: each goes at most one level deeper."""


class Convergence:
    """One job: to bring the page of one log in step.

    Args:
        record: What is remembered of the log.
        rules: What the settings say.
        store: Where the record is saved.
        applier: The requests for the page.
        sieve: Knows what Notion refuses.
        now: Tells the time.
    """

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
            gateway=applier.gateway,
            lane=applier.lane,
            directory=rules.saved_words,
            path=record.path,
            now=now,
            store=store,
        )
        self._writer = Writer(
            record, store=store, settle=rules.settle, keep=self._keeper.keep_in_file, now=now
        )
        self._reader = PageReader(now=now)
        self._lookout = Lookout(self._writer, self._keeper, now=now)
        self._sifter = Sifter(sieve, applier, write=self._write)

    @property
    def _draft(self) -> PageDraft:
        return self._applier.draft

    @property
    def record(self) -> PageRecord:
        """What is remembered of the log at this moment."""
        return self._writer.record

    async def run(self) -> Verdict:
        """Plan and apply until there is nothing left to do.

        Raises:
            NotYet: A lost request may still be carried out; nothing is written before.
            PageGone: A person does not want the page; the record says so.
            SyncError: It could not be done; the store says what is known of the page.
        """
        state = await self._starting_point()
        rounds = 0
        while rounds < MAX_ROUNDS:
            actions = await beside(self._draft, partial(plan, self._draft, state))
            is_to_look = self._lookout.is_to_look(actions, state)
            if not actions and not is_to_look:
                self._conclude(state)
                return self._verdict()
            is_round = True
            try:
                if is_to_look:
                    reads = self._reader.requests
                    state = await self._lookout.look(self._applier, actions, as_synced(state), reads=reads)
                else:
                    state, is_round = await self._carry_out(actions, state)
            except PageGone:
                latest = self.record.page if isinstance(self.record.page, Synced) else state
                state = await self._after_loss(latest)
            rounds += is_round
        raise RuntimeError(f"{self.record.path}: the page is not in step after {MAX_ROUNDS} plans")

    def _conclude(self, state: PageState) -> None:
        self._writer.note(replace(self.record, page=state, edited=self._shows_edits(state)))
        self._lookout.conclude()

    async def _carry_out(self, actions: Plan, state: PageState) -> tuple[PageState, bool]:
        """Carry out a plan as far as it holds; tell whether it counts against `MAX_ROUNDS`.

        A plan does not count that found something which no later plan can find again.
        """
        if isinstance(state, Synced):
            reread = await self._reader.read_overwritten(self._applier, actions, state, self._lookout.sight)
            if reread is not None:
                return reread, True
        sifted = False
        late: LateFinding | None = None
        for place, action in enumerate(actions):
            if sifted and isinstance(action, UpdateProperties):
                break  # the hash vouches for the whole body, and notes of what was refused are still missing
            if isinstance(action, UpdateBlock | DeleteBlock) and (
                late := await self._late(action, actions[place:], state)
            ):
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

    async def _late(
        self, action: UpdateBlock | DeleteBlock, left: Plan, state: PageState
    ) -> LateFinding | None:
        known, sight = as_synced(state), self._lookout.sight
        return await self._reader.last_look(self._applier, action, left, known, sight)

    def _shows_edits(self, state: PageState) -> bool:
        as_before = self.record.edited and not self._writer.has_written
        left = self._lookout.leaves_edits(as_before=as_before)
        # Where edits are undone, an edit that the plan leaves alone is on a block that is hers by now.
        return left or (self._applier.keep_edits and isinstance(state, Synced) and edited(state.outline))

    def _verdict(self) -> Verdict:
        if self._writer.has_created:
            return Verdict.CREATED
        if self._writer.has_written:
            return Verdict.UPDATED
        return Verdict.ADOPTED if self.record.edition == ADOPTED else Verdict.UNCHANGED

    async def _starting_point(self) -> PageState:
        """Return the state to plan from; what a lost request may still change is neither read nor written."""
        match self.record.page:
            case Synced(page_id=page_id) if self._was_left():
                return await self._after_loss(Synced(page_id, None, None))
            case Synced() as known if self._may_be_in_trash():
                return await self._restored(known)
            case Synced(page_id=page_id) if self.record.edition == ADOPTED:
                known, record = await adopted(self._draft, self.record, page_id)
                self._writer.note(record)
                return known
            case Uncertain(page_id=None, settles_at=settles_at) as lost:
                self._writer.wait_for(settles_at)
                return lost
            case Uncertain(page_id=str(page_id), settles_at=settles_at, deleting=deleting):
                # What arrives late would change what was read, or move the page to the trash again.
                self._writer.wait_for(settles_at)
                self._writer.confirm_settled()
                if deleting is not None:
                    await self._writer.finish_deletion(deleting, self._applier)
                known = Synced(PageId(page_id), None, None)
                return await self._restored(known) if self._may_be_in_trash() else known
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
                known = await self._lookout.save_strays(self._applier, as_synced(state))
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

    def _may_be_in_trash(self) -> bool:
        standing = self.record.standing
        return standing.is_away or standing is Standing.DEPARTING

    def _was_left(self) -> bool:
        """Tell whether it was not we who put the page away when its log went: if it is, a person did."""
        record = self.record
        never_ours = record.edition == ADOPTED or self._rules.on_file_deleted is not OnFileDeleted.TRASH
        return record.standing is Standing.UNWANTED or (record.standing is Standing.DEPARTED and never_ours)

    async def _after_loss(self, state: PageState) -> PageState:
        """Find out what is gone. If it is a block, read again; if it is the page, the settings decide."""
        page_id = page_id_of(state)
        if page_id is None:
            raise RuntimeError(f"{self.record.path}: a page that was never there is gone")
        loss = await loss_of(self._applier.gateway, page_id, lane=self._applier.lane)
        if loss is None or loss is Loss.ELSEWHERE:  # that it is elsewhere is reported by the next look
            if isinstance(state, Synced):
                self._lookout.believe(state)
            return Synced(page_id, None, None)
        if self.record.standing is not Standing.RESTORING:
            await follow_another(self._applier, self._writer, than=page_id, now=self._now())
            if not self._rules.restore_trashed:
                respect(loss, self._writer, page_id, now=self._now())
        return await self._restored(Synced(page_id, None, None))

    async def _restored(self, known: Synced) -> PageState:
        """Bring the page back from the trash; one that is gone for good is created anew.

        From then on Notion names us as its last editor, so all of it is read back, even after a crash.
        """
        self._lookout.doubt()
        try:
            return await self._writer.bring_back(known, self._applier)
        except PageGone:
            return Absent()
