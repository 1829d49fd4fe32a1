"""A log that gets another name while its page is being written, or is about to go."""

from collections.abc import Callable

import pytest

from sync.notion.emulator import Fault, FaultKind
from tests.worlds.meanwhile import once_before
from tests.worlds.world import World

OTHER = "2026-01-01-other.md"
OLD = "2026-01-10-task.md"
NEW = "2026-01-10-better.md"
LOG = "# Execution Log: T-1\n\n## Task\n\nFirst.\n\nSecond.\n"
CHANGED = LOG.replace("Second", "Changed")
HERS = "These are my own words."
LONG_ENOUGH = 0.3
"""Seconds in which another job would have come to its end."""


async def _begun(world: World) -> None:
    """Let the log have a page, in a database that has another page, too."""
    await world.sync(OTHER, LOG.replace("T-1", "T-2"))
    await world.sync(OLD, LOG)


def _heard(world: World, happening: Callable[[World], None]) -> Callable[[], None]:
    """Return what happens with the log, and is heard of at once."""

    def happens() -> None:
        happening(world)
        world.event(OLD, NEW)
        world.worker.poke()

    return happens


def _renames(world: World) -> None:
    (world.root / OLD).rename(world.root / NEW)


def _writes_again(world: World) -> None:
    world.write(NEW, LOG)


@pytest.mark.parametrize("log", [LOG, CHANGED])
async def test_its_page_follows_once_the_write_is_done(world: World, log: str) -> None:
    """Neither does the old name take the page along to the trash, nor is another one made."""
    await _begun(world)
    once_before(world.gateway.update_block, _heard(world, _renames), seconds=LONG_ENOUGH)
    page = world.page(OLD)["id"]
    world.notion.human.edit_block(world.ids(OLD)["Second."], HERS)
    world.store.doubt([world.record(OLD).path])

    await world.sync(OLD, log)
    await world.rest()

    assert world.check(NEW)
    assert world.page(NEW)["id"] == page
    assert [each["in_trash"] for each in world.notion.dump()] == [False, False]


async def test_a_log_that_is_back_under_another_name_has_its_page_back(world: World) -> None:
    """Also when that happens just before the page goes."""
    await _begun(world)
    once_before(world.gateway.set_in_trash, _heard(world, _writes_again), seconds=LONG_ENOUGH)
    page = world.page(OLD)["id"]

    (world.root / OLD).unlink()
    await world.look(OLD)
    await world.rest()

    assert world.check(NEW)
    assert world.page(NEW)["id"] == page
    assert [each["in_trash"] for each in world.notion.dump()] == [False, False]


@pytest.mark.parametrize("died", [False, True])
@pytest.mark.parametrize("log", [LOG, CHANGED])
@pytest.mark.parametrize("names", [[NEW], ["2026-01-10-good.md", NEW]])
async def test_its_page_follows_where_a_write_was_cut_short(
    world: World, log: str, names: list[str], *, died: bool
) -> None:
    """Nobody knows yet what the page shows when the log is renamed; what she said there stays with it."""
    await _begun(world)
    page = world.page(OLD)["id"]
    world.notion.human.comment(page, HERS)
    world.notion.human.edit_block(world.ids(OLD)["Second."], HERS)
    world.store.doubt([world.record(OLD).path])
    world.write(OLD, log)
    world.event(OLD)
    if died:
        world.notion.faults.add(Fault(kind=FaultKind.TIMEOUT_AFTER, method="PATCH", count=0))
        await world.work_once()
        world.notion.faults.clear()
        await world.restart()
    else:
        world.notion.faults.add(Fault(kind=FaultKind.TIMEOUT_AFTER, method="PATCH"))
        await world.work_once()
    assert world.record(OLD).content_hash is None
    before = OLD
    for name in names:
        (world.root / before).rename(world.root / name)
        world.event(before, name)
        await world.work_once()
        before = name
    await world.rest()

    assert world.check(NEW)["id"] == page
    assert HERS in world.page(NEW)["comments"]
    assert [each["in_trash"] for each in world.notion.dump()] == [False, False]


async def test_a_page_that_was_being_made_does_not_stay_under_the_old_name(world: World) -> None:
    """The answer to the create was lost: there is one page in the end, and it bears the new name."""
    await world.sync(OTHER, LOG.replace("T-1", "T-2"))
    world.notion.faults.add(Fault(kind=FaultKind.TIMEOUT_AFTER, path="pages$"))
    world.write(OLD, LOG)
    world.event(OLD)
    await world.work_once()
    _renames(world)
    world.event(OLD, NEW)
    await world.rest()
    assert world.check(NEW)
    assert world.pages(OLD) == []
