"""Many logs that change at the same moment, with a budget that makes them wait for each other."""

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
