"""Plan, apply, record, and plan again, until one page is what it should be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sync.convergence.apply import Applier
from sync.convergence.inspection import hung
from sync.convergence.keeping import Keeper
from sync.convergence.page_reader import PageReader
from sync.convergence.sifting import Sieve, Sifter, attaches
from sync.errors import AccessLost, Ambiguous, PageGone, Rejected, Transient
from sync.names import BlockId, PageId
from sync.page.draft import PageDraft, properties_fingerprint
from sync.planning.actions import (
    Action,
    AppendBlocks,
    CreatePage,
    DeleteBlock,
    ListBlocks,
    LookUp,
    Plan,
    SaveWords,
    UpdateProperties,
    Write,
)
from sync.planning.outline import edited
from sync.planning.page_state import Absent, PageState, Synced, Uncertain, synced
from sync.planning.plan import plan
from sync.planning.progress import created, landed
from sync.rules import Rules
from sync.state.records import ADOPTED, PageRecord, Standing
from sync.state.store import Store
from sync.verdict import Verdict

MAX_ROUNDS = 60
"""Plans for one log until it is given up as our defect: a round goes at most one level of nesting deeper."""


_IN_TRASH = frozenset((Standing.TRASHED, Standing.RESTORING, Standing.DEPARTING, Standing.DEPARTED))


class NotYet(Exception):
    """The page cannot be written to before a lost request has settled."""

    def __init__(self, until: datetime, detail: str) -> None:
        super().__init__(detail)
        self.until = until
        self.detail = detail


class Convergence:
    """The planning and writing for one log; `record` is at any time what the store would say."""

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
        self._store = store
        self._applier = applier
        self._now = now
        self._draft: PageDraft = applier.draft
        self._settles_at: datetime | None = None
        self._written = False
        self._created = False
        unseen = record.content_hash is None and record.looked_at is None
        self._doubted = _page_id(record.page) is not None and (unseen or record.doubts > 0)
        self._reader = PageReader(keep_edits=rules.keep_edits)
        self._quiet: set[BlockId] = set()
        self._keeper = Keeper(applier.gateway, applier.lane, rules.saved_words, record.path)
        self._sifter = Sifter(sieve, applier, write=self._write)
        self.record = record

    async def run(self) -> Verdict:
        """Plan and apply until there is nothing left to do."""
        state = await self._starting_point()
        rounds = 0
        while rounds < MAX_ROUNDS:
            actions = plan(self._draft, state)
            is_due = self._doubted and self._reader.looked is None and isinstance(state, Synced)
            if not actions and not is_due:
                self.record = replace(self.record, page=state, edited=self._shows_edits(state))
                return self._verdict()
            try:
                if is_due:
                    looked_at = self._now()
                    state = await self._reader.look(self._applier, _as_synced(state))
                    self.record = replace(self.record, looked_at=looked_at)
                    continue
                self._created |= isinstance(actions[0], CreatePage)
                state, sifted = await self._carry_out(actions, state)
            except PageGone:
                latest = self.record.page if isinstance(self.record.page, Synced) else state
                state, sifted = await self._after_loss(latest), False
            rounds += not sifted
        raise RuntimeError(f"{self.record.path}: the page is not in step after {MAX_ROUNDS} plans")

    async def _carry_out(self, actions: Plan, state: PageState) -> tuple[PageState, bool]:
        """Carry out a plan; tell whether a part of it was refused and has changed what the page should be."""
        sifted = False
        if isinstance(state, Synced):
            reread = await self._reader.before(self._applier, actions, state)
            if reread is not None:
                return reread, False
        for action in actions:
            if sifted and isinstance(action, UpdateProperties):
                break  # the hash vouches for a body with all of its notes
            if isinstance(action, DeleteBlock) and (
                holding := await hung(self._applier, action, _as_synced(state), quiet=self._quiet)
            ):
                state = holding
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
        return state, sifted

    def _shows_edits(self, state: PageState) -> bool:
        looked = self._reader.looked
        left = looked.stays if looked else self.record.edited and not self._written
        return left or (isinstance(state, Synced) and edited(state.outline))

    async def _save_strays(self, state: PageState) -> None:
        """Save what a person wrote into our properties before they are written."""
        seen, page_id = self._reader.looked, _page_id(state)
        if seen is not None and seen.strays and page_id is not None:
            await self._keeper.keep(page_id, None, seen.strays, sure=seen.sure, now=self._now())
            self._reader.looked = replace(seen, strays="")

    def _verdict(self) -> Verdict:
        if self._created:
            return Verdict.CREATED
        if self._written:
            return Verdict.UPDATED
        return Verdict.ADOPTED if self.record.edition == ADOPTED else Verdict.UNCHANGED

    async def _starting_point(self) -> PageState:
        """Begin with what is known; what an unsettled write may still change is read, not yet written."""
        match self.record.page:
            case Synced() as known if self.record.standing in _IN_TRASH:
                return await self._restored(known)
            case Synced(page_id=page_id) if self.record.edition == ADOPTED:
                return self._adoption(page_id)
            case Uncertain(page_id=page_id, settles_at=settles_at):
                self._settles_at = settles_at if settles_at > self._now() else None
                return self.record.page if page_id is None else Synced(page_id, None, None)
            case state:
                return state

    def _adoption(self, page_id: PageId) -> PageState:
        """Trust a page that bears our content hash: it is written last, when the whole body is there."""
        if self.record.content_hash == self._draft.content_hash:
            return synced(self._draft, page_id)
        return Synced(page_id, None, None)

    async def _step(self, action: Action, state: PageState) -> PageState:
        match action:
            case LookUp():
                return await self._look_up()
            case ListBlocks():
                return await self._reader.list(self._applier, action, _as_synced(state))
            case SaveWords(block_id=block_id, words=words, sure=sure):
                page_id = _as_synced(state).page_id
                await self._keeper.keep(page_id, block_id, words, sure=sure, now=self._now())
                return state
            case UpdateProperties():
                await self._save_strays(state)
                return await self._write(action, state, self._draft)
            case _:
                return await self._write(action, state, self._draft)

    async def _look_up(self) -> PageState:
        rows = await self._applier.gateway.find(self._draft.key, lane=self._applier.lane)
        if not rows:
            self._wait_until_settled()
            return Absent()
        # The lost request was the create, and here is what it made: nothing is in flight any more.
        self._settles_at = None
        self._created = True
        row = rows[0]
        self.record = replace(self.record, url=row.url)
        intact = row.content_hash == self._draft.content_hash
        return Synced(row.page_id, properties_fingerprint(self._draft) if intact else None, None)

    def _wait_until_settled(self) -> None:
        if self._settles_at is not None:
            raise NotYet(self._settles_at, "Waiting until Notion can no longer carry out a lost request")

    async def _write(self, action: Write, state: PageState, draft: PageDraft) -> PageState:
        """Write once: the intent is on the disk before the request leaves, the result before the next one."""
        self._wait_until_settled()
        before = self.record
        sent_at: datetime | None = None

        def sending() -> None:
            nonlocal sent_at
            sent_at = self._now()
            self._save(Uncertain(_page_id(state), sent_at + self._rules.settle))

        try:
            after, url = await self._send(action, state, replace(self._applier, draft=draft), sending)
        except (Transient, Rejected, PageGone, AccessLost):
            if sent_at is not None:
                self.record = replace(before, page=state)
                self._store.save(self.record)
            raise
        except Ambiguous as error:
            committed = _committed(error, action, state, draft)
            if committed is None:
                self._save(Uncertain(_page_id(state), (sent_at or self._now()) + error.settles_in))
                raise
            after, url = committed, ""
        self._written = True
        seen = self._now() if isinstance(action, CreatePage) else self.record.looked_at
        self.record = replace(self.record, url=url or self.record.url, looked_at=seen)
        self._save(after)
        return after

    async def _send(
        self, action: Write, state: PageState, applier: Applier, sending: Callable[[], None]
    ) -> tuple[Synced, str]:
        if isinstance(action, CreatePage):
            return await applier.create(action, sending)
        return await applier.write(action, _as_synced(state), sending), ""

    async def _after_loss(self, state: PageState) -> PageState:
        """Find out what is gone: a block, then read again; or the page, then the settings decide."""
        page_id = _page_id(state)
        gateway, lane = self._applier.gateway, self._applier.lane
        if page_id is None:
            raise RuntimeError(f"{self.record.path}: a page that was never there is gone")
        try:
            gone = (await gateway.retrieve_page(page_id, lane=lane)).in_trash
        except PageGone:
            gone = True
        if not gone:
            if isinstance(state, Synced):
                self._reader.believe(state)
            return Synced(page_id, None, None)
        if not self._rules.restore_trashed:
            self.record = replace(
                self.record,
                page=Synced(page_id, None, None),
                standing=Standing.TRASHED,
                what="The page was moved to the trash in Notion",
                hint=f"It stays there; to have it back: ai-traces retry {self.record.path}",
                since=self._now(),
            )
            self._store.save(self.record)
            raise PageGone(self.record.what, self.record.hint)
        return await self._restored(Synced(page_id, None, None))

    async def _restored(self, known: Synced) -> PageState:
        """Bring a page back from the trash; one that is gone for good is made anew."""
        try:
            await self._applier.gateway.set_in_trash(known.page_id, in_trash=False, lane=self._applier.lane)
        except PageGone:
            return Absent()
        self._written = True
        return known

    def _save(self, page: PageState) -> None:
        self.record = replace(self.record, page=page, content_hash=None)
        self._store.save(self.record)


def _committed(error: Ambiguous, action: Write, state: PageState, draft: PageDraft) -> Synced | None:
    """Return what is known when Notion says that it saved although it could not answer."""
    match action, state:
        case CreatePage(), _ if error.committed_page:
            return replace(created(draft, action, error.committed_page), outline=None)
        case AppendBlocks(), Synced() if error.committed_blocks:
            return landed(state, action, draft=draft, ids=error.committed_blocks)
        case _:
            return None


def _as_synced(state: PageState) -> Synced:
    if not isinstance(state, Synced):
        raise TypeError(f"a plan for {state} changes a page before it is known")
    return state


def _page_id(state: PageState) -> PageId | None:
    match state:
        case Absent():
            return None
        case Synced(page_id=page_id) | Uncertain(page_id=page_id):
            return page_id
