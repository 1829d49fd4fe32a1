"""How many requests the budget lets out, on virtual time: an hour of them in a moment."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from math import inf

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sync.names import Digest, Key, Property
from sync.notion.calls import Calls
from sync.notion.client import http_client, notion_client
from sync.notion.connect import Wanted
from sync.notion.emulator import AI_TRACES, DEMO_TOKEN, Emulator, EmulatorTransport, FixedWindow, RateRule
from sync.notion.gateway import Gateway
from sync.notion.limiter import Budget, Lane, RateLimiter
from sync.notion.pacing import Slowdown, permitted, slowed
from sync.page.draft import PageDraft, Text
from virtual_time import VirtualLoop, virtually


class Window:
    """So many requests in each window of a fixed length, as Notion counts them."""

    def __init__(self, limit: int, *, length: float = 60.0, phase: float = 0.0) -> None:
        self._limit, self._length, self._phase = limit, length, phase
        self._window, self._count = -1, 0

    def refuse(self, now: float) -> float | None:
        """Take a request, or return the Retry-After in seconds."""
        window = int((now - self._phase) // self._length)
        if window != self._window:
            self._window, self._count = window, 0
        if self._count < self._limit:
            self._count += 1
            return None
        return float(int((window + 1) * self._length + self._phase - now) + 1)


class Bucket:
    """A token bucket: a burst, and so many requests in a second."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate, self._burst = rate, burst
        self._tokens, self._at = float(burst), 0.0

    def refuse(self, now: float) -> float | None:
        """Take a request, or return the Retry-After in seconds."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens >= 1:
            self._tokens -= 1
            return None
        return 1.0


class Traffic:
    """Eight workers that send without end to a server with a rule."""

    def __init__(self, limiter: RateLimiter, rule: Window | Bucket, clock: Callable[[], float]) -> None:
        self._limiter, self._rule, self._clock = limiter, rule, clock
        self._random = random.Random(7)  # noqa: S311 - a simulation
        self._closed_until = 0.0
        self.granted = self.refused = self.early = 0

    async def run(self, seconds: float) -> None:
        """Send for so long."""
        workers = [asyncio.create_task(self._work()) for _ in range(8)]
        await asyncio.sleep(seconds)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            sent_at = await self._limiter.acquire(Lane.BACKFILL)
            self.early += self._clock() < self._closed_until
            await asyncio.sleep(self._random.uniform(0.02, 0.2))
            wait = self._rule.refuse(self._clock())
            await asyncio.sleep(self._random.uniform(0.1, 0.4))
            if wait is None:
                self.granted += 1
                self._limiter.granted()
            else:
                self.refused += 1
                self._closed_until = max(self._closed_until, self._clock() + wait)
                self._limiter.throttled(timedelta(seconds=wait), sent_at=sent_at)


HOUR = 3_600.0


@pytest.mark.parametrize(
    ("per_minute", "rule", "hourly"),
    [
        pytest.param(180, Window(180, phase=13.0), 180 * 60, id="window"),
        pytest.param(600, Window(600, phase=41.0), 600 * 60, id="business-window"),
        pytest.param(60, Window(60, phase=5.0), 60 * 60, id="slow-window"),
        pytest.param(180, Bucket(3.0, 3), 180 * 60, id="bucket"),
        pytest.param(180, Window(120, phase=13.0), 120 * 60, id="lower-window-than-told"),
        pytest.param(180, Bucket(2.0, 10), 120 * 60, id="lower-bucket-than-told"),
        pytest.param(600, Window(180), 180 * 60, id="much-lower-window-than-told"),
        pytest.param(180, Window(450, length=200.0), 450 * 18, id="workspace"),
    ],
)
def test_uses_what_is_permitted(per_minute: float, rule: Window | Bucket, hourly: int) -> None:
    """At least 95 % of what a server grants is used, under 1 % is refused, and no pause is broken."""

    async def main(loop: VirtualLoop) -> Traffic:
        traffic = Traffic(RateLimiter(per_minute, loop.time), rule, loop.time)
        await traffic.run(HOUR)
        return traffic

    traffic = virtually(main)
    assert traffic.early == 0
    assert traffic.granted >= 0.95 * hourly
    assert traffic.refused < 0.01 * traffic.granted


@pytest.mark.parametrize("rule", [FixedWindow(180), [FixedWindow(180), FixedWindow(100, 90.0, "workspace")]])
def test_a_gateway_keeps_to_notions_own_rules(rule: RateRule | list[RateRule]) -> None:
    """Through the real client all writes arrive once, at the permitted rate, however often Notion says no."""

    async def main(loop: VirtualLoop) -> tuple[Emulator, float]:
        notion = Emulator(clock=loop.now, rate=rule, latency=0.3)
        notion.create_database()
        async with http_client(transport=EmulatorTransport(notion)) as http:
            client = notion_client(http, token=DEMO_TOKEN, base_url="https://notion.test")
            calls = Calls(
                client,
                RateLimiter(180, loop.time),
                settle=timedelta(seconds=65),
                jitter=lambda: 0.5,
                sleep=asyncio.sleep,
            )
            gateway = Gateway(calls, Wanted(database=AI_TRACES, names={}, ids={}, manage_schema=True))
            await gateway.connect()
            start = loop.time()
            turns = asyncio.Semaphore(8)

            async def create(number: int) -> None:
                async with turns:
                    await gateway.create_page(_draft(number), [], lane=Lane.BACKFILL)

            await asyncio.gather(*(create(number) for number in range(900)))
            return notion, 900 / (loop.time() - start)

    notion, rate = virtually(main)
    assert len(notion.dump()) == 900
    refused = sum(entry.status == 429 for entry in notion.journal.entries)
    permitted_rate = 100 / 90 if isinstance(rule, list) else 180 / 60
    assert rate >= 0.95 * permitted_rate
    assert refused <= (18 if isinstance(rule, list) else 0)


def _draft(number: int) -> PageDraft:
    properties = {Property.TITLE: Text(str(number))}
    return PageDraft(
        key=Key(f"{number}.md"), content_hash=Digest("a" * 64), icon="✅", properties=properties, body=()
    )


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.integers(1, 1_000), st.floats(0.5, 400)), st.integers(0, 90))
def test_no_minute_sees_more_than_permitted(per_minute: float, idle: int) -> None:
    """Whatever the phase of Notion's window, and after any idle time, it never holds more than allowed."""

    async def main(loop: VirtualLoop) -> list[float]:
        limiter = RateLimiter(per_minute, loop.time)
        times = [await limiter.acquire(Lane.LIVE) for _ in range(2)]
        await asyncio.sleep(idle)
        return times + [await limiter.acquire(Lane.LIVE) for _ in range(int(per_minute * 2.5) + 3)]

    times = virtually(main)
    most = max(1, int(per_minute))
    for first, beyond in zip(times, times[most:], strict=False):
        assert beyond - first > 60.0


@given(st.floats(0.001, 20), st.integers(0, 1_000), st.floats(0, 2_000), st.floats(0, 100))
def test_the_rate_only_rises_until_the_next_refusal(
    rate: float, granted: int, at: float, more: float
) -> None:
    """After a refusal the rate starts at seven tenths, never falls by itself and ends at the ceiling."""
    lesson = slowed(rate, granted=granted, at=0.0)
    assert lesson.rate(0.0, rate) == pytest.approx(0.7 * rate)
    assert lesson.rate(at, rate) <= lesson.rate(at + more, rate) * (1 + 1e-9)
    assert lesson.rate(at, rate) <= rate
    assert lesson.rate(10_000.0, rate) == rate


@settings(max_examples=200, deadline=None)
@given(st.floats(0, exclude_min=True, allow_infinity=False), st.integers(0, 3), st.floats(0, 1e7))
@example(5e-324, 3, 0.0)
@example(1.7e308, 3, 1e7)
def test_any_positive_number_is_a_pace(per_minute: float, refusals: int, idle: float) -> None:
    """The first request goes at once, what follows waits without haste, and what is shown is a number."""

    async def main(loop: VirtualLoop) -> tuple[float, Budget, int]:
        looks = Counter[str]()

        def clock() -> float:
            looks["at the clock"] += 1
            return loop.time()

        limiter = RateLimiter(per_minute, clock)
        sent_at = await limiter.acquire(Lane.LIVE)
        await asyncio.sleep(idle)
        for _ in range(refusals):
            limiter.throttled(None, sent_at=sent_at)
        waiting = asyncio.create_task(limiter.acquire(Lane.LIVE))
        looks.clear()
        await asyncio.wait([waiting], timeout=60)
        waiting.cancel()
        return sent_at, limiter.snapshot(), looks.total()

    sent_at, budget, looks = virtually(main)
    assert sent_at == 0
    assert looks <= 120
    assert 0 < budget.per_minute <= budget.ceiling < inf


@pytest.mark.parametrize(("per_minute", "burst"), [(0.5, 1), (1, 1), (60, 1), (180, 3), (600, 10)])
def test_the_burst_is_what_a_second_holds(per_minute: float, burst: float) -> None:
    """A few requests may go together after a quiet time, as many as a second's share."""
    assert permitted(per_minute).burst == burst
    assert Slowdown(0.0, 1.0, 1.0).rate(5.0, 3.0) == 1.0
