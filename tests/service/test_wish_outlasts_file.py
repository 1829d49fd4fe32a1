"""A page that Jen put into the trash stays there when its log is away for a while."""

import pytest

from sync.names import LogPath
from sync.state.records import Standing
from sync.state.wishes import released
from tests.worlds.departing import OTHER, PATH, gone, log
from tests.worlds.world import World

NEW = "2026-01-10-task-renamed.md"


async def _unwanted(world: World) -> str:
    """Put the page of a log into the trash, let that be noticed, and return the page."""
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1"))
    page = str(world.page(PATH)["id"])
    world.notion.human.trash_page(page)
    await world.look_in_doubt(PATH)
    assert world.record(PATH).standing is Standing.TRASHED
    return page


@pytest.mark.parametrize("text", [log("TASK-1"), log("TASK-1", lines=9)], ids=["as before", "changed"])
@pytest.mark.parametrize("long", [False, True])
async def test_a_log_that_was_away_does_not_bring_its_page_back(world: World, text: str, long: bool) -> None:
    """Saved anew by deleting first, or gone for minutes: her wish stands until a retry."""
    page = await _unwanted(world)
    (world.root / PATH).unlink()
    if long:
        await gone(world, PATH)
    else:
        world.event(PATH)
        await world.work_once()

    await world.sync(PATH, text)

    assert world.pages(PATH) == []
    assert world.record(PATH).standing is Standing.TRASHED
    assert "ai-traces retry" in world.record(PATH).hint
    world.store.save(released(world.record(PATH), now=world.clock()))
    await world.look(PATH)
    assert world.check(PATH)["id"] == page


async def test_a_page_that_she_took_out_again_meanwhile_serves_the_log(world: World) -> None:
    """What she has brought back herself is wanted again."""
    page = await _unwanted(world)
    (world.root / PATH).unlink()
    await gone(world, PATH)
    world.notion.human.restore_page(page)

    await world.sync(PATH, log("TASK-1", lines=9))

    assert world.check(PATH)["id"] == page


@pytest.mark.parametrize("first", [PATH, NEW])
async def test_another_name_makes_another_page(world: World, first: str) -> None:
    """Whichever name is looked at first, what she put away stays away under the old one."""
    page = await _unwanted(world)
    world.rename(PATH, NEW)
    world.event(first)
    await world.work_once()

    await world.look(PATH, NEW)

    assert world.check(NEW)["id"] != page
    assert world.notion.workspace.pages[page].in_trash
    record = world.store.page(LogPath(PATH))
    assert record is not None
    assert record.standing is Standing.UNWANTED
