"""The daemon's main loop: watch for changes, rescan periodically, sync what differs, stop when told."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress

import structlog

from daemon.clock import utc_now
from daemon.drift_checks import DriftChecks
from daemon.hearing import Hearing
from daemon.presence.liveness import Liveness
from daemon.presence.notify import Notifier
from daemon.presence.status_line import StatusLine
from daemon.rescan import Rescan
from daemon.session import Session
from daemon.stopping import unless
from daemon.suspension import Suspension
from daemon.watching.debounce import Debouncer
from daemon.watching.health import Healthy
from daemon.watching.watch import Touch, Touched, TouchedTree, Watcher
from sync.errors import StateUnusable, SyncError
from sync.names import LogPath
from sync.notion.limiter import Lane

log = structlog.get_logger("daemon")

QUIET_CLOSED = 0.02
"""Seconds to wait after a log was closed: longer than a script needs between two of its lines."""
QUIET_OPEN = 1.0
"""Seconds to wait after a change without a close: somebody may still be writing."""
QUIET_MOST = 5.0
"""The longest wait after a close, for a log that is closed again and again."""
MAX_WAIT = 30.0
"""Seconds after which a log that keeps changing is synced as it is."""

GATHER = 0.1
"""Seconds between an event that calls for a scan and the scan: directories change in bursts."""

UNUSABLE_RESCAN = 30.0
"""Seconds until a scan finds again what could not be put on the list."""

SCAN_ONLY_RESCAN = 60.0
"""The longest time between two scans where events are unreliable."""


class Service:
    """Run the daemon on one event loop, from start to stop.

    Args:
        session: The open session.
        stop: Ends the daemon.
        notifier: Reports readiness and liveness to the service manager.
        watches: The type of the watcher.
    """

    def __init__(
        self,
        session: Session,
        stop: asyncio.Event,
        notifier: Notifier,
        *,
        watches: type[Watcher] = Watcher,
    ) -> None:
        self._session = session
        self._stop = stop
        self._notifier = notifier
        self._loop = asyncio.get_running_loop()
        self._debouncer = Debouncer(
            quiet_closed=QUIET_CLOSED, quiet_open=QUIET_OPEN, quiet_most=QUIET_MOST, max_wait=MAX_WAIT
        )
        self._touched = asyncio.Event()
        self._rescan_due = asyncio.Event()
        self._status_line = StatusLine(session.store)
        self._rescan = Rescan(session, stop)
        self._suspension = Suspension(session.worker)
        self._making_up: asyncio.TimerHandle | None = None
        self._liveness = Liveness(session.worker, rescan=session.settings.rescan_seconds)
        root = session.settings.logs_dir
        watcher = watches(
            root,
            deliver=self._from_watchdog,
            on_overflow=lambda: self._from_watchdog(TouchedTree(LogPath(""))),
        )
        self._hearing = Hearing(watcher, root, stop)

    async def run(self) -> None:
        """Keep logs and pages in step until told to stop.

        Raises:
            StateDamaged: The state is damaged; the next start begins with a new one.
        """
        try:
            # Watch first, then scan: what is written in between is seen twice rather than never.
            await self._hearing.watch_again()
            await self._look_at_all()
            self._notifier.ready(status := self._status())
            log.info("daemon.ready", status=status)
            async with asyncio.TaskGroup() as tasks:
                self._liveness.start(
                    tasks,
                    (
                        self._hand_over,
                        self._look_after_watcher,
                        self._rescans,
                        DriftChecks(self._session, self._stop, self._suspension).drift_checks,
                        self._work,
                    ),
                )
                await self._stop.wait()
                self._notifier.stopping()
                await self._hearing.stop()  # meanwhile the worker finishes its requests
            if self._session.worker.damage is not None:
                raise self._session.worker.damage
        finally:
            if self._making_up is not None:
                self._making_up.cancel()
            self._hearing.close()

    async def _work(self) -> None:
        worker = self._session.worker
        while not self._stop.is_set():
            try:
                await unless(self._stop, self._session.connect())
                break
            except SyncError as error:
                trouble = worker.suspend(error)
                await self._pause((trouble.until - utc_now()).total_seconds())
        if self._stop.is_set():
            return
        worker.resume()
        await worker.work(self._stop, enough=lambda: False)

    async def _hand_over(self) -> None:
        """Put changed logs on the list once they are quiet."""
        while not self._stop.is_set():
            quiet = [LogPath(path) for path in self._debouncer.due(self._loop.time())]
            if quiet:
                self._touch(quiet)
            due = self._debouncer.next_due()
            self._touched.clear()
            await self._pause(None if due is None else due - self._loop.time(), self._touched)

    async def _rescans(self) -> None:
        """Scan periodically, and at once when events were lost."""
        while not self._stop.is_set():
            await self._pause(self._rescan_interval(), self._rescan_due)
            if self._rescan_due.is_set():
                await self._pause(GATHER)
            self._rescan_due.clear()
            if not self._stop.is_set():
                await self._look_at_all()

    def _rescan_interval(self) -> float | None:
        wanted = self._session.settings.rescan_seconds
        if not isinstance(self._hearing.health, Healthy):
            wanted = min(wanted or SCAN_ONLY_RESCAN, SCAN_ONLY_RESCAN)
        return wanted * random.uniform(0.75, 1.25) if wanted else None  # noqa: S311 - spreads load, hides nothing

    async def _look_after_watcher(self) -> None:
        """Restart the watcher when it is deaf, and tell the service manager whether all is well."""
        while not self._stop.is_set():
            await self._hearing.until_next_look(within=self._notifier.watchdog_seconds)
            if self._stop.is_set():
                return
            if self._session.worker.damage is not None:
                self._stop.set()
            if await self._hearing.look():
                self._rescan_due.set()
            if self._stop.is_set():
                return
            self._session.vitals.hears(self._hearing.health)
            if failing := self._liveness.failing():
                log.error("daemon.failing", what=failing)
                self._notifier.status(f"Not well: {failing}")
            else:
                self._notifier.alive(self._status())

    async def _look_at_all(self) -> None:
        """Compare all files with the state, and check that every directory is watched."""
        started = self._loop.time()
        try:
            with self._liveness.scanning():
                scanned = await self._rescan.scan()
                if scanned is not None:
                    await self._hearing.cover(scanned.directories)
        except SyncError as error:
            log.error("scan.failed", what=error.what, hint=error.hint)
            if isinstance(error, StateUnusable):
                self._make_up_for(error)
            return
        if scanned is None:
            return
        self._suspension.end()
        log.debug(
            "scan.done",
            files=scanned.files,
            differing=scanned.differing,
            gone=scanned.gone,
            seconds=round(self._loop.time() - started, 3),
        )

    def _touch(self, paths: Sequence[LogPath]) -> None:
        try:
            self._session.backlog.hear(paths, lane=Lane.LIVE, now=utc_now())
        except StateUnusable as error:
            self._make_up_for(error)
        self._session.worker.poke()

    def _make_up_for(self, error: StateUnusable) -> None:
        """Scan again after a while, which finds what could not be put on the list."""
        self._suspension.begin(error)
        if self._making_up is None or self._making_up.when() <= self._loop.time():
            log.error("state.unusable", what=error.what, hint=error.hint)
            self._making_up = self._loop.call_later(UNUSABLE_RESCAN, self._rescan_due.set)

    def _from_watchdog(self, touch: Touch) -> None:
        """Pass a touch from watchdog's thread to the loop, unless that has ended."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._on_touch, touch)

    def _on_touch(self, touch: Touch) -> None:
        match touch:
            case Touched(path=path, closed=closed):
                self._debouncer.touched(path, at=self._loop.time(), closed=closed)
                self._touched.set()
            case TouchedTree(path=path):
                self._rescan_due.set()
                if not path:  # the logs directory itself: it may be gone
                    self._hearing.doubt()

    async def _pause(self, seconds: float | None, *events: asyncio.Event) -> None:
        """Wait until the time is up, the daemon is stopped, or one of the events is set."""
        waiters = [asyncio.create_task(event.wait()) for event in (self._stop, *events)]
        timeout = None if seconds is None else max(seconds, 0.0)
        await asyncio.wait(waiters, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        for waiter in waiters:
            waiter.cancel()

    def _status(self) -> str:
        return self._status_line.text(self._session.worker.breaker, self._hearing.health)
