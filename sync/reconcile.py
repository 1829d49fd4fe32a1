"""One log, start to end: read, parse, render, plan, apply, record."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sync.comparison.archive import Archive
from sync.convergence.adoption import unless_masked_otherwise
from sync.convergence.apply import Applier
from sync.convergence.blame import blame
from sync.convergence.converge import Convergence
from sync.convergence.duplicates import Settling
from sync.convergence.keeping import Keeper
from sync.convergence.page_reader import differs
from sync.convergence.sifting import Sieve
from sync.convergence.writing import NotYet
from sync.departing import Departing
from sync.errors import LogUnreadable, PageGone, Rejected
from sync.files import NotALog, NotALogReason, ReadLog, Stamp, Unstable, Vanished, read_log
from sync.fit import Fit
from sync.names import LogPath
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.page.draft import PageDraft
from sync.planning.actions import Plan
from sync.planning.page_state import Absent, Synced, page_id_of
from sync.planning.plan import plan
from sync.renaming import Renames
from sync.rendering import Renderer
from sync.rules import Rules
from sync.state.backlinks import Backlinks
from sync.state.duplicates import Duplicates
from sync.state.local_clock import LocalClock
from sync.state.records import ADOPTED, PageRecord, Standing
from sync.state.refusals import Refusals
from sync.state.store import Store
from sync.verdict import Reconciled, Verdict

_SHOWN = frozenset((Standing.TRACKED, Standing.QUARANTINED, Standing.VANISHED))
"""Standings of the logs whose pages people see."""

UNSTABLE_PAUSE = timedelta(seconds=0.5)


class Reconciler:
    """Brings logs and their pages in step, one at a time.

    Args:
        rules: What the settings say.
        store: What is remembered of the logs.
        gateway: Reads and writes their pages.
        now: Tells the time.
    """

    def __init__(self, rules: Rules, store: Store, gateway: Gateway, now: Callable[[], datetime]) -> None:
        self._rules = rules
        self._store = store
        self._gateway = gateway
        self._now = now
        self._refusals = Refusals(store, rules.edition)
        self._duplicates = Duplicates(store)
        self._backlinks = Backlinks(store)
        self._renames = Renames(rules.root, store)
        self._renderer = Renderer(rules, self._backlinks)
        self._archive = Archive(gateway, store, host=rules.host, now=now)
        self._attempted: dict[LogPath, Stamp] = {}
        self._clock = LocalClock(store, rules.settle, now())

    def heed_clock(self) -> bool:
        """Tell whether the clock was set back; if so, correct what would wait for it to catch up."""
        return self._clock.heed(self._now())

    async def reconcile(self, path: LogPath, lane: Lane) -> Reconciled:
        """Bring one log and its page in step.

        Raises:
            SyncError: It could not be done; the state says what is known of the page.
        """
        with self._renames.at_work(path):
            try:
                return await self._reconciled(path, lane)
            except Rejected as refusal:
                await blame(refusal, self._gateway, lane)

    async def _reconciled(self, path: LogPath, lane: Lane) -> Reconciled:
        reading = await self._renderer.read(path)
        record = self._record(path)
        match reading:
            case Vanished():
                return await self._departing(path, lane).depart(record)
            case NotALog(reason=reason):
                return self._not_a_log(record, reason)
            case Unstable():
                until = self._now() + UNSTABLE_PAUSE
                return Reconciled(Verdict.POSTPONED, until=until, detail="The file is being written")
            case ReadLog() as reading:
                self._attempted[path] = reading.stamp
                self._renames.note_content(path, reading.digest)
                if page_id_of(record.page) is not None and self._duplicates.to_settle(path):
                    settling = Settling(self._store, self._gateway, self._rules.host, lane, self._now())
                    record = await settling.settle(record)
                end = self._without_request(record, reading)
                end = end or await self._bring_in_step(record, reading, lane)
                self._attempted.pop(path, None)
                return end

    def _not_a_log(self, record: PageRecord, reason: NotALogReason) -> Reconciled:
        """Let the page stay in whose log's place something else lies, and say so."""
        if page_id_of(record.page) is None or record.standing not in _SHOWN:
            return Reconciled(Verdict.IGNORED, detail=reason)
        what = f"In place of the log there is something that is never read as one: a {reason}"
        if (record.standing, record.what) != (Standing.QUARANTINED, what):
            hint = "Put the log back; or remove what is there, and its page goes the way of a deleted log"
            self.quarantine(record.path, what=what, hint=hint)
        return Reconciled(Verdict.QUARANTINED, record.url, detail=what)

    def _record(self, path: LogPath) -> PageRecord:
        return self._store.page(path) or PageRecord(path=path, page=Absent(), since=self._now())

    def _departing(self, path: LogPath, lane: Lane) -> Departing:
        keeper = Keeper(
            gateway=self._gateway,
            lane=lane,
            directory=self._rules.saved_words,
            path=path,
            now=self._now,
            store=self._store,
        )
        keep = keeper.keep_in_file
        return Departing(self._rules, self._store, self._gateway, lane, self._now(), self._now, keep)

    def _without_request(self, record: PageRecord, reading: ReadLog) -> Reconciled | None:
        """Return the end of a reconciliation that needs no request; None when it needs some."""
        rules = self._rules
        if record.standing is Standing.TRASHED and not rules.restore_trashed:
            return Reconciled(Verdict.TRASHED, record.url, detail=record.what)
        if record.standing is Standing.QUARANTINED and (record.stamp, record.edition) == (
            reading.stamp,
            rules.edition,
        ):
            return Reconciled(Verdict.QUARANTINED, record.url, detail=record.what)
        in_step = (record.content_hash, record.edition) == (reading.digest, rules.edition)
        # A page that nobody sees is not in step, whatever it shows.
        if not in_step or record.doubts or record.standing.is_away or self._backlinks.owed(record):
            return None
        if record.stamp != reading.stamp or record.standing is not Standing.TRACKED:
            self._store.save(replace(record, stamp=reading.stamp, standing=Standing.TRACKED))
        return Reconciled(Verdict.UNCHANGED, record.url)

    async def _bring_in_step(self, record: PageRecord, reading: ReadLog, lane: Lane) -> Reconciled:
        if record.page == Absent():
            if self._renames.is_under_way(record.path, reading):
                until = self._now() + UNSTABLE_PAUSE
                detail = "Its page is still being written under the name that the log had before"
                return Reconciled(Verdict.POSTPONED, until=until, detail=detail)
            taken_over = self._renames.take_over(record.path, reading)
            record = taken_over or await self._archive.look(record, lane)
        fit = await self._renderer.render(record.path, reading)
        sieve = self._sieve(fit)
        applier = self._applier(sieve.draft(), fit, reading, lane)
        if fit.redacted or not self._rules.redact:
            record = unless_masked_otherwise(record, applier.draft)
        job = Convergence(
            record, rules=self._rules, store=self._store, applier=applier, sieve=sieve, now=self._now
        )
        try:
            verdict = await job.run()
        except NotYet as pause:
            return Reconciled(Verdict.POSTPONED, job.record.url, pause.until, pause.detail)
        except PageGone:
            if job.record.standing is not Standing.TRASHED:
                raise
            return Reconciled(Verdict.TRASHED, job.record.url, detail=job.record.what)
        self._save_in_step(job.record, reading, before=record)
        return Reconciled(verdict, job.record.url, detail=sieve.notice(), redacted=fit.redacted)

    def _save_in_step(self, record: PageRecord, reading: ReadLog, *, before: PageRecord) -> None:
        self._store.save(
            replace(
                record,
                content_hash=reading.digest,
                edition=self._rules.edition,
                stamp=reading.stamp,
                standing=Standing.TRACKED,
                what="",
                hint="",
                since=before.since if before.standing is Standing.TRACKED else self._now(),
                synced_at=self._now(),
            )
        )
        if before.doubts:
            self._store.reassure(before)

    def rehearse(self, path: LogPath) -> Plan:
        """Return what would be done first for a log. Run it on a copy of the state: it follows new names.

        Raises:
            LogUnreadable: It cannot be read.
        """
        record = self._record(path)
        reading = read_log(self._rules.root, path)
        if not isinstance(reading, ReadLog):
            return ()
        known = record.edition in {ADOPTED, self._rules.edition} and record.content_hash == reading.digest
        if known and not self._backlinks.owed(record):
            return ()
        if record.page == Absent():
            record = self._renames.take_over(path, reading) or record
        return plan(self._sieve(self._renderer.render_here(path, reading)).draft(), record.page)

    async def differs(self, path: LogPath, lane: Lane) -> bool:
        """Read the page of a log back, and tell whether anything of ours on it differs from the log."""
        record, reading = self._store.page(path), await self._renderer.read(path)
        if record is None or not isinstance(record.page, Synced) or not isinstance(reading, ReadLog):
            return False
        fit = await self._renderer.render(path, reading)
        applier = self._applier(self._sieve(fit).draft(), fit, reading, lane)
        return await differs(replace(applier, keep_edits=False), record.page)

    async def draft(self, path: LogPath) -> PageDraft | None:
        """Return the page that a log should have now; None when there is no such log."""
        reading = await self._renderer.read(path)
        if not isinstance(reading, ReadLog):
            return None
        return self._sieve(await self._renderer.render(path, reading)).draft()

    def _sieve(self, fit: Fit) -> Sieve:
        return Sieve(fit.page, self._refusals)

    def _applier(self, draft: PageDraft, fit: Fit, reading: ReadLog, lane: Lane) -> Applier:
        return Applier(
            gateway=self._gateway,
            lane=lane,
            draft=draft,
            original=fit.content,
            stamp=reading.stamp,
            keep_edits=self._rules.keep_edits,
        )

    def quarantine(self, path: LogPath, *, what: str, hint: str) -> None:
        """Set a log aside until its file changes after the last attempt, or the software does."""
        record = self._record(path)
        self._store.save(
            replace(
                record,
                standing=Standing.QUARANTINED,
                content_hash=None,
                edition=self._rules.edition,
                stamp=self._attempted.pop(path, None) or self._stamp(path),
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
