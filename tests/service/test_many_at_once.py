"""Many logs that change at the same moment, with a budget that makes them wait for each other."""

import asyncio
from pathlib import Path

import pytest

from sync.names import LogPath
from sync.notion.emulator import Emulator, FixedWindow
from sync.notion.limiter import Lane
from tests.worlds.timed_world import TimedWorld
from virtual_time import VirtualLoop, virtually

PER_MINUTE = 180
LATENCY = 0.5
LOGS = 40
LOG = "# Execution Log: T\n\n" + "".join(f"Paragraph {number}.\n\n" for number in range(90))
LONG = 5
LONG_LOG = "# Execution Log: T\n\n" + "".join(f"Paragraph {number}.\n\n" for number in range(2_000))


@pytest.mark.parametrize("lane", [Lane.LIVE, Lane.BACKFILL])
def test_an_edit_costs_what_it_costs_alone(directory: Path, lane: Lane) -> None:
    """Four requests for a line: what a page was seen to hold is still fresh when the line is written."""

    async def main(loop: VirtualLoop) -> TimedWorld:
        notion = Emulator(clock=loop.now, rate=FixedWindow(PER_MINUTE), latency=LATENCY)
        notion.create_database()
        world = TimedWorld(directory, loop, notion=notion)
        paths = [LogPath(f"{number:02}.md") for number in range(LOGS)]
        for path in paths:
            world.write(path, LOG)
        await world.start()
        await world.rest()
        for path in paths:
            world.write(path, LOG.replace("Paragraph 45.", "Paragraph 45, changed."))
        world.forget_requests()
        world.backlog.touch(paths, lane=lane, now=world.clock())
        await world.rest()
        await world.close()
        return world

    world = virtually(main)
    assert world.notion.journal.counts() == {"GET": 2 * LOGS, "PATCH": 2 * LOGS}


def test_long_logs_do_not_keep_a_short_one_waiting(directory: Path) -> None:
    """While several long logs become pages, a short one that comes later is there within seconds."""
    short = LogPath("short.md")

    async def main(loop: VirtualLoop) -> list[LogPath]:
        notion = Emulator(clock=loop.now, rate=FixedWindow(PER_MINUTE), latency=LATENCY)
        notion.create_database()
        world = TimedWorld(directory, loop, notion=notion)
        await world.start()
        await asyncio.sleep(60)
        long = [LogPath(f"{number:02}.md") for number in range(LONG)]
        for path in long:
            world.write(path, LONG_LOG)
        world.event(*long)
        working = asyncio.create_task(world.rest())
        await asyncio.sleep(15)
        world.write(short, LOG)
        world.event(short)
        world.worker.poke()
        await asyncio.sleep(3)
        ended = [job.path for job in world.jobs]
        await working
        await world.close()
        return ended

    assert virtually(main) == [short]
