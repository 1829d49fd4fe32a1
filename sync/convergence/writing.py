"""Write to one page: the intent is on the disk before a request leaves, the result before the next one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sync.convergence.apply import Applier
from sync.convergence.deleting import heeded, made_up_for
from sync.errors import AccessLost, Ambiguous, PageGone, Rejected, Transient
from sync.notion.gateway import Sending
from sync.notion.model import ListedBlock
from sync.page.draft import PageDraft
from sync.planning.actions import AppendBlocks, CreatePage, DeleteBlock, Write
from sync.planning.outline import OwnedBlock, find, replaced
from sync.planning.page_state import PageState, Synced, Uncertain, page_id_of
from sync.planning.progress import created, landed
from sync.state.records import PageRecord, Standing
from sync.state.store import Store


class NotYet(Exception):
    """The page cannot be written to before a lost request has settled."""

    def __init__(self, until: datetime, detail: str) -> None:
        super().__init__(detail)
        self.until = until
        self.detail = detail


@dataclass(frozen=True, slots=True)
class _Sent:
    """What a write has led to.

    Attributes:
        state: What is known of the page.
        url: Where a person opens a page that was made; else empty.
        deleted: What a deleted block was at the last moment, as far as Notion says.
    """

    state: Synced
    url: str = ""
    deleted: ListedBlock | None = None


class Writer:
    """The writes to one page in the course of one job.

    Args:
        record: What is remembered of the log.
        store: Where that is remembered.
        settle: How long after a lost answer Notion may still carry out the request.
        keep: Puts a person's words where they last, when the block that they stood on is gone.
        now: Tells the time.

    Attributes:
        record: At any time what the store would say, or says with the next write.
        has_written: Something on the page has changed by our hand.
        wrote_at: When a write last left; None: none has.
        has_created: The page is there by our hand, and nobody knew of it before.
    """

    def __init__(
        self,
        record: PageRecord,
        *,
        store: Store,
        settle: timedelta,
        keep: Callable[[str], None],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._settle = settle
        self._keep = keep
        self._now = now
        self._settles_at: datetime | None = None
        self.record = record
        self.has_written = False
        self.wrote_at: datetime | None = None
        self.has_created = False

    def wait_for(self, settles_at: datetime) -> None:
        """Write nothing before a lost request can no longer be carried out."""
        self._settles_at = settles_at if settles_at > self._now() else None

    def create_has_landed(self) -> None:
        """Take note that the lost request was the create, and was carried out: nothing is in flight."""
        self._settles_at = None
        self.has_created = True

    def confirm_settled(self) -> None:
        """Raise `NotYet` while a lost request may still be carried out."""
        if self._settles_at is not None:
            raise NotYet(self._settles_at, "Waiting until Notion can no longer carry out a lost request")

    def note(self, record: PageRecord) -> None:
        """Remember the log so from the next write on."""
        self.record = record

    def save(self, record: PageRecord) -> None:
        """Remember the log so."""
        self.record = record
        self._store.save(record)

    async def write(self, action: Write, state: PageState, applier: Applier) -> PageState:
        """Write once, and return what is then known of the page."""
        self.confirm_settled()
        is_new = isinstance(action, CreatePage)
        self.has_created |= is_new
        sent = await self._send_on_record(action, state, applier)
        self.has_written = True
        after = sent.state
        if sent.deleted is not None:  # where that fails, the deletion is still in doubt for the next job
            after = await self._heed(sent.deleted, as_synced(state), applier) or after
        seen = applier.gateway.time(self._now()) if is_new else self.record.looked_at
        self.note(replace(self.record, url=sent.url or self.record.url, looked_at=seen))
        self._save_unvouched(after, applier)
        return after

    async def _send_on_record(self, action: Write, state: PageState, applier: Applier) -> _Sent:
        """Send a write with the intent on record; what a failure leaves open is on record, too."""
        before = self.record
        sent_at: datetime | None = None

        def sending() -> None:
            nonlocal sent_at
            sent_at = self.wrote_at = self._now()
            self._save_unvouched(_in_doubt(action, state, sent_at + self._settle), applier)

        try:
            return await self._send(action, state, applier, sending)
        except (Transient, Rejected, PageGone, AccessLost):
            if sent_at is not None:
                self.save(replace(before, page=state))
            raise
        except Ambiguous as error:
            committed = _committed(error, action, state, applier.draft)
            if committed is not None:
                return _Sent(committed)
            settles_at = (sent_at or self._now()) + error.settles_in
            self._save_unvouched(_in_doubt(action, state, settles_at), applier)
            raise

    async def _send(self, action: Write, state: PageState, applier: Applier, sending: Sending) -> _Sent:
        match action:
            case CreatePage():
                page, url = await applier.create(action, sending)
                return _Sent(page, url=url)
            case DeleteBlock():
                page, deleted = await applier.delete(action, as_synced(state), sending)
                return _Sent(page, deleted=deleted)
            case _:
                return _Sent(await applier.write(action, as_synced(state), sending))

    async def _heed(self, deleted: ListedBlock, before: Synced, applier: Applier) -> Synced | None:
        """Return what is known where a deleted block is back for what a person put there; else None."""
        outline = before.outline or ()
        entry = find(outline, deleted.block_id)
        if entry is None:
            return None
        back = await heeded(applier, entry, deleted, keep=self._keep, sending=self._doubt_longer)
        return None if back is None else replace(before, outline=replaced(outline, deleted.block_id, (back,)))

    async def make_up_for(self, deleting: OwnedBlock, applier: Applier) -> None:
        """Keep what a person did to a block whose deletion an earlier job could not see through."""
        await made_up_for(applier, deleting, keep=self._keep, sending=self._doubt_longer)

    def _doubt_longer(self) -> None:
        """Put on record that a block is about to be brought back: that may be carried out late as well."""
        page = self.record.page
        if isinstance(page, Uncertain):
            self.save(replace(self.record, page=replace(page, settles_at=self._now() + self._settle)))

    async def bring_back(self, known: Synced, applier: Applier) -> Synced:
        """Take the page out of the trash, and return what is known of it.

        It may be there again from the sending on: should its log go meanwhile, it departs once more.

        Raises:
            PageGone: There is no such page any more.
        """
        page = Uncertain(known.page_id, self._settles_at) if self._settles_at else known
        record = replace(
            self.record, page=page, content_hash=None, looked_at=None, standing=Standing.RESTORING
        )

        def sending() -> None:
            self.save(replace(record, page=Uncertain(known.page_id, self._now() + self._settle)))

        try:
            await applier.gateway.set_in_trash(
                known.page_id, in_trash=False, lane=applier.lane, sending=sending
            )
        except Ambiguous as error:
            self.save(replace(record, page=Uncertain(known.page_id, self._now() + error.settles_in)))
            raise
        except (Transient, Rejected, PageGone, AccessLost):
            self.save(record)
            raise
        self.has_written = True
        self.save(record)
        return known

    def _save_unvouched(self, page: PageState, applier: Applier) -> None:
        """Remember what is known of the page; until all of it is written no content is vouched for.

        By its stamp the file is known should it get another name before that. The stamp of a log that is set
        aside tells of what: it stays.
        """
        record = self.record
        stamp = applier.stamp if record.standing is Standing.TRACKED else record.stamp
        self.save(replace(record, page=page, content_hash=None, stamp=stamp))


def _in_doubt(action: Write, state: PageState, settles_at: datetime) -> Uncertain:
    """Return what is known while a write may be carried out, or has been and nobody has heard of it."""
    deleting: OwnedBlock | None = None
    if isinstance(action, DeleteBlock):
        deleting = find(as_synced(state).outline or (), action.block_id)
    return Uncertain(page_id_of(state), settles_at, deleting)


def _committed(error: Ambiguous, action: Write, state: PageState, draft: PageDraft) -> Synced | None:
    """Return what is known when Notion says that it saved although it could not answer."""
    match action, state:
        case CreatePage(), _ if error.committed_page:
            return replace(created(draft, action, error.committed_page), outline=None)
        case AppendBlocks(), Synced() if error.committed_blocks:
            return landed(state, action, draft=draft, ids=error.committed_blocks)
        case _:
            return None


def as_synced(state: PageState) -> Synced:
    """Return the state of a page that is there; anything else is a defect of the plan."""
    if not isinstance(state, Synced):
        raise TypeError(f"a plan for {state} changes a page before it is known")
    return state
