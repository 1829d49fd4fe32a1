"""One log, start to end: read, parse, render, plan, apply, record."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sync.convergence.adoption import unless_masked_otherwise
from sync.convergence.apply import Applier
from sync.convergence.blame import blame
from sync.convergence.converge import Convergence
from sync.convergence.duplicates import Settling
from sync.convergence.inspection import differs
from sync.convergence.sifting import Sieve
from sync.convergence.writing import NotYet
from sync.departing import Departing
from sync.errors import LogUnreadable, PageGone, Rejected
from sync.files import NotALog, ReadLog, ReadResult, Stamp, Unstable, Vanished, is_long, read_log
from sync.fit import Fit, fit_for_leaving
from sync.names import Digest, LogPath, Property
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.page.draft import PageDraft
from sync.planning.actions import Plan
from sync.planning.page_state import Absent, Synced, page_id_of
from sync.planning.plan import plan
from sync.rules import Rules
from sync.state.backlinks import Backlinks
from sync.state.duplicates import Duplicates
from sync.state.local_clock import LocalClock
from sync.state.records import ADOPTED, PageRecord, Standing
from sync.state.refusals import Refusals
from sync.state.showing import showing
from sync.state.store import Store
from sync.verdict import Reconciled, Verdict

_HERITABLE = frozenset((Standing.TRACKED, Standing.VANISHED, Standing.DEPARTED))
"""Standings whose page goes with the content to a new name. A page in the trash by Jen's hand stays there."""

_AWAY = frozenset((Standing.DEPARTED, Standing.TRASHED))
"""Standings whose page nobody sees: that it shows the content of its log does not put it in step."""

_LONG = 16 * 1024
"""Bytes of a log that are parsed in a hundredth of a second; the parser is not made for two threads."""

UNSTABLE_PAUSE = timedelta(seconds=0.5)


class Reconciler:
    """Brings single logs and their pages in step."""

    def __init__(self, rules: Rules, store: Store, gateway: Gateway, now: Callable[[], datetime]) -> None:
        self._rules = rules
        self._store = store
        self._gateway = gateway
        self._now = now
        self._refusals = Refusals(store, rules.edition)
        self._duplicates = Duplicates(store)
        self._backlinks = Backlinks(store)
        self._rendering = asyncio.Lock()
        self._attempted: dict[LogPath, Stamp] = {}
        self._at_work: dict[LogPath, Digest | None] = {}
        self._clock = LocalClock(store, rules.settle, now())

    def heed_clock(self) -> bool:
        """Let nothing wait for a time that was set by a clock since set back; tell whether it was."""
        return self._clock.heed(self._now())

    async def reconcile(self, path: LogPath, lane: Lane) -> Reconciled:
        """Bring one log and its page in step.

        Raises:
            SyncError: It could not be done; the state says what is known of the page.
        """
        self._at_work[path] = None
        try:
            return await self._reconciled(path, lane)
        except Rejected as refusal:
            await blame(refusal, self._gateway, lane)
        finally:
            del self._at_work[path]

    async def _reconciled(self, path: LogPath, lane: Lane) -> Reconciled:
        reading = await self._read(path)
        record = self._store.page(path) or PageRecord(path=path, page=Absent(), since=self._now())
        match reading:
            case Vanished():
                departing = Departing(self._rules, self._store, self._gateway, lane, self._now(), self._now)
                return await departing.depart(record)
            case NotALog(reason=reason):
                return Reconciled(Verdict.IGNORED, detail=reason)
            case Unstable():
                until = self._now() + UNSTABLE_PAUSE
                return Reconciled(Verdict.POSTPONED, until=until, detail="The file is being written")
            case ReadLog() as reading:
                self._attempted[path], self._at_work[path] = reading.stamp, reading.digest
                if page_id_of(record.page) is not None and self._duplicates.to_settle(path):
                    settling = Settling(self._store, self._gateway, self._rules.host, lane, self._now())
                    record = await settling.settle(record)
                end = self._settled(record, reading) or await self._bring_in_step(record, reading, lane)
                self._attempted.pop(path, None)
                return end

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
        in_step = (record.content_hash, record.edition) == (reading.digest, rules.edition)
        if not in_step or record.doubts or record.standing in _AWAY or self._backlinks.owed(record):
            return None
        if record.stamp != reading.stamp or record.standing is not Standing.TRACKED:
            self._store.save(replace(record, stamp=reading.stamp, standing=Standing.TRACKED))
        return Reconciled(Verdict.UNCHANGED, record.url)

    async def _bring_in_step(self, record: PageRecord, reading: ReadLog, lane: Lane) -> Reconciled:
        if record.page == Absent() and self._is_being_renamed(record.path, reading):
            until = self._now() + UNSTABLE_PAUSE
            detail = "Its page is still being written under the name that the log had before"
            return Reconciled(Verdict.POSTPONED, until=until, detail=detail)
        if record.page == Absent() and (heir := self._renamed(record.path, reading)) is not None:
            record = heir
        fit = await self._rendered(record.path, reading)
        sieve = Sieve(fit.page, self._refusals)
        applier = Applier(self._gateway, lane, sieve.draft(), fit.content, reading.stamp)
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
        if record.doubts:
            self._store.reassure(record)
        return Reconciled(verdict, done.url, detail=sieve.notice(), redacted=fit.redacted)

    def rehearse(self, path: LogPath) -> Plan:
        """Return what would be done first for a log; only a copy of the state learns of a new name.

        Raises:
            LogUnreadable: It cannot be read.
        """
        record = self._store.page(path) or PageRecord(path=path, page=Absent(), since=self._now())
        reading = read_log(self._rules.root, path)
        if not isinstance(reading, ReadLog):
            return ()
        heir = self._renamed(path, reading) if record.page == Absent() else None
        known = record.edition in {ADOPTED, self._rules.edition} and record.content_hash == reading.digest
        return (
            ()
            if known and not self._backlinks.owed(record)
            else plan(self._draft(path, reading), (heir or record).page)
        )

    async def _read(self, path: LogPath) -> ReadResult:
        if is_long(self._rules.root, path):
            return await asyncio.to_thread(read_log, self._rules.root, path)
        return read_log(self._rules.root, path)

    async def _rendered(self, path: LogPath, reading: ReadLog) -> Fit:
        """Redact, parse and render: a long log beside the event loop, and never two at once."""
        async with self._rendering:
            if len(reading.content) > _LONG:
                fit = await asyncio.to_thread(fit_for_leaving, self._rules, path, reading)
            else:
                fit = fit_for_leaving(self._rules, path, reading)
        return self._linked(path, fit)

    def _draft(self, path: LogPath, reading: ReadLog) -> PageDraft:
        fit = self._linked(path, fit_for_leaving(self._rules, path, reading))
        return Sieve(fit.page, self._refusals).draft()

    def _linked(self, path: LogPath, fit: Fit) -> Fit:
        """Let the page lead to what was found out about its log together with others."""
        links = self._backlinks.of(path)
        if links is None:
            return fit
        draft = fit.page.draft
        held = {**draft.properties, Property.PATTERNS: links}
        return replace(fit, page=replace(fit.page, draft=replace(draft, properties=held)))

    async def differs(self, path: LogPath, lane: Lane) -> bool:
        """Read the page of a log back, and tell whether it shows anything of ours otherwise than the log."""
        record, applier = self._store.page(path), await self.applier(path, lane)
        if record is None or not isinstance(record.page, Synced) or applier is None:
            return False
        return await differs(applier, record.page)

    async def applier(self, path: LogPath, lane: Lane) -> Applier | None:
        """Return the requests for the page of a log as it should be now; None when there is no such log."""
        reading = await self._read(path)
        if not isinstance(reading, ReadLog):
            return None
        fit = await self._rendered(path, reading)
        draft = Sieve(fit.page, self._refusals).draft()
        return Applier(self._gateway, lane, draft, fit.content, reading.stamp)

    def quarantine(self, path: LogPath, *, what: str, hint: str) -> None:
        """Set a log aside until its file is another than at the last attempt, or the software changes."""
        record = self._store.page(path) or PageRecord(path=path, page=Absent(), since=self._now())
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
        reading = self._reading(path)
        return reading.stamp if isinstance(reading, ReadLog) else None

    def _reading(self, path: LogPath) -> ReadResult | None:
        try:
            return read_log(self._rules.root, path)
        except LogUnreadable:
            return None

    def _is_being_renamed(self, path: LogPath, reading: ReadLog) -> bool:
        """Tell whether a log of this content is being worked on under a name whose file is gone.

        That job would save what it knows under the old name, whose page then went with the old file.
        """
        heirs = showing(self._store, reading.digest, reading.stamp)
        others = (
            other
            for other, held in self._at_work.items()
            if other != path and (held == reading.digest or other in heirs)
        )
        return any(isinstance(self._reading(other), Vanished) for other in others)

    def _renamed(self, path: LogPath, reading: ReadLog) -> PageRecord | None:
        """Take over the page of a log that had this content and whose file is gone: it was renamed."""
        for old in showing(self._store, reading.digest, reading.stamp):
            if not isinstance(self._reading(old), Vanished):
                continue
            record = self._store.page(old)
            if record is not None and record.standing in _HERITABLE:
                self._backlinks.move(old, path)
                return self._store.move(record, path)
        return None
