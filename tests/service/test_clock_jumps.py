"""This machine's clock is set to another time: nothing waits longer for it, and nothing is overlooked."""

import asyncio
import os
from datetime import timedelta

import pytest

from sync.notion.emulator import Fault, FaultKind
from tests.worlds.world import World

OTHER = "2026-01-01-other.md"
PATH = "2026-01-10-task.md"
LOG = "# Execution Log: T-1\n\nOne.\n\nTwo.\n"

JUMPS = [timedelta(hours=-3), timedelta(days=-4000), timedelta(days=4000)]
SOON = timedelta(minutes=6)
"""The longest wait that there is by itself, and some more."""


@pytest.mark.parametrize("year", [1900, 2200, 2290, 2400])
async def test_a_log_of_any_date_is_synced_once(world: World, year: int) -> None:
    """Also where its time in nanoseconds is more than the state can hold as a number."""
    world.write(PATH, LOG)
    seconds = (year - 1970) * 31_556_952
    os.utime(world.root / PATH, (seconds, seconds))
    world.rescan()
    await world.rest()
    world.check(PATH)
    world.rescan()
    assert world.backlog.next_due(working=()) is None
    await world.restart()
    assert world.backlog.next_due(working=()) is None


@pytest.mark.parametrize("is_restarted", [False, True])
@pytest.mark.parametrize("jump", JUMPS)
async def test_a_lost_write_is_looked_up_as_soon_as_ever(
    world: World, jump: timedelta, is_restarted: bool
) -> None:
    """A log whose page may still be made waits for a minute, not for years."""
    world.notion.faults.add(Fault(kind=FaultKind.RESET_BEFORE, method="POST", path="/v1/pages$"))
    world.write(PATH, LOG)
    world.event(PATH)
    await world.work_once()
    world.skew = jump
    if is_restarted:
        await world.restart()
    await world.rest()
    world.check(PATH)
    assert world.longest_wait < SOON


@pytest.mark.parametrize("jump", JUMPS)
async def test_a_deleted_log_lets_its_page_go(world: World, jump: timedelta) -> None:
    """The grace of a log that is gone begins anew, and ends."""
    await world.sync(OTHER, LOG)
    await world.sync(PATH, LOG)
    world.delete(PATH)
    world.event(PATH)
    await world.work_once()
    world.skew = jump
    await world.rest()
    assert world.pages(PATH) == []
    assert world.longest_wait < SOON


@pytest.mark.parametrize("jump", JUMPS)
async def test_an_outage_ends_when_it_ends(world: World, jump: timedelta) -> None:
    """After a failure the next attempt is as near as it was."""
    world.notion.faults.add(Fault(kind=FaultKind.REFUSE, count=9))
    world.write(PATH, LOG)
    world.event(PATH)
    await world.work_once()
    world.skew = jump
    await world.rest()
    world.check(PATH)
    assert world.longest_wait < SOON


@pytest.mark.parametrize("jump", JUMPS)
async def test_what_jen_does_is_found_though_the_clock_is_wrong(world: World, jump: timedelta) -> None:
    """Whether a person was at a page is a matter of Notion's clock alone."""
    world.skew = jump
    await world.restart()
    await world.sync(PATH, LOG)
    await world.check_drift()
    await world.rest()
    world.clock.advance(300)
    world.notion.human.edit_block(world.ids(PATH)["Two."], "Hers.")
    world.clock.advance(300)
    assert await world.check_drift() == (PATH,)
    await world.rest()
    world.check(PATH)
    world.clock.advance(300)
    assert await world.check_drift() == ()


@pytest.mark.parametrize("jump", JUMPS)
async def test_what_jen_does_while_the_clock_is_wrong_is_found(world: World, jump: timedelta) -> None:
    """Her edit is found by the next check once the clock is right again."""
    world.skew = jump
    await world.sync(PATH, LOG)
    await world.check_drift()
    await world.rest()
    world.clock.advance(300)
    world.notion.human.edit_block(world.ids(PATH)["Two."], "Hers.")
    world.clock.advance(300)
    world.skew = timedelta(0)
    await world.worker.work(asyncio.Event(), enough=lambda: True)
    await world.check_drift()
    await world.rest()
    world.check(PATH)
