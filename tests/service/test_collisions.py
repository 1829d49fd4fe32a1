"""A write that collided with another was surely not carried out: nothing waits, and nothing is looked up."""

from sync.departure_decision import GRACE
from sync.notion.emulator import Fault, FaultKind
from sync.planning.page_state import Absent, Uncertain
from sync.state.records import Standing
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
LOG = "# Execution Log: T-1\n\n## Task\n\nDo it.\n"


async def test_a_create_that_collides_leaves_no_doubt(world: World) -> None:
    """The next attempt makes the page at once; until then there is none."""
    world.notion.faults.add(Fault(kind=FaultKind.CONFLICT, method="POST", path="^/v1/pages$", count=4))
    world.write(PATH, LOG)
    world.event(PATH)
    await world.work_once()
    assert world.record(PATH).page == Absent()
    await world.rest()
    world.check(PATH)


async def test_an_update_that_collides_leaves_no_doubt(world: World) -> None:
    """What is known of the page stays known."""
    await world.sync(PATH, LOG)
    world.notion.faults.add(Fault(kind=FaultKind.CONFLICT, method="PATCH", count=4))
    world.write(PATH, LOG.replace("Do it", "Done"))
    world.event(PATH)
    await world.work_once()
    assert not isinstance(world.record(PATH).page, Uncertain)
    await world.rest()
    world.check(PATH)


async def test_a_farewell_that_collides_leaves_no_doubt(world: World) -> None:
    """The page is where it was until the next attempt moves it to the trash."""
    await world.sync(PATH, LOG)
    await world.sync("2026-01-11-other.md", LOG.replace("T-1", "T-2"))
    world.notion.faults.add(Fault(kind=FaultKind.CONFLICT, method="PATCH", body="in_trash", count=4))
    (world.rules.root / PATH).unlink()
    world.event(PATH)
    await world.work_once()
    world.clock.now += GRACE
    await world.work_once()
    assert not isinstance(world.record(PATH).page, Uncertain)
    await world.rest()
    assert world.record(PATH).standing is Standing.DEPARTED
