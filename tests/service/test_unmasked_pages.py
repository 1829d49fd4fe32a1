"""The state is lost together with a change of what is masked: no page goes on to show what it should not."""

import hashlib
from dataclasses import replace

import pytest

from tests.worlds.world import World

LOG = "# Execution Log: T-{}\n\n## Task\n\nText.\n"
COUNT, SECRETS = 9, 3
TOKENS = [hashlib.sha256(str(number).encode()).hexdigest()[:36] for number in range(SECRETS)]


def _name(number: int) -> str:
    return f"{number:02}.md"


async def _filled(world: World, *, redact: bool) -> None:
    """Sync logs, some with a secret."""
    await _without_state(world, redact=redact)
    for number in range(COUNT):
        secret = f"\nexport GITHUB_TOKEN=ghp_{TOKENS[number]}\n" if number < SECRETS else ""
        world.write(_name(number), LOG.format(number) + secret)
    world.rescan()
    await world.rest()


async def _without_state(world: World, *, redact: bool) -> None:
    """Start with no state, under a setting."""
    world.stop()
    world.lose_state()
    world.rules = replace(world.rules, redact=redact, edition=f"0-{redact}")
    world.forget_requests()
    await world.start()
    await world.rest()


def _shown(world: World) -> list[str]:
    """Return the secrets that any page shows."""
    pages = str(world.notion.dump())
    return [token for token in TOKENS if token in pages]


async def test_what_was_written_unmasked_is_masked(world: World) -> None:
    """AI_TRACES_REDACT is switched on with the state gone: pages with secrets are found, and no others."""
    await _filled(world, redact=False)
    assert _shown(world) == TOKENS
    await _without_state(world, redact=True)
    assert _shown(world) == []
    changed = {entry.path.split("/")[3] for entry in world.notion.journal.writes()}
    assert len(changed) <= 2 * SECRETS
    assert len(world.notion.dump()) == COUNT
    world.forget_requests()
    await world.restart()
    await world.rest()
    assert world.writes == 0


async def test_what_was_masked_is_shown_again(world: World) -> None:
    """The other way round the pages go with the setting, too."""
    await _filled(world, redact=True)
    assert _shown(world) == []
    await _without_state(world, redact=False)
    assert _shown(world) == TOKENS


@pytest.mark.parametrize("redact", [True, False])
async def test_what_is_as_it_should_be_is_not_read(world: World, *, redact: bool) -> None:
    """Under the setting that they were written with, pages with secrets are known as all others are."""
    await _filled(world, redact=redact)
    shown = _shown(world)
    await _without_state(world, redact=redact)
    assert (world.writes, world.adopted, _shown(world)) == (0, COUNT, shown)
    assert world.requests <= 1 + 4


async def test_a_page_that_cannot_say_what_is_masked_is_read(world: World) -> None:
    """Where the database has no place for warnings, logs with secrets have their pages read."""
    await _filled(world, redact=False)
    source = world.notion.workspace.databases[world.database].data_sources[0]
    world.notion.human.delete_property(source, "Format Warnings")
    await _without_state(world, redact=True)
    assert _shown(world) == []
