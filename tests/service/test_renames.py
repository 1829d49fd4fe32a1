"""Logs that are renamed, moved and copied: each keeps its own page."""

import pytest

from sync.notion.emulator import Fault, FaultKind
from tests.worlds.departing import OTHER, PATH, log, work
from tests.worlds.world import World


async def test_a_renamed_log_keeps_its_page(world: World) -> None:
    """The same content under another name: who was there last, and then the properties alone."""
    await world.sync(PATH, log("TASK-1"))
    page = world.page(PATH)
    world.notion.human.comment(page["id"], "Well done")
    world.forget_requests()
    (world.root / PATH).rename(world.root / "2026-01-10-better.md")

    world.event("2026-01-10-better.md", PATH)
    await world.rest()

    assert world.check("2026-01-10-better.md")["id"] == page["id"]
    assert (world.requests, world.writes) == (2, 1)
    assert world.pages(PATH) == []


@pytest.mark.parametrize("order", [0, 1])
async def test_a_log_moved_between_folders_keeps_its_page(world: World, order: int) -> None:
    """Whichever of the two events comes first."""
    await world.sync(PATH, log("TASK-1"))
    page_id = world.page(PATH)["id"]
    (world.root / "exceptions").mkdir()
    (world.root / PATH).rename(world.root / "exceptions" / PATH)

    for path in [(f"exceptions/{PATH}", PATH), (PATH, f"exceptions/{PATH}")][order]:
        world.event(path)
        await work(world)
    await world.rest()

    assert world.check(f"exceptions/{PATH}")["id"] == page_id


async def test_of_logs_that_say_the_same_each_keeps_its_own_page(world: World) -> None:
    """Two that change their names at once: the file itself tells which is which."""
    names = {"a.md": "z.md", "b.md": "y.md"}
    for old in names:
        await world.sync(old, log("TASK-1"))
    pages = {old: world.page(old)["id"] for old in names}
    for old, new in names.items():
        (world.root / old).rename(world.root / new)

    world.event(*names.values(), *names)
    await world.rest()

    assert {old: world.check(new)["id"] for old, new in names.items()} == pages


async def test_a_copy_is_a_log_of_its_own(world: World) -> None:
    """Equal content of two files is two pages."""
    await world.sync(PATH, log("TASK-1"))
    await world.sync(OTHER, log("TASK-1"))

    assert world.check(PATH)["id"] != world.check(OTHER)["id"]


@pytest.mark.parametrize("kind", [FaultKind.RATE_LIMITED, FaultKind.REFUSE, FaultKind.RESET_BEFORE])
async def test_a_rename_whose_write_fails_is_done_later(world: World, kind: FaultKind) -> None:
    """Surely not applied, or perhaps: the page bears the new path in the end, and stays the same page."""
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1"))
    page_id = world.page(PATH)["id"]
    (world.root / PATH).rename(world.root / "2026-01-10-new.md")
    world.notion.faults.add(Fault(kind=kind, method="PATCH", count=5, seconds=0))
    world.event("2026-01-10-new.md", PATH)
    await world.rest()

    await world.restart()
    await world.rest()

    assert world.check("2026-01-10-new.md")["id"] == page_id


@pytest.mark.parametrize("moment", ["before", "after", "in flight"])
async def test_a_death_in_a_rename_loses_no_page(world: World, moment: str) -> None:
    """Whether or not the new path reached Notion: after the restart the page bears it."""
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1"))
    page_id = world.page(PATH)["id"]
    (world.root / PATH).rename(world.root / "2026-01-10-new.md")
    world.event("2026-01-10-new.md", PATH)
    assert await world.die(1, moment)

    await world.start()
    await world.rest()

    assert world.check("2026-01-10-new.md")["id"] == page_id
    assert world.pages(PATH) == []
