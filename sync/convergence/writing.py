"""Write to one page: the intent is on the disk before a request leaves, the result before the next one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sync.convergence.apply import Applier
from sync.convergence.deleting import delete
from sync.convergence.saved_words import save
from sync.errors import AccessLost, Ambiguous, PageGone, Rejected, Transient
from sync.notion.gateway import Sending
from sync.page.draft import PageDraft
from sync.planning.actions import AppendBlocks, CreatePage, DeleteBlock, Write
from sync.planning.page_state import PageState, Synced, Uncertain, page_id_of
from sync.planning.progress import created, landed
from sync.rules import Rules
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

    Attributes:
        record: At any time what the store would say.
        has_written: Something on the page has changed by our hand.
        wrote_at: When a write last left; None: none has.
        has_created: The page is there by our hand, and nobody knew of it before.
    """

    def __init__(
        self, record: PageRecord, *, rules: Rules, store: Store, now: Callable[[], datetime]
    ) -> None:
        self._rules = rules
        self._store = store
        self._now = now
        self._settles_at: datetime | None = None
        self.record = record
        self.has_written = False
        self.wrote_at: datetime | None = None
        self.has_created = False

    def wait_for(self, settles_at: datetime) -> None:
        """Write nothing before a lost request can no longer be carried out."""
        self._settles_at = settles_at if settles_at > self._now() else None

    def nothing_in_flight(self) -> None:
        """Take the lost request for answered."""
        self._settles_at = None

    def confirm_settled(self) -> None:
        """Raise `NotYet` while a lost request may still be carried out."""
        if self._settles_at is not None:
            raise NotYet(self._settles_at, "Waiting until Notion can no longer carry out a lost request")

    def save(self, record: PageRecord) -> None:
        """Remember the log so."""
        self.record = record
        self._store.save(record)

    async def write(self, action: Write, state: PageState, applier: Applier) -> PageState:
        """Write once, and return what is then known of the page."""
        self.confirm_settled()
        self.has_created |= isinstance(action, CreatePage)
        before = self.record
        sent_at: datetime | None = None

        def sending() -> None:
            nonlocal sent_at
            sent_at = self.wrote_at = self._now()
            self._save_unvouched(Uncertain(page_id_of(state), sent_at + self._rules.settle), applier)

        try:
            after, url = await self._send(action, state, applier, sending)
        except (Transient, Rejected, PageGone, AccessLost):
            if sent_at is not None:
                self.save(replace(before, page=state))
            raise
        except Ambiguous as error:
            committed = _committed(error, action, state, applier.draft)
            if committed is None:
                settles_at = (sent_at or self._now()) + error.settles_in
                self._save_unvouched(Uncertain(page_id_of(state), settles_at), applier)
                raise
            after, url = committed, ""
        self.has_written = True
        is_new = isinstance(action, CreatePage)
        seen = applier.gateway.time(self._now()) if is_new else self.record.looked_at
        self.record = replace(self.record, url=url or self.record.url, looked_at=seen)
        self._save_unvouched(after, applier)
        return after

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
            self.save(replace(record, page=Uncertain(known.page_id, self._now() + self._rules.settle)))

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

    async def _send(
        self, action: Write, state: PageState, applier: Applier, sending: Sending
    ) -> tuple[Synced, str]:
        match action:
            case CreatePage():
                return await applier.create(action, sending)
            case DeleteBlock():
                return await delete(applier, action, as_synced(state), sending, save=self._save_words), ""
            case _:
                return await applier.write(action, as_synced(state), sending), ""

    def _save_words(self, words: str) -> None:
        save(self._rules.saved_words, self.record.path, words, now=self._now())

    def _save_unvouched(self, page: PageState, applier: Applier) -> None:
        """Remember what is known of the page; until all of it is written no content is vouched for.

        By its stamp the file is known should it get another name before that. The stamp of a log that is set
        aside tells of what: it stays.
        """
        record = self.record
        stamp = applier.stamp if record.standing is Standing.TRACKED else record.stamp
        self.save(replace(record, page=page, content_hash=None, stamp=stamp))


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
