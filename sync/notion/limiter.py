"""The one budget that every request to Notion passes."""

import asyncio
import heapq
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

from sync.notion.pacing import WINDOW, Slowdown, permitted, slowed

_LOOK_AGAIN = 5.0
"""Seconds after which a waiting queue looks again: the rate may have risen meanwhile."""


class Lane(IntEnum):
    """Who goes first when the budget is short."""

    LIVE = 0
    BACKFILL = 1
    CHECK = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What the limiter is doing, for status.

    Attributes:
        per_minute: Requests a minute at the present rate.
        ceiling: Requests a minute when Notion refuses none.
        paused_for: How long nothing is sent yet; zero when requests flow.
        waiting: Requests in the queue, by lane.
        used: Requests let through since the start, by lane.
        refusals: How often Notion asked for a pause.
    """

    per_minute: float
    ceiling: float
    paused_for: timedelta
    waiting: Mapping[Lane, int]
    used: Mapping[Lane, int]
    refusals: int


class RateLimiter:
    """Lets requests through: strictly by lane, first come first served within one, never faster than allowed.

    Args:
        per_minute: What Notion grants in a minute; any positive number.
        clock: Seconds that only ever grow, at the pace of the event loop's own.
    """

    def __init__(self, per_minute: float, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._permitted = permitted(per_minute)
        self._slowdown: Slowdown | None = None
        self._tokens = self._permitted.burst
        self._refilled_at = clock()
        self._paused_until = clock()
        self._refused_at = -1.0
        self._refusals = 0
        self._silent_refusals = 0
        self._arrivals = 0
        self._queue: list[tuple[Lane, int, asyncio.Future[None]]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._used: Counter[Lane] = Counter()
        self._recent: deque[float] = deque()

    async def acquire(self, lane: Lane) -> float:
        """Wait for this request's turn; return the time of sending, to hand to `throttled`."""
        self._arrivals += 1
        place = (lane, self._arrivals)
        while True:
            turn = asyncio.get_running_loop().create_future()
            heapq.heappush(self._queue, (*place, turn))
            self._serve()
            try:
                await turn
            except asyncio.CancelledError:
                self._leave(turn)
                raise
            now = self._clock()
            if now >= self._paused_until:
                self._used[lane] += 1
                self._recent.append(now)
                return now
            self._tokens += 1  # a pause began between the turn and this moment

    def pause(self, span: timedelta) -> None:
        """Let nothing through for a while; a longer pause already running stays."""
        self._paused_until = max(self._paused_until, self._clock() + span.total_seconds())
        self._serve()

    def throttled(self, retry_after: timedelta | None, *, sent_at: float) -> None:
        """Take a refusal: pause every lane, and slow down once for all requests on their way."""
        now = self._clock()
        if self._recent:
            self._recent.pop()  # it was not granted after all
        if retry_after is None:
            self._silent_refusals += 1
            retry_after = timedelta(seconds=min(WINDOW, 2.0**self._silent_refusals))
        self.pause(retry_after)
        if sent_at >= self._refused_at:
            self._refresh(now)
            self._slowdown = slowed(self._rate(now), granted=len(self._recent), at=self._paused_until)
            self._refused_at = now
            self._refusals += 1

    def granted(self) -> None:
        """Note that Notion took a request: the next refusal without a time begins with a short pause."""
        self._silent_refusals = 0

    def snapshot(self) -> Budget:
        """Return the present state."""
        now = self._clock()
        return Budget(
            per_minute=self._rate(now) * WINDOW,
            ceiling=self._permitted.rate * WINDOW,
            paused_for=timedelta(seconds=max(0.0, self._paused_until - now)),
            waiting=Counter(lane for lane, _, turn in self._queue if not turn.done()),
            used=Counter(self._used),
            refusals=self._refusals,
        )

    def _rate(self, now: float) -> float:
        if self._slowdown is None:
            return self._permitted.rate
        return self._slowdown.rate(now, self._permitted.rate)

    def _refresh(self, now: float) -> None:
        gained = (now - self._refilled_at) * self._rate(now)
        self._tokens = min(self._permitted.burst, self._tokens + gained)
        self._refilled_at = now
        while self._recent and self._recent[0] <= now - WINDOW:
            self._recent.popleft()

    def _leave(self, turn: asyncio.Future[None]) -> None:
        """Give up a place; a turn that was granted meanwhile goes to the next."""
        if turn.done() and not turn.cancelled():
            self._tokens += 1
        turn.cancel()
        self._serve()

    def _serve(self) -> None:
        """Grant every turn that is due and set the clock for the next one."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        now = self._clock()
        self._refresh(now)
        while self._queue:
            turn = self._queue[0][2]
            if turn.done():
                heapq.heappop(self._queue)
                continue
            wait = max(self._paused_until - now, (1.0 - self._tokens) / self._rate(now))
            if wait > 0:
                self._timer = asyncio.get_running_loop().call_later(
                    min(max(wait, 1e-4), _LOOK_AGAIN), self._serve
                )
                return
            self._tokens -= 1
            heapq.heappop(self._queue)
            turn.set_result(None)
