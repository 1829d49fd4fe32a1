"""A log goes or comes back while the process dies: in the end it has a page if it is there, else none."""

import pytest

from sync.departure_decision import GRACE
from sync.names import LogPath
from sync.state.records import Standing
from tests.worlds.departing import OTHER, PATH, gone, log, work
from tests.worlds.world import World


async def test_a_log_deleted_while_its_page_is_being_made_leaves_none(world: World) -> None:
    """A create whose answer was lost, and then no file: the page is found and goes too."""
    await world.sync(OTHER, log("TASK-0"))
    world.write(PATH, log("TASK-1"))
    world.event(PATH)
    assert await world.die(1, "after")
    (world.root / PATH).unlink()
    await world.start()
    await gone(world, PATH)
    await world.rest()

    assert world.pages(PATH) == []
    assert world.store.page(LogPath(PATH)) is None or world.record(PATH).standing is Standing.DEPARTED


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_log_put_back_after_a_death_has_its_page(world: World, moment: str) -> None:
    """The page may be in the trash or not when the process dies: put back, the log has it again."""
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1"))
    page_id = world.page(PATH)["id"]
    (world.root / PATH).unlink()
    world.event(PATH)
    await work(world)
    world.clock.advance(GRACE.total_seconds())
    assert await world.die(1, moment)
    world.write(PATH, log("TASK-1"))

    await world.start()
    await world.rest()

    assert world.check(PATH)["id"] == page_id


async def test_a_farewell_that_comes_late_takes_no_page(world: World) -> None:
    """Notion trashes a page long after its asker died: a log put back meanwhile has its page."""
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1"))
    page_id = world.page(PATH)["id"]
    (world.root / PATH).unlink()
    world.event(PATH)
    await work(world)
    world.clock.advance(GRACE.total_seconds())
    assert await world.die(1, "in flight")
    world.write(PATH, log("TASK-2"))

    await world.start()
    await world.rest()
    world.notion.settle_all()

    assert world.check(PATH)["id"] == page_id


async def test_a_welcome_that_comes_late_brings_no_page(world: World) -> None:
    """Notion restores a page long after the death of who asked for it: a log gone meanwhile has none."""
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1"))
    (world.root / PATH).unlink()
    await gone(world, PATH)
    world.write(PATH, log("TASK-2"))
    world.event(PATH)
    assert await world.die(1, "in flight")
    (world.root / PATH).unlink()

    await world.start()
    await world.rest()
    world.notion.settle_all()

    assert world.pages(PATH) == []


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("requests", [1, 2, 3])
async def test_a_log_that_goes_again_takes_its_page_along(world: World, moment: str, requests: int) -> None:
    """Put back after it had departed, and gone again after a death in its restoration: no page is left."""
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1"))
    (world.root / PATH).unlink()
    await gone(world, PATH)
    assert world.pages(PATH) == []
    world.write(PATH, log("TASK-2"))
    world.event(PATH)
    assert await world.die(requests, moment)
    (world.root / PATH).unlink()

    await world.start()
    await world.rest()

    assert world.pages(PATH) == []


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_death_in_a_departure_does_not_stop_it(world: World, moment: str) -> None:
    """The page goes all the same, after the restart."""
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1"))
    (world.root / PATH).unlink()
    world.event(PATH)
    await work(world)
    world.clock.advance(GRACE.total_seconds())
    assert await world.die(1, moment)

    await world.start()
    await world.rest()

    assert world.pages(PATH) == []
    world.check(OTHER)
