"""Another version or other settings make pages anew: late, gently, and only where they really differ."""

import hashlib
from dataclasses import replace

import pytest

from sync.names import LogPath
from sync.notion.limiter import Lane
from tests.worlds.world import World

LOG = "# Execution Log: T-{}\n\n## Task\n\nText.\n"
SECRET = LOG + "\nexport GITHUB_TOKEN=ghp_{}\n"
COUNT, DIFFERENT = 12, 3


async def _under_other_settings(world: World) -> None:
    """Sync logs as they are, some with a secret, and start again with settings that take secrets out."""
    world.rules = replace(world.rules, redact=False, edition="0-a")
    await world.restart()
    for number in range(COUNT):
        secret = hashlib.sha256(str(number).encode()).hexdigest()[:36]
        world.write(f"{number:02}.md", (SECRET if number < DIFFERENT else LOG).format(number, secret))
    world.rescan()
    await world.rest()
    world.rules = replace(world.rules, redact=True, edition="0-b")
    await world.restart()
    world.forget_requests()


async def test_only_pages_that_differ_cost_requests(world: World) -> None:
    """What the new edition makes the same is known to be the same: no request tells it."""
    await _under_other_settings(world)
    await world.rest()
    changed = {entry.path.split("/")[3] for entry in world.notion.journal.writes()}
    assert 0 < len(changed) <= 2 * DIFFERENT
    assert world.requests <= 6 * DIFFERENT
    assert all(world.record(f"{number:02}.md").edition == "0-b" for number in range(COUNT))
    assert "ghp_" not in str(world.notion.dump())
    world.forget_requests()
    await world.restart()
    world.forget_requests()
    await world.rest()
    assert world.requests == 0


async def test_what_only_looks_old_waits_for_everything_else(world: World) -> None:
    """Old pages go last: behind what is live, and behind logs that have no page yet."""
    await _under_other_settings(world)
    assert world.backlog.count(lane=Lane.CHECK) == COUNT
    world.write("new.md", LOG.format("new"))
    world.rescan()
    await world.sync("05.md", LOG.format("live"))
    order = [job.path for job in world.jobs]
    assert order[:2] == ["05.md", "new.md"]


@pytest.mark.parametrize("requests", [1, 2, 4])
async def test_a_death_on_the_way_loses_and_repeats_nothing(world: World, requests: int) -> None:
    """What was made anew stays so, and the rest follows after the next start."""
    await _under_other_settings(world)
    assert await world.die(requests, "after")
    await world.start()
    done = sum(world.record(f"{number:02}.md").edition == "0-b" for number in range(COUNT))
    assert world.backlog.count() == COUNT - done
    await world.rest()
    assert all(world.record(f"{number:02}.md").edition == "0-b" for number in range(COUNT))
    assert len(world.notion.dump()) == COUNT
    assert "ghp_" not in str(world.notion.dump())


async def test_the_next_version_is_another_edition(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A raised renderer puts every page on the list, and a page as it should be costs nothing."""
    from sync.page import edition as editions  # noqa: PLC0415 - patched here alone

    await world.sync("a.md", LOG.format(1))
    before = editions.edition({}, redact=True)
    monkeypatch.setattr(editions, "RENDERER", editions.RENDERER + 1)
    after = editions.edition({}, redact=True)
    assert before != after
    world.rules = replace(world.rules, edition=after)
    await world.restart()
    assert world.backlog.count(lane=Lane.CHECK) == 1
    world.forget_requests()
    await world.rest()
    assert world.requests == 0
    assert world.record(LogPath("a.md")).edition == after
