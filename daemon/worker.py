"""Work off the backlog: several logs at once, none twice at once, the most urgent first."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from daemon.breaker import Breaker, Closed, FailureCause, Open, failed, permits, with_capped_pause
from daemon.ticking import AT_REST, until_tick
from sync.errors import AccessLost, StateUnusable, SyncError, Transient
from sync.names import LogPath
from sync.notion.account import Account, account
from sync.notion.limiter import Lane
from sync.policy import Quarantine, RetryAt, Stop, decide
from sync.reconcile import Reconciler
from sync.state.backlog import Backlog
from sync.state.records import Pending
from sync.verdict import Reconciled, Verdict

MOST_IN_FLIGHT = 16
"""Logs worked on at once: enough to fill ten requests a second when an answer takes 1.5 s."""

KEPT_FOR_LIVE = 4
"""Places beyond those for live changes alone, so that a long backfill never holds one up."""

FINISH_WITHIN = 4.0
"""Seconds that requests on their way get before a stop; what is cut short then is looked up later."""

_LONGEST_WAIT = 2.0
"""Seconds between two looks at the backlog while something waits: the clock may be set back meanwhile."""


@dataclass(frozen=True, slots=True)
class Job:
    """One log that was worked on, for the canonical log line.

    Attributes:
        outcome: What became of it, or why it failed.
        next_look: When it is looked at again; None when it is done with.
        seconds: How long it took.
        requests: How many it took.
    """

    path: LogPath
    lane: Lane
    outcome: Reconciled | Exception
    next_look: datetime | None
    attempts: int
    seconds: float
    requests: int = 0


class Worker:
    """The loop that reconciles what is due.

    Args:
        report: Told of every job, and of every change of the breaker.
        jitter: Returns a number between 0 and 1.
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
        self._poke = asyncio.Event()
        self._tasks: dict[asyncio.Task[None], LogPath] = {}
        self.breaker: Breaker = Closed()
        self.ticked: float | None = None
        """When it last gave a sign of life, on the clock of its loop; None before it began."""
        self.trouble: SyncError | None = None
        """Why the breaker is open; None when it is not."""

    def poke(self) -> None:
        """Look at the backlog at once."""
        self._poke.set()

    async def work(self, stop: asyncio.Event, *, enough: Callable[[], bool]) -> None:
        """Reconcile what is due until told to stop, or until it is enough and nothing is under way.

        Args:
            stop: Ends the work; requests on their way get a few seconds.
            enough: Asked whenever nothing is under way.
        """
        blind: Open | None = None
        while not stop.is_set():
            try:
                version = self._backlog.version()
                self._start_due()
                if blind is not None and self.breaker is blind and not self._tasks:
                    self.resume()  # the state can be read again, and there is no log to try it on
                    continue
                if not self._tasks and enough():
                    return
                await self._wait(stop, version)
            except StateUnusable as error:
                blind = self.suspend(error)
                self._clear_up()
                if not self._tasks and enough():
                    return
                await self._sit_out(stop, blind)
        await self._finish()

    def suspend(self, error: SyncError, *, started: datetime | None = None) -> Open:
        """Stop sending because of trouble that concerns every log, and say when it is tried again.

        Args:
            error: The trouble.
            started: When the attempt began that met it; None when it began after all earlier trouble.
        """
        now = self._now()
        if started is None:
            started = self.breaker.until if isinstance(self.breaker, Open) else now
        access = isinstance(error, AccessLost | StateUnusable)
        cause = FailureCause(access=access, what=error.what, hint=error.hint)
        breaker = failed(self.breaker, cause, started=started, now=now, jitter=self._jitter())
        if breaker is not self.breaker:
            self.trouble = error
            self._breaker_to(breaker)
        return breaker

    def resume(self) -> None:
        """Let requests be sent again at once: what kept them back is over."""
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
            self._tasks[task] = item.path

    async def _wait(self, stop: asyncio.Event, version: int) -> None:
        """Wait for the next thing to happen: a poke, a finished log, work that falls due, or the stop.

        Args:
            stop: The stop.
            version: Of the backlog when it was last looked at: another process may add to it.
        """
        self._poke.clear()
        until, happened = self._next_start(), False
        wakers = [asyncio.create_task(self._poke.wait()), asyncio.create_task(stop.wait())]
        try:
            while not happened:
                done, _ = await asyncio.wait(
                    {*wakers, *self._tasks}, timeout=self._pause(until), return_when=asyncio.FIRST_COMPLETED
                )
                due = until is not None and self._now() >= until
                happened = bool(done) or due or self._backlog.version() != version
        finally:
            for waker in wakers:
                waker.cancel()
        self._clear_up()

    def _clear_up(self) -> None:
        """Free the places of what is finished; a defect in it ends the work."""
        for task in [task for task in self._tasks if task.done()]:
            del self._tasks[task]
            task.result()

    async def _sit_out(self, stop: asyncio.Event, breaker: Open) -> None:
        """Wait for the time of the next attempt, or the stop, without a look at the state."""
        while not stop.is_set() and self._now() < breaker.until:
            self._poke.clear()
            wakers = [asyncio.create_task(self._poke.wait()), asyncio.create_task(stop.wait())]
            await asyncio.wait(
                wakers, timeout=self._pause(breaker.until), return_when=asyncio.FIRST_COMPLETED
            )
            for waker in wakers:
                waker.cancel()

    def _next_start(self) -> datetime | None:
        """Return when work may be started that cannot be now; None when nothing waits."""
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
        """Return how long to wait until the next look at the time and at the backlog: a sign of life.

        Where nothing waits, another process may still add to it.
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
            with account() as spent:
                job = await self._done(item, started, spent)
        except StateUnusable as error:
            # What became of it cannot be written down: it stays on the list as it is.
            self.suspend(error, started=started)
        else:
            self._report(job)

    async def _done(self, item: Pending, started: datetime, spent: Account) -> Job:
        lane = Lane(item.lane)
        outcome: Reconciled | Exception
        try:
            reconciled = await self._reconciler.reconcile(item.path, lane)
        except Exception as error:  # noqa: BLE001 - the class decides what happens, whatever it is
            outcome, next_look = error, self._after_failure(item, error, started)
        else:
            outcome, next_look = reconciled, self._after_success(item, reconciled)
        seconds = (self._now() - started).total_seconds()
        return Job(item.path, lane, outcome, next_look, item.attempts, seconds, spent.requests)

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
