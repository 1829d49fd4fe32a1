"""What a task at rest wakes for."""

import asyncio

from daemon.alarm import Alarm

LONG = 30.0


async def test_a_ring_ends_a_rest() -> None:
    """Who rests is woken by a ring, long before the time is over."""
    alarm = Alarm()
    resting = asyncio.create_task(alarm.rest(10 * LONG))
    await asyncio.sleep(0)
    alarm.ring()
    async with asyncio.timeout(LONG):
        assert await resting


async def test_a_ring_before_a_rest_is_kept() -> None:
    """A ring while nobody rests ends the next rest at once, and only that one, however often it rang."""
    alarm = Alarm()
    alarm.ring()
    alarm.ring()
    async with asyncio.timeout(LONG):
        assert await alarm.rest(10 * LONG)
    assert not await alarm.rest(0.01)


async def test_a_rest_that_was_cut_short_does_no_harm() -> None:
    """After a rest that was cancelled, the next one ends by a ring as any other."""
    alarm = Alarm()
    resting = asyncio.create_task(alarm.rest(10 * LONG))
    await asyncio.sleep(0)
    resting.cancel()
    await asyncio.gather(resting, return_exceptions=True)
    alarm.ring()
    async with asyncio.timeout(LONG):
        assert await alarm.rest(10 * LONG)
