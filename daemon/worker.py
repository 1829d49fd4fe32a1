"""Work off the backlog: several logs at a time, the most urgent first, never one log twice at once."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import assert_never

from daemon.alarm import Alarm
from daemon.breaker import (
    LONGEST_PAUSE,
    Breaker,
    Closed,
    FailureCause,
    Open,
    failed,
    permits,
    with_capped_pause,
)
from daemon.job import Job
from daemon.ticking import AT_REST, until_tick
from sync.errors import AccessLost, StateDamaged, StateUnusable, SyncError, Transient
from sync.names import LogPath
from sync.notion.job_requests import JobRequests, one_job
from sync.notion.limiter import Lane
from sync.policy import Quarantine, RetryAt, Stop, decide
from sync.reconcile import Reconciler
from sync.state.backlog import Backlog
from sync.state.records import Pending
from sync.verdict import Reconciled, Verdict

MOST_IN_FLIGHT = 16
"""Logs worked on at once: enough for ten requests a second when each answer takes 1.5 s."""

KEPT_FOR_LIVE = 4
"""Further places for live changes alone, so that a long backfill never delays one."""

FINISH_WITHIN = 4.0
"""Seconds that running requests get at a stop; a page whose request is cut short is looked up later."""

_LONGEST_WAIT = 2.0
"""Longest sleep while something waits, in seconds: the clock may be set back meanwhile."""


class Worker:
    """Reconcile the logs of the backlog as they fall due.

    Args:
        backlog: The logs to work on.
        reconciler: Reconciles one log.
        now: Returns the current time.
        jitter: Returns a random number from 0 to 1.
        report: Called with every job and with every change of the breaker.
    """

    def __init__(
        self,
        backlog: Backlog,
        reconciler: Reconciler,
        *,
        now: Callable[[], datetime],
        jitter: Callable[[], float],
        report: Callable[[Job | Breaker], None],
    ) -> None:
        self._backlog = backlog
        self._reconciler = reconciler
        self._now = now
        self._jitter = jitter
        self._report = report
        self._alarm = Alarm()
        self._tasks: dict[asyncio.Task[None], LogPath] = {}
        self.breaker: Breaker = Closed()
        self.ticked: float | None = None
        """When the worker last showed that it is alive, on the loop's clock; None before it began."""
        self.trouble: SyncError | None = None
        """Why the breaker is open; None while it is closed."""
        self.damage: StateDamaged | None = None
        """The damage that was found in the state, if any."""

    def poke(self) -> None:
        """Look at the backlog at once."""
        self._alarm.ring()

    async def work(self, stop: asyncio.Event, *, enough: Callable[[], bool]) -> None:
        """Reconcile what is due until told to stop, or until nothing is running and `enough` says so.

        Args:
            stop: Ends the work; running requests get a few seconds.
            enough: Asked whenever nothing is running.
        """
        stopping = asyncio.create_task(stop.wait())
        stopping.add_done_callback(self._ring)
        try:
            await self._work_until(stop, enough)
        finally:
            stopping.cancel()
        if stop.is_set():
            await self._finish()

    async def _work_until(self, stop: asyncio.Event, enough: Callable[[], bool]) -> None:
        blind: FailureCause | None = None
        while not stop.is_set():
            try:
                self._clear_up()
                version = self._backlog.version()
                self._start_due()
                if isinstance(self.breaker, Open) and self.breaker.cause is blind and not self._tasks:
                    self.resume()  # the state can be read again, and no log is there to probe with
                    continue
                if not self._tasks and enough():
                    return
                await self._wait(version)
            except StateUnusable as error:
                breaker = self.suspend(error)
                blind = breaker.cause
                if await self._sit_out(stop, breaker, enough):
                    return

    def suspend(self, error: SyncError, *, started: datetime | None = None) -> Open:
        """Open the breaker because of an error that concerns every log, and return it.

        Args:
            error: The error.
            started: When the failed attempt began; None if it began after all earlier errors.
        """
        now = self._now()
        if started is None:
            started = self.breaker.until if isinstance(self.breaker, Open) else now
        needs_a_person = isinstance(error, AccessLost | StateUnusable)
        cause = FailureCause(needs_a_person=needs_a_person, what=error.what, hint=error.hint)
        breaker = failed(self.breaker, cause, started=started, now=now, jitter=self._jitter())
        if isinstance(error, StateDamaged):
            self.damage = error
        if breaker is not self.breaker:
            self.trouble = error
            self._breaker_to(breaker)
        return breaker

    def resume(self) -> None:
        """Close the breaker, as the trouble is over."""
        if not isinstance(self.breaker, Closed):
            self.trouble = None
            self._breaker_to(Closed())

    def _breaker_to(self, breaker: Breaker) -> None:
        self.breaker = breaker
        self._report(breaker)

    def _start_due(self) -> None:
        if self._reconciler.heed_clock() and isinstance(self.breaker, Open):
            self._breaker_to(with_capped_pause(self.breaker, now=self._now()))
        closed = isinstance(self.breaker, Closed)
        room = permits(self.breaker, now=self._now(), most=MOST_IN_FLIGHT) - len(self._tasks)
        limit = room + (KEPT_FOR_LIVE if closed else 0)
        if limit <= 0:
            return
        working = frozenset(self._tasks.values())
        due = self._backlog.due(now=self._now(), limit=limit, working=working)
        for item in (item for place, item in enumerate(due) if place < room or item.lane == Lane.LIVE):
            task = asyncio.create_task(self._reconcile(item), name=item.path)
            task.add_done_callback(self._ring)
            self._tasks[task] = item.path

    def _ring(self, _: object) -> None:
        self._alarm.ring()

    async def _wait(self, version: int) -> None:
        """Wait until somebody rings, work falls due, or the backlog is changed by another process.

        Args:
            version: The version of the backlog at the last look.
        """
        until, before, happened = self._next_start(), self._now(), False
        while not happened:
            rang = await self._alarm.rest(self._pause(until))
            now = self._now()
            due = until is not None and not before <= now < until  # earlier than before: set back
            happened, before = rang or due or self._backlog.version() != version, now

    def _clear_up(self) -> None:
        """Remove finished tasks; an unexpected error in one of them ends the work."""
        for task in [task for task in self._tasks if task.done()]:
            del self._tasks[task]
            task.result()

    async def _sit_out(self, stop: asyncio.Event, breaker: Open, enough: Callable[[], bool]) -> bool:
        """Wait, without using the state, for the next attempt; return whether the work has ended before."""
        while not stop.is_set() and timedelta() < breaker.until - self._now() <= LONGEST_PAUSE:
            self._clear_up()
            if not self._tasks and enough():
                return True
            await self._alarm.rest(self._pause(breaker.until))
        return False

    def _next_start(self) -> datetime | None:
        """Return when the next work may be started; None if nothing waits."""
        due = self._backlog.next_due(working=frozenset(self._tasks.values()))
        soon = self._now() + timedelta(seconds=_LONGEST_WAIT)
        match self.breaker:
            case Open(until=until):
                return soon if self._tasks or due is None else min(max(due, until), soon)
            case Closed():
                return soon if len(self._tasks) >= MOST_IN_FLIGHT else due
            case _:
                assert_never(self.breaker)

    def _pause(self, until: datetime | None) -> float:
        """Return how long to sleep until the next look at the clock and the backlog, and note a sign of life.

        Even with nothing to wait for it is finite: another process may add to the backlog.
        """
        self.ticked = asyncio.get_running_loop().time()
        if until is None:
            return until_tick(self.ticked, AT_REST)
        left = (until - self._now()).total_seconds()
        return min(max(left, 0.01), _LONGEST_WAIT)

    async def _finish(self) -> None:
        if not self._tasks:
            return
        _, cut_short = await asyncio.wait(self._tasks, timeout=FINISH_WITHIN)
        for task in cut_short:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _reconcile(self, item: Pending) -> None:
        started = self._now()
        try:
            with one_job() as requests:
                job = await self._done(item, started, requests)
        except StateUnusable as error:
            # The result cannot be recorded, so the log stays on the list as it is.
            self.suspend(error, started=started)
        else:
            self._report(job)

    async def _done(self, item: Pending, started: datetime, requests: JobRequests) -> Job:
        lane = Lane(item.lane)
        outcome: Reconciled | Exception
        try:
            reconciled = await self._reconciler.reconcile(item.path, lane)
        except Exception as error:  # noqa: BLE001 - the class decides what happens, whatever it is
            outcome, next_look = error, self._after_failure(item, error, started)
        else:
            outcome, next_look = reconciled, self._after_success(item, reconciled)
        seconds = (self._now() - started).total_seconds()
        return Job(item.path, lane, outcome, next_look, item.attempts, seconds, requests.sent)

    def _after_success(self, item: Pending, outcome: Reconciled) -> datetime | None:
        if outcome.until is not None:
            what = outcome.detail if outcome.verdict is Verdict.POSTPONED else ""
            self._backlog.postpone(item, due_at=outcome.until, what=what, hint="", failed=False)
        else:
            self._backlog.done(item)
        self.resume()
        return outcome.until

    def _after_failure(self, item: Pending, error: Exception, started: datetime) -> datetime | None:
        now = self._now()
        verdict = decide(error, item.attempts, now=now, jitter=self._jitter())
        what, hint = (error.what, error.hint) if isinstance(error, SyncError) else ("", "")
        match verdict:
            case RetryAt(when=when):
                self._backlog.postpone(item, due_at=when, what=what, hint=hint, failed=True)
                if isinstance(error, Transient):
                    self.suspend(error, started=started)
                return when
            case Stop(reason=reason, hint=advice):
                self.suspend(
                    error if isinstance(error, SyncError) else SyncError(reason, advice), started=started
                )
                self._backlog.postpone(item, due_at=now, what="", hint="", failed=False)
                return now
            case Quarantine(reason=reason, hint=advice):
                self._reconciler.quarantine(item.path, what=reason, hint=advice)
                self._backlog.done(item)
                return None
            case _:
                assert_never(verdict)
