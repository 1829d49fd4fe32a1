"""AI_TRACES_ON_PAGE_EDITED=report: her words in our properties are saved once the log goes over them."""

from typing import Any

import pytest

from tests.worlds.world import World

PATH = "2026-01-10-task.md"
LOG = "# Execution Log: T-1\n\n**ENV:** dev\n\n## Task\n\nOne.\n\n## Tools Used\n\n- Bash: ran\n"
HERS = "My own summary"
_CASES: dict[str, tuple[dict[str, Any], str, str]] = {
    "Summary": ({"rich_text": [{"text": {"content": HERS}}]}, "One.", "Two."),
    "ENV": ({"select": {"name": HERS}}, "dev", "prod"),
    "Tools": ({"multi_select": [{"name": HERS}]}, "Bash", "Read"),
    "Log Path": ({"rich_text": [{"text": {"content": HERS}}]}, "One.", "Two."),
    "Name": ({"title": [{"text": {"content": HERS}}]}, "T-1", "T-2"),
}


def _everything_said(world: World) -> str:
    return f"{world.words_in_files()} {world.notion.dump()}"


@pytest.mark.usefixtures("reporting")
@pytest.mark.parametrize("name", _CASES)
@pytest.mark.parametrize("noticed", [False, True])
async def test_a_change_of_the_log_saves_them_first(world: World, name: str, noticed: bool) -> None:
    """Whether a look has found them before or not: nothing that she wrote is nowhere."""
    await world.sync(PATH, LOG)
    page = world.page(PATH)["id"]
    value, old, new = _CASES[name]
    world.clock.advance(120)
    world.notion.human.set_property(page, name, value)
    world.clock.advance(120)
    if noticed:
        await world.check_drift()
        await world.rest()
        assert HERS in str(world.notion.dump()), "it stays as long as the log says nothing else there"
        world.clock.advance(600)

    await world.sync(PATH, LOG.replace(old, new))

    assert HERS in _everything_said(world)
    assert await world.is_at_rest(PATH)


@pytest.mark.usefixtures("reporting")
@pytest.mark.parametrize("name", _CASES)
async def test_changes_elsewhere_do_not_let_them_be_forgotten(world: World, name: str) -> None:
    """A change that leaves her words alone leaves the page edited; a later one saves them first."""
    await world.sync(PATH, LOG)
    value, old, new = _CASES[name]
    world.clock.advance(120)
    world.notion.human.set_property(world.page(PATH)["id"], name, value)
    page = world.notion.dump()[0]["id"]
    for number in range(2):
        world.clock.advance(600)
        await world.check_drift()
        await world.rest()
        await world.sync(PATH, f"{LOG}- Read: {number}\n" if name != "Tools" else f"{LOG}\n{number}\n")

    assert world.record(PATH).edited or name == "Log Path"
    await world.sync(PATH, LOG.replace(old, new))

    assert HERS in _everything_said(world)
    assert [each["id"] for each in world.notion.dump()] == [page]
    assert await world.is_at_rest(PATH)
