"""An older state is put in the place of the present one: the pages are as they are, not as it says."""

from datetime import timedelta

import pytest

from sync.state.records import Standing
from tests.worlds.trees import flat
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
BEFORE = "# Execution Log: T-1\n\nOne.\n\nTwo.\n"
LATER = f"{BEFORE}\nThree.\n"


@pytest.fixture
async def set_back(world: World) -> World:
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
async def test_each_page_shows_its_log(set_back: World, text: str) -> None:
    """Whatever the log says by now, nothing is doubled or left behind, and no page is made twice."""
    set_back.write(PATH, text)
    await set_back.start()
    await set_back.rest()
    set_back.check(PATH)
    set_back.check("2026-01-11-new.md")
    assert list(set_back.root.glob("../state/saved-words/*")) == []


async def test_a_wrong_clock_hides_no_page(world: World) -> None:
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


async def test_a_page_that_was_changed_behind_a_running_process_is_read(world: World) -> None:
    """Another process with an older state has written: the next change reads the page before it trusts it."""
    await world.sync(PATH, "# Execution Log: T-1\n\nOne.\n")
    await world.sync(PATH, BEFORE)
    older = world.record(PATH)
    await world.sync(PATH, LATER)
    world.store.save(older)
    await world.sync(PATH, f"{LATER}\nFour.\n")
    world.check(PATH)


def _lose_state(world: World) -> None:
    world.stop()
    world.lose_state()


def _put_back(world: World, backup: bytes) -> None:
    world.stop()
    world.restore(backup)


async def _keeps_its_page_on(world: World, backup: bytes) -> None:
    """Assert that the page of today takes the next change, although the backup does not know it."""
    today = world.check(PATH)["id"]
    _put_back(world, backup)
    await world.start()
    await world.sync(PATH, f"{LATER}\nFour.\n")
    assert world.check(PATH)["id"] == today


@pytest.mark.parametrize("noticed", [True, False])
async def test_a_log_keeps_the_page_that_it_got_for_want_of_a_state(world: World, noticed: bool) -> None:
    """Jen trashed its first page, the state was lost, a second was made: the backup knows only the first."""
    await world.sync(PATH, BEFORE)
    world.notion.human.trash_page(world.page(PATH)["id"])
    if noticed:
        await world.sync(PATH, LATER)
        assert world.record(PATH).standing is Standing.TRASHED
    backup = world.back_up()
    world.clock.advance(timedelta(days=1).total_seconds())
    _lose_state(world)
    await world.restart()
    await world.rest()

    await _keeps_its_page_on(world, backup)


@pytest.mark.parametrize("noticed", [True, False])
async def test_a_copy_that_jen_made_is_hers(world: World, noticed: bool) -> None:
    """She trashed our page and kept a copy of her own: it is not written to, and no page comes back."""
    await world.sync(PATH, BEFORE)
    page_id = world.page(PATH)["id"]
    copy = world.notion.human.duplicate_page(page_id)
    world.notion.human.trash_page(page_id)
    if noticed:
        await world.sync(PATH, LATER)
    _put_back(world, world.back_up())
    await world.start()

    await world.sync(PATH, f"{LATER}\nFour.\n")

    (left,) = world.pages(PATH)
    assert left["id"] == copy
    assert "Four." not in [block["text"] for block in flat(left["blocks"])]
    assert world.record(PATH).standing is Standing.TRASHED


async def test_a_log_that_came_back_for_want_of_a_state_has_one_page(world: World) -> None:
    """The backup knows of the page that went with the log, not of the one that it got when it was back."""
    await world.sync("2026-01-01-other.md", BEFORE)
    await world.sync(PATH, BEFORE)
    world.delete(PATH)
    for _ in range(3):
        world.event(PATH)
        await world.rest()
        world.clock.advance(timedelta(minutes=10).total_seconds())
    assert world.record(PATH).standing is Standing.DEPARTED
    backup = world.back_up()
    _lose_state(world)
    world.write(PATH, LATER)
    await world.start()
    await world.rest()

    await _keeps_its_page_on(world, backup)


@pytest.mark.parametrize("text", [BEFORE, LATER])
async def test_a_page_goes_by_the_name_that_it_bears(world: World, text: str) -> None:
    """The backup is older than a rename: the page keeps its log under the new name, and Jen's comment."""
    await world.sync("2026-01-01-other.md", BEFORE)
    await world.sync(PATH, LATER)
    page_id = world.page(PATH)["id"]
    backup = world.back_up()
    world.clock.advance(timedelta(days=1).total_seconds())
    world.rename(PATH, "2026-01-12-renamed.md")
    world.event(PATH, "2026-01-12-renamed.md")
    await world.rest()
    assert world.check("2026-01-12-renamed.md")["id"] == page_id
    world.notion.human.comment(page_id, "Hers.")

    _put_back(world, backup)
    world.write("2026-01-12-renamed.md", f"{text}\nFour.\n")
    await world.restart()
    await world.rest()

    assert world.check("2026-01-12-renamed.md")["id"] == page_id
    assert world.pages(PATH) == []


async def test_pages_that_changed_names_with_each_other_go_by_those_that_they_bear(world: World) -> None:
    """The backup is older than an exchange of two names: each page stays with its log."""
    other = "2026-01-11-other.md"
    await world.sync(PATH, LATER)
    await world.sync(other, BEFORE)
    ids = {world.page(PATH)["id"], world.page(other)["id"]}
    backup = world.back_up()
    world.clock.advance(timedelta(days=1).total_seconds())
    for old, new in ((PATH, "c.md"), (other, PATH), ("c.md", other)):
        world.rename(old, new)
        world.event(old, new)
        await world.rest()
    bears = {path: world.check(path)["id"] for path in (PATH, other)}

    _put_back(world, backup)
    for path in bears:
        with (world.root / path).open("a") as log:
            log.write("\nFour.\n")
    await world.restart()
    await world.rest()

    assert {path: world.check(path)["id"] for path in bears} == bears
    assert set(bears.values()) == ids


async def test_a_name_that_jen_wrote_into_a_page_moves_nothing(world: World) -> None:
    """The key is ours: her edit of it is mended like any other, and the log keeps its page."""
    await world.sync(PATH, LATER)
    page_id = world.page(PATH)["id"]
    value = {"rich_text": [{"type": "text", "text": {"content": "2026-01-12-elsewhere.md"}}]}
    world.notion.human.set_property(page_id, "Log Path", value)
    world.clock.advance(timedelta(minutes=10).total_seconds())

    await world.restart()
    await world.check_drift()
    await world.rest()

    assert world.check(PATH)["id"] == page_id
