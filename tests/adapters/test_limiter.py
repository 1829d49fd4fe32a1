"""Whose turn it is, and what a pause does to it, on virtual time."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.notion.job_requests import FIRST, FURTHER, STEPS_BACK, one_job
from sync.notion.limiter import Lane, RateLimiter
from virtual_time import VirtualLoop, virtually


async def _order(limiter: RateLimiter, lanes: list[Lane]) -> list[tuple[Lane, int]]:
    order: list[tuple[Lane, int]] = []

    async def one(lane: Lane, number: int) -> None:
        await limiter.acquire(lane)
        order.append((lane, number))

    await asyncio.gather(*(one(lane, number) for number, lane in enumerate(lanes)))
    return order


@given(st.lists(st.sampled_from(Lane), min_size=1, max_size=25))
@settings(max_examples=50, deadline=None)
def test_serves_by_lane_then_by_arrival(lanes: list[Lane]) -> None:
    """While requests wait, the more urgent lane goes first, and within a lane the one that came first."""

    async def main(loop: VirtualLoop) -> list[tuple[Lane, int]]:
        limiter = RateLimiter(60, loop.time)
        await limiter.acquire(Lane.LIVE)
        return await _order(limiter, lanes)

    order = virtually(main)
    assert order == sorted(order)
    assert len(order) == len(lanes)


@given(st.lists(st.integers(1, FIRST), min_size=2, max_size=25))
@settings(max_examples=50, deadline=None)
def test_a_job_that_has_begun_goes_on_first(sizes: list[int]) -> None:
    """However many jobs want turns at once, they end in the order in which they began."""

    async def main(loop: VirtualLoop) -> list[int]:
        limiter, ended = RateLimiter(180, loop.time), []

        async def one(job: int, size: int) -> None:
            with one_job():
                for _ in range(size):
                    await limiter.acquire(Lane.LIVE)
                ended.append(job)

        await asyncio.gather(*(one(job, size) for job, size in enumerate(sizes)))
        return ended

    assert virtually(main) == list(range(len(sizes)))


def test_a_long_job_keeps_no_other_waiting() -> None:
    """After its first requests a job steps back behind whoever comes; others come one by one."""

    async def main(loop: VirtualLoop) -> list[str]:
        limiter, turns = RateLimiter(180, loop.time), []
        all_have_begun = asyncio.Event()

        async def one(name: str, size: int) -> None:
            for _ in range(size):
                await limiter.acquire(Lane.LIVE)
                turns.append(name)
                if name == "e":
                    all_have_begun.set()

        async def job(name: str, size: int) -> None:
            with one_job():
                await one(name, size)

        async def later() -> None:
            await all_have_begun.wait()
            await job("f", 2)

        await asyncio.gather(
            job("a", FIRST + 3), job("b", 2), one("c", 2), job("d", FIRST), job("e", FIRST + 3), later()
        )
        return turns

    a, d, e = ["a"] * FIRST, ["d"] * FIRST, ["e"] * FIRST
    assert virtually(main) == [*a, *"bbc", *d, *e, *"cff", *"aaaeee"]


@given(st.integers(FIRST + 1, FIRST + FURTHER))
@settings(max_examples=5, deadline=None)
def test_a_long_job_ends_however_many_come(size: int) -> None:
    """Only so many later requests go before those of a long job, even if there is no end to them."""

    async def main(loop: VirtualLoop) -> int:
        limiter, others = RateLimiter(180, loop.time), 0

        async def long() -> None:
            with one_job():
                for _ in range(size):
                    await limiter.acquire(Lane.LIVE)

        async def come() -> None:
            nonlocal others
            while True:
                with one_job():
                    await limiter.acquire(Lane.LIVE)
                others += 1

        ending = asyncio.create_task(long())
        coming = [asyncio.create_task(come()) for _ in range(10)]
        await ending
        for task in coming:
            task.cancel()
        return others

    assert STEPS_BACK - 10 < virtually(main) <= STEPS_BACK + 10


def test_long_jobs_however_many_let_each_new_one_go_first() -> None:
    """Once they have stepped back, a job that begins has the next turn, whenever it comes."""
    many = 19

    async def main(loop: VirtualLoop) -> list[float]:
        limiter = RateLimiter(180, loop.time)

        async def long() -> None:
            with one_job():
                for _ in range(3 * FURTHER):
                    await limiter.acquire(Lane.LIVE)

        under_way = [asyncio.create_task(long()) for _ in range(many)]
        await asyncio.sleep(many * FIRST / 3 + 10)
        waits = []
        for _ in range(30):
            await asyncio.sleep(30)
            before = loop.time()
            with one_job():
                await limiter.acquire(Lane.LIVE)
            waits.append(loop.time() - before)
        assert not under_way[-1].done()
        await asyncio.gather(*under_way)
        return waits

    assert max(virtually(main)) < 1.0


def test_requests_of_one_job_may_wait_together() -> None:
    """Where a job sends several at once, they share its place, and each has its turn in order."""

    async def main(loop: VirtualLoop) -> list[tuple[Lane, int]]:
        limiter = RateLimiter(180, loop.time)
        with one_job():
            return await _order(limiter, [Lane.LIVE] * FIRST)

    assert virtually(main) == [(Lane.LIVE, number) for number in range(FIRST)]


def _grant_one(loop: VirtualLoop, limiter: RateLimiter) -> None:
    """Let a turn of one in a second be granted whose task has not run yet, as on a loop that was busy."""
    loop.passed += 60.6 / 60
    limiter.pause(timedelta(0))


@given(st.lists(st.booleans(), min_size=2, max_size=12))
@settings(max_examples=50, deadline=None)
def test_a_cancelled_turn_goes_to_the_next(cancelled: list[bool]) -> None:
    """Cancelling a waiter, before or right after its turn came, costs the others nothing."""

    async def main(loop: VirtualLoop) -> float:
        limiter = RateLimiter(60, loop.time)
        await limiter.acquire(Lane.LIVE)
        start = loop.time()
        tasks = [asyncio.create_task(limiter.acquire(Lane.LIVE)) for _ in cancelled]
        await asyncio.sleep(0)
        _grant_one(loop, limiter)
        for task, gone in zip(tasks, cancelled, strict=True):
            if gone:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await limiter.acquire(Lane.LIVE)
        return loop.time() - start

    survivors = cancelled.count(False)
    assert virtually(main) == pytest.approx((1 + survivors) * 60.5 / 60, abs=0.01)


@given(st.lists(st.floats(0, 300), min_size=1, max_size=5))
@settings(max_examples=50, deadline=None)
def test_the_longest_pause_holds_for_all(pauses: list[float]) -> None:
    """No lane sends before the longest of the pauses is over, and then requests flow again at once."""

    async def main(loop: VirtualLoop) -> float:
        limiter = RateLimiter(600, loop.time)
        for seconds in pauses:
            limiter.pause(timedelta(seconds=seconds))
        start = loop.time()
        await asyncio.gather(*(limiter.acquire(lane) for lane in Lane))
        return loop.time() - start

    assert virtually(main) == pytest.approx(max(pauses), abs=0.01)


def test_a_pause_holds_back_a_turn_just_granted() -> None:
    """A refusal that arrives between a turn and its request still stops the request."""

    async def main(loop: VirtualLoop) -> float:
        limiter = RateLimiter(60, loop.time)
        start = await limiter.acquire(Lane.LIVE)
        waiting = asyncio.create_task(limiter.acquire(Lane.LIVE))
        await asyncio.sleep(0)
        _grant_one(loop, limiter)
        limiter.pause(timedelta(seconds=17))
        return await waiting - start

    assert virtually(main) == pytest.approx(60.5 / 60 + 17, abs=0.01)


def test_refusals_on_their_way_count_once() -> None:
    """Several requests refused together slow the pace down once; without a time the pause is short first."""

    async def main(loop: VirtualLoop) -> tuple[float, int, float]:
        limiter = RateLimiter(600, loop.time)
        sent = [await limiter.acquire(Lane.LIVE) for _ in range(5)]
        await asyncio.sleep(0.2)
        for sent_at in sent:
            limiter.throttled(timedelta(seconds=10), sent_at=sent_at)
        budget = limiter.snapshot()
        return budget.per_minute / budget.ceiling, budget.refusals, budget.paused_for.total_seconds()

    assert virtually(main) == pytest.approx((0.7, 1, 10))


def test_a_refusal_without_a_time_pauses_longer_each_time() -> None:
    """Where Notion does not say how long, the pause doubles up to a minute, until a request is granted."""

    async def main(loop: VirtualLoop) -> list[float]:
        limiter = RateLimiter(600, loop.time)
        pauses = []
        for _ in range(8):
            limiter.throttled(None, sent_at=await limiter.acquire(Lane.LIVE))
            pauses.append(limiter.snapshot().paused_for.total_seconds())
        await limiter.acquire(Lane.LIVE)
        limiter.granted()
        limiter.throttled(None, sent_at=loop.time())
        return [*pauses, limiter.snapshot().paused_for.total_seconds()]

    assert virtually(main) == pytest.approx([2, 4, 8, 16, 32, 60, 60, 60, 2])


def test_a_day_of_refusals_without_a_time_is_outlived() -> None:
    """However often Notion refuses in a row, the pause is a minute, and the first grant ends it."""

    async def main(loop: VirtualLoop) -> tuple[float, float]:
        limiter = RateLimiter(180, loop.time)
        for _ in range(1_100):
            limiter.throttled(None, sent_at=await limiter.acquire(Lane.CHECK))
        longest = limiter.snapshot().paused_for.total_seconds()
        await limiter.acquire(Lane.CHECK)
        limiter.granted()
        limiter.throttled(None, sent_at=loop.time())
        return longest, limiter.snapshot().paused_for.total_seconds()

    assert virtually(main) == pytest.approx((60, 2))


def test_the_snapshot_counts_by_lane() -> None:
    """Status sees who waits and who was served."""

    async def main(loop: VirtualLoop) -> tuple[Mapping[Lane, int], Mapping[Lane, int]]:
        limiter = RateLimiter(60, loop.time)
        await limiter.acquire(Lane.CHECK)
        task = asyncio.create_task(limiter.acquire(Lane.BACKFILL))
        await asyncio.sleep(0)
        budget = limiter.snapshot()
        task.cancel()
        return budget.used, budget.waiting

    assert virtually(main) == ({Lane.CHECK: 1}, {Lane.BACKFILL: 1})
