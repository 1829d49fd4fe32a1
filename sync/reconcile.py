"""One log, start to end: read, parse, render, plan, apply, record."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sync.apply import Applier
from sync.convergence import Convergence, NotYet
from sync.errors import LogUnreadable, PageGone
from sync.files import NotALog, ReadLog, Stamp, Unstable, Vanished, read_log
from sync.keys import key_of
from sync.names import LogPath
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.page.draft import PageDraft
from sync.page.render import render
from sync.plan import Absent, Plan, plan
from sync.rules import Rules
from sync.state.records import PageRecord, Standing
from sync.state.store import Store
from sync.tracelog.parser import parse
from sync.verdict import Reconciled, Verdict

UNSTABLE_PAUSE = timedelta(seconds=0.5)


class Reconciler:
    """Brings single logs and their pages in step."""

    def __init__(self, rules: Rules, store: Store, gateway: Gateway, now: Callable[[], datetime]) -> None:
        self._rules = rules
        self._store = store
        self._gateway = gateway
        self._now = now

    async def reconcile(self, path: LogPath, lane: Lane) -> Reconciled:
        """Bring one log and its page in step.

        Raises:
            SyncError: It could not be done; the state says what is known of the page.
        """
        record = self._store.page(path) or PageRecord(path=path, page=Absent(), since=self._now())
        match read_log(self._rules.root, path):
            case Vanished():
                return self._vanished(record)
            case NotALog(reason=reason):
                return Reconciled(Verdict.IGNORED, detail=reason)
            case Unstable():
                until = self._now() + UNSTABLE_PAUSE
                return Reconciled(Verdict.POSTPONED, until=until, detail="The file is being written")
            case ReadLog() as reading:
                return self._settled(record, reading) or await self._bring_in_step(record, reading, lane)

    def _settled(self, record: PageRecord, reading: ReadLog) -> Reconciled | None:
        """Return the end for a log that needs no request."""
        rules = self._rules
        if record.standing is Standing.TRASHED and not rules.restore_trashed:
            return Reconciled(Verdict.TRASHED, record.url, detail=record.what)
        if record.standing is Standing.QUARANTINED and (record.stamp, record.edition) == (
            reading.stamp,
            rules.edition,
        ):
            return Reconciled(Verdict.QUARANTINED, record.url, detail=record.what)
        if (record.content_hash, record.edition) != (reading.digest, rules.edition):
            return None
        if record.stamp != reading.stamp or record.standing is not Standing.TRACKED:
            self._store.save(replace(record, stamp=reading.stamp, standing=Standing.TRACKED))
        return Reconciled(Verdict.UNCHANGED, record.url)

    async def _bring_in_step(self, record: PageRecord, reading: ReadLog, lane: Lane) -> Reconciled:
        applier = Applier(self._gateway, lane, self._draft(record.path, reading))
        job = Convergence(self._rules, self._store, applier, self._now, record)
        try:
            verdict = await job.run()
        except NotYet as pause:
            return Reconciled(Verdict.POSTPONED, job.record.url, pause.until, pause.detail)
        except PageGone:
            if job.record.standing is not Standing.TRASHED:
                raise
            return Reconciled(Verdict.TRASHED, job.record.url, detail=job.record.what)
        done = replace(
            job.record,
            content_hash=reading.digest,
            edition=self._rules.edition,
            stamp=reading.stamp,
            standing=Standing.TRACKED,
            what="",
            hint="",
            since=record.since if record.standing is Standing.TRACKED else self._now(),
            synced_at=self._now(),
        )
        self._store.save(done)
        return Reconciled(verdict, done.url)

    def rehearse(self, path: LogPath) -> Plan:
        """Return what would be done first for a log, without doing it."""
        record = self._store.page(path)
        reading = read_log(self._rules.root, path)
        if not isinstance(reading, ReadLog) or (record and record.content_hash == reading.digest):
            return ()
        return plan(self._draft(path, reading), record.page if record else Absent())

    def _draft(self, path: LogPath, reading: ReadLog) -> PageDraft:
        log = parse(reading.content, path, zone=self._rules.zone)
        return render(log, key=key_of(self._rules.host, path), content_hash=reading.digest)

    def quarantine(self, path: LogPath, *, what: str, hint: str) -> None:
        """Set a log aside until its file or the software changes."""
        record = self._store.page(path) or PageRecord(path=path, page=Absent(), since=self._now())
        self._store.save(
            replace(
                record,
                standing=Standing.QUARANTINED,
                content_hash=None,
                edition=self._rules.edition,
                stamp=self._stamp(path),
                what=what,
                hint=hint,
                since=self._now(),
            )
        )

    def _stamp(self, path: LogPath) -> Stamp | None:
        try:
            reading = read_log(self._rules.root, path)
        except LogUnreadable:
            return None
        return reading.stamp if isinstance(reading, ReadLog) else None

    def _vanished(self, record: PageRecord) -> Reconciled:
        if record.page != Absent() and record.standing is not Standing.VANISHED:
            self._store.save(replace(record, standing=Standing.VANISHED, stamp=None, since=self._now()))
        return Reconciled(Verdict.VANISHED, record.url)
