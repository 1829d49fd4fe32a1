"""Thousands of logs through the true worker and gateway, on virtual time, however Notion counts."""

from pathlib import Path

import pytest

from sync.notion.emulator import Emulator, FixedWindow, RateRule, TokenBucket
from sync.notion.emulator.mishaps.ratelimit import WORKSPACE_REASON
from tests.worlds.timed_world import TimedWorld
from virtual_time import VirtualLoop, virtually

LATENCY = 0.4
WORKSPACE = FixedWindow(450, 180.0, WORKSPACE_REASON)
"""Where a refusal asks for up to three minutes."""


@pytest.mark.parametrize(
    ("rules", "per_minute"),
    [
        pytest.param([TokenBucket(3.0, 3)], 180, id="three-a-second"),
        pytest.param([FixedWindow(180)], 180, id="so-many-a-minute"),
        pytest.param([FixedWindow(180), WORKSPACE], 150, id="workspace"),
    ],
)
@pytest.mark.parametrize("logs", [1_000, pytest.param(5_000, marks=pytest.mark.slow)])
def test_a_backfill_uses_what_is_permitted(
    directory: Path, rules: list[RateRule], per_minute: int, logs: int
) -> None:
    """95 % of what Notion grants is used, under 1 % is refused, and no pause that it asks for is broken."""

    async def main(loop: VirtualLoop) -> TimedWorld:
        notion = Emulator(clock=loop.now, rate=rules, latency=LATENCY)
        notion.create_database()
        world = TimedWorld(directory, loop, notion=notion)
        for number in range(logs):
            world.write(f"{number:04}.md", f"# Execution Log: T-{number}\n\nText.\n")
        await world.start()
        world.witness.granted.clear()
        await world.rest()
        await world.close()
        return world

    world = virtually(main)
    witness = world.witness
    assert len(world.notion.dump()) == len(witness.granted) == logs
    minutes = (witness.granted[-1] - witness.granted[0]) / 60
    assert logs / minutes >= 0.95 * per_minute
    assert witness.refused < 0.01 * logs
    assert witness.early == 0
