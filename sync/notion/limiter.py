"""The one budget that every request to Notion passes."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import Protocol

from sync.notion.bucket import Bucket
from sync.notion.pacing import WINDOW, permitted
from sync.notion.turns import Turns

_LOOK_AGAIN = 5.0
"""Seconds after which a waiting queue looks again: the rate may have risen meanwhile."""


class Lane(IntEnum):
    """Who goes first when the budget is short."""

    LIVE = 0
    BACKFILL = 1
    CHECK = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """With whom a budget is shared.

    Attributes:
        hosts: How many draw on it, this one included, when they were last counted.
        trouble: Why this process keeps to its own share at the moment; empty when the budget is shared.
        hint: What a person can do about that; empty when there is nothing to do.
        needs_a_person: The trouble does not end by itself.
    """

    hosts: int
    trouble: str = ""
    hint: str = ""
    needs_a_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What the limiter is doing, for status.

    Attributes:
        per_minute: Requests a minute at the present rate.
        ceiling: Requests a minute when Notion refuses none.
        paused_for: How long nothing is sent yet; zero when requests flow.
        waiting: Requests in the queue, by lane.
        used: Requests let through so far, by lane.
        refusals: How often Notion asked for a pause.
        sharing: With whom the budget is shared; None when it is this process's own.
    """

    per_minute: float
    ceiling: float
    paused_for: timedelta
    waiting: Mapping[Lane, int]
    used: Mapping[Lane, int]
    refusals: int
    sharing: Sharing | None = None


class Limiter(Protocol):
    """What every request passes, whether or not other processes draw on the same budget."""

    async def acquire(self, lane: Lane) -> float:
        """Wait for this request's turn; return the time of sending, to hand to `throttled`."""

    def pause(self, span: timedelta) -> None:
        """Let nothing through for a while; a longer pause already running stays."""

    def throttled(self, retry_after: timedelta | None, *, sent_at: float) -> None:
        """Take a refusal: pause every lane, and slow down once for all requests on their way."""

    def granted(self) -> None:
        """Note that Notion took a request."""

    def snapshot(self) -> Budget:
        """Return the present state."""

    async def aclose(self) -> None:
        """Close what is held open; nothing is acquired afterwards."""


class RateLimiter:
    """Lets requests through strictly by lane, within a lane job by job, and never faster than allowed.

    Args:
        per_minute: What Notion grants in a minute; any positive number.
        clock: Seconds that only ever grow, at the pace of the event loop's own.
    """

    def __init__(self, per_minute: float, clock: Callable[[], float]) -> None:
        self._clock = clock
        pace = permitted(per_minute)
        self._bucket = Bucket(pace, now=clock(), turns=pace.burst)
        self._turns = Turns(returned=self._bucket.give_back)
        self._timer: asyncio.TimerHandle | None = None
        self._used: Counter[Lane] = Counter()

    async def acquire(self, lane: Lane) -> float:
        """Wait for this request's turn; return the time of sending, to hand to `throttled`."""
        place = self._turns.arrive()
        while True:
            turn = self._turns.join(lane, place)
            self._serve()
            try:
                await self._turns.taken(turn)
            except asyncio.CancelledError:
                self._serve()
                raise
            now = self._clock()
            if now >= self._bucket.paused_until:
                self._used[lane] += 1
                self._bucket.sent(now)
                return now
            self._bucket.give_back()  # a pause began between the turn and this moment

    def pause(self, span: timedelta) -> None:
        """Let nothing through for a while; a longer pause already running stays."""
        self._bucket.pause(span, now=self._clock())
        self._serve()

    def throttled(self, retry_after: timedelta | None, *, sent_at: float) -> None:
        """Take a refusal: pause every lane, and slow down once for all requests on their way."""
        self._bucket.throttled(retry_after, sent_at=sent_at, now=self._clock())
        self._serve()

    def granted(self) -> None:
        """Note that Notion took a request: the next refusal without a time begins with a short pause."""
        self._bucket.granted()

    def snapshot(self) -> Budget:
        """Return the present state."""
        now, bucket = self._clock(), self._bucket
        return Budget(
            per_minute=bucket.rate(now) * WINDOW,
            ceiling=bucket.permitted.rate * WINDOW,
            paused_for=timedelta(seconds=max(0.0, bucket.paused_until - now)),
            waiting=counted_by_lane(self._turns.waiting()),
            used=Counter(self._used),
            refusals=bucket.refusals,
        )

    async def aclose(self) -> None:
        """Close nothing: nobody else keeps this budget."""

    def _serve(self) -> None:
        """Grant every turn that is due and set the clock for the next one."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._turns.next_rank() is not None:
            wait = self._bucket.wait(self._clock())
            if wait > 0:
                self._timer = asyncio.get_running_loop().call_later(
                    min(max(wait, 1e-4), _LOOK_AGAIN), self._serve
                )
                return
            self._bucket.take()
            self._turns.give()


def counted_by_lane(waiting: Mapping[int, int]) -> Mapping[Lane, int]:
    """Return the counts by lane instead of by rank."""
    return Counter({Lane(rank): count for rank, count in waiting.items()})
