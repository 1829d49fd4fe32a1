"""Write to one page, with the intent on disk before each request and the result on disk before the next."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sync.convergence.apply import Applier, Sent
from sync.convergence.deleting import rescue_after_lost_deletion, rescue_late_changes
from sync.errors import NOT_APPLIED, Ambiguous
from sync.notion.model import ListedBlock
from sync.page.draft import PageDraft
from sync.planning.actions import AppendBlocks, CreatePage, DeleteBlock, Write
from sync.planning.outline import OwnedBlock, find_block, replaced
from sync.planning.page_state import PageState, Synced, Uncertain, as_synced, page_id_of
from sync.planning.progress import created, landed
from sync.state.records import PageRecord, Standing
from sync.state.store import Store


class NotYet(Exception):
    """The page cannot be written to before a lost request has settled."""

    def __init__(self, until: datetime, detail: str) -> None:
        super().__init__(detail)
        self.until = until
        self.detail = detail


class Writer:
    """The writes to one page in the course of one job.

    Args:
        record: What is remembered of the log.
        store: Where that is remembered.
        settle: How long after a lost answer Notion may still carry out the request.
        keep: Saves a person's words when the block that they stood on is gone.
        now: Tells the time.

    Attributes:
        record: What is remembered of the log; parts of it may be saved only with the next write.
        has_written: This job has changed something on the page.
        wrote_at: When a write last left; None: none has.
        has_created: This job has created the page, or found that an earlier create had arrived.
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
        """Take note that the lost request was the create, and has arrived: nothing is in flight."""
        self._settles_at = None
        self.has_created = True

    def confirm_settled(self) -> None:
        """Raise `NotYet` while a lost request may still be carried out."""
        if self._settles_at is not None:
            raise NotYet(self._settles_at, "Waiting until Notion can no longer carry out a lost request")

    def note(self, record: PageRecord) -> None:
        """Take a new record; it is saved with the next write."""
        self.record = record

    def save(self, record: PageRecord) -> None:
        """Take a new record, and save it now."""
        self.record = record
        self._store.save(record)

    async def write(self, action: Write, state: PageState, applier: Applier) -> PageState:
        """Send one write, and return what is known of the page afterwards."""
        self.confirm_settled()
        is_new = isinstance(action, CreatePage)
        self.has_created |= is_new
        sent = await self._send_on_record(action, state, applier)
        self.has_written = True
        after = sent.state
        if sent.deleted is not None:  # if this fails, the deletion is still on record as in doubt
            after = await self._rescue(sent.deleted, as_synced(state), applier) or after
        seen = applier.gateway.time(self._now()) if is_new else self.record.looked_at
        self.note(replace(self.record, url=sent.url or self.record.url, looked_at=seen))
        self._save_unvouched(after, applier)
        return after

    async def _send_on_record(self, action: Write, state: PageState, applier: Applier) -> Sent:
        """Send a write with the intent on record; if it fails, put on record what that leaves open."""
        before = self.record
        sent_at: datetime | None = None

        def sending() -> None:
            nonlocal sent_at
            sent_at = self.wrote_at = self._now()
            self._save_unvouched(_in_doubt(action, state, sent_at + self._settle), applier)

        try:
            return await applier.send(action, state, sending)
        except NOT_APPLIED:
            if sent_at is not None:
                self.save(replace(before, page=state))
            raise
        except Ambiguous as error:
            committed = _committed(error, action, state, applier.draft)
            if committed is not None:
                return Sent(committed)
            settles_at = (sent_at or self._now()) + error.settles_in
            self._save_unvouched(_in_doubt(action, state, settles_at), applier)
            raise

    async def _rescue(self, deleted: ListedBlock, before: Synced, applier: Applier) -> Synced | None:
        """Keep what a person did to a deleted block; return what is known if it had to be brought back."""
        outline = before.outline or ()
        entry = find_block(outline, deleted.block_id)
        if entry is None:
            return None
        back = await rescue_late_changes(applier, entry, deleted, keep=self._keep, sending=self._doubt_longer)
        return None if back is None else replace(before, outline=replaced(outline, deleted.block_id, (back,)))

    async def finish_deletion(self, deleting: OwnedBlock, applier: Applier) -> None:
        """Keep what a person did to a block whose deletion an earlier job did not see answered."""
        await rescue_after_lost_deletion(applier, deleting, keep=self._keep, sending=self._doubt_longer)

    def _doubt_longer(self) -> None:
        """Put on record that a block is about to be brought back, which may be carried out late as well."""
        page = self.record.page
        if isinstance(page, Uncertain):
            self.save(replace(self.record, page=replace(page, settles_at=self._now() + self._settle)))

    async def bring_back(self, known: Synced, applier: Applier) -> Synced:
        """Take the page out of the trash, and return what is known of it.

        From the moment of sending it may be back: if its log goes meanwhile, the page has to depart again.

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
        except NOT_APPLIED:
            self.save(record)
            raise
        self.has_written = True
        self.save(record)
        return known

    def _save_unvouched(self, page: PageState, applier: Applier) -> None:
        """Save what is known of a page that is not wholly written: it vouches for no content yet.

        By its stamp the file is recognised if it is renamed before the page is complete. A log in quarantine
        keeps the stamp of the file that put it there.
        """
        record = self.record
        stamp = applier.stamp if record.standing is Standing.TRACKED else record.stamp
        self.save(replace(record, page=page, content_hash=None, stamp=stamp))


def _in_doubt(action: Write, state: PageState, settles_at: datetime) -> Uncertain:
    """Return what is known while a write may be on its way, or may have arrived without an answer."""
    deleting: OwnedBlock | None = None
    if isinstance(action, DeleteBlock):
        deleting = find_block(as_synced(state).outline or (), action.block_id)
    return Uncertain(page_id_of(state), settles_at, deleting)


def _committed(error: Ambiguous, action: Write, state: PageState, draft: PageDraft) -> Synced | None:
    """Return what is known where a failed answer says that Notion has saved the write; else None."""
    match action, state:
        case CreatePage(), _ if error.committed_page:
            return replace(created(draft, action, error.committed_page), outline=None)
        case AppendBlocks(), Synced() if error.committed_blocks:
            return landed(state, action, draft=draft, ids=error.committed_blocks)
        case _:
            return None
