"""An older state is put in the place of the present one: the pages are as they are, not as it says."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.service.conftest import World

PATH = "2026-01-10-task.md"
BEFORE = "# Execution Log: T-1\n\nOne.\n\nTwo.\n"
LATER = f"{BEFORE}\nThree.\n"


@pytest.fixture
async def set_back(world: "World") -> "World":
    """A world whose state knows nothing of the last change of a log, nor of the last log."""
    await world.sync(PATH, "# Execution Log: T-1\n\nOne.\n")
    await world.sync(PATH, BEFORE)
    backup = world.back_up()
    world.clock.advance(timedelta(days=1).total_seconds())
    await world.sync(PATH, LATER)
    await world.sync("2026-01-11-new.md", LATER)
    world.stop()
    world.restore(backup)
    return world


@pytest.mark.parametrize("text", [BEFORE, LATER, f"{LATER}\nFour.\n", f"{BEFORE}\nFour.\n"])
async def test_each_page_shows_its_log(set_back: "World", text: str) -> None:
    """Whatever the log says by now, nothing is doubled or left behind, and no page is made twice."""
    set_back.write(PATH, text)
    await set_back.start()
    await set_back.rest()
    set_back.check(PATH)
    set_back.check("2026-01-11-new.md")
    assert list(set_back.root.glob("../state/saved-words/*")) == []


async def test_a_wrong_clock_hides_no_page(world: "World") -> None:
    """Neither does a clock that is years ahead of Notion's."""
    world.skew = timedelta(days=4000)
    await world.restart()
    await world.sync("2026-01-01-old.md", BEFORE)
    backup = world.back_up()
    world.clock.advance(timedelta(days=1).total_seconds())
    await world.sync(PATH, LATER)
    world.notion.human.comment(world.page(PATH)["id"], "Hers.")
    world.clock.advance(timedelta(days=1).total_seconds())
    world.stop()
    world.restore(backup)

    await world.start()
    await world.rest()

    world.check(PATH)


async def test_a_page_that_was_changed_behind_a_running_process_is_read(world: "World") -> None:
    """Another process with an older state has written: the next change reads the page before it trusts it."""
    await world.sync(PATH, "# Execution Log: T-1\n\nOne.\n")
    await world.sync(PATH, BEFORE)
    older = world.record(PATH)
    await world.sync(PATH, LATER)
    world.store.save(older)
    await world.sync(PATH, f"{LATER}\nFour.\n")
    world.check(PATH)
