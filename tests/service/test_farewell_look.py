"""What a person did to a page counts, too, when its log is deleted: nobody may have looked since."""

from dataclasses import replace

import pytest

from sync.departure_decision import OnFileDeleted
from sync.names import LogPath
from sync.reconcile import Reconciler
from sync.state.records import Standing
from tests.worlds.departing import OTHER, PATH, gone, log
from tests.worlds.world import World

HERS = "Ask Tom about this one."


async def _begun(world: World, way: OnFileDeleted) -> str:
    """Sync two logs under a setting, and return the page of the one that is to go."""
    world.rules = replace(world.rules, on_file_deleted=way)
    world.employ(Reconciler(world.rules, world.store, world.gateway, world.clock))
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1"))
    return str(world.page(PATH)["id"])


def _standing(world: World) -> Standing:
    record = world.store.page(LogPath(PATH))
    assert record is not None
    return record.standing


@pytest.mark.parametrize("way", list(OnFileDeleted))
@pytest.mark.parametrize("has_changed", [False, True])
async def test_a_page_that_she_moved_elsewhere_is_left_there(
    world: World, way: OnFileDeleted, has_changed: bool
) -> None:
    """She has taken it out of the database to keep it: it is not trashed and not written to."""
    page_id = await _begun(world, way)
    ws = world.notion.workspace
    (database,) = ws.databases
    world.notion.human.move_page(page_id, world.notion.human.add_data_source(database, "Hers"))
    if has_changed:
        await world.sync(PATH, log("TASK-1", lines=3))
    before = ws.pages[page_id].edits.changed_by, ws.pages[page_id].edits.changed
    (world.root / PATH).unlink()

    await gone(world, PATH)
    world.forget_requests()
    await world.look(PATH)
    await world.restart()

    assert not ws.pages[page_id].in_trash
    assert (ws.pages[page_id].edits.changed_by, ws.pages[page_id].edits.changed) == before
    assert _standing(world) is Standing.DEPARTED
    assert world.writes == 0


async def test_a_page_that_she_trashed_unnoticed_stays_there_when_its_log_is_back(world: World) -> None:
    """It was not we who put it there."""
    page_id = await _begun(world, OnFileDeleted.TRASH)
    world.notion.human.trash_page(page_id)
    (world.root / PATH).unlink()
    await gone(world, PATH)

    await world.sync(PATH, log("TASK-1"))

    assert world.pages(PATH) == []
    assert _standing(world) is Standing.TRASHED


async def test_what_the_mark_writes_over_is_saved(world: World) -> None:
    """Her words in the property that tells of the deletion lie in a file before that goes over them."""
    page_id = await _begun(world, OnFileDeleted.MARK)
    world.clock.advance(120)
    value = {"rich_text": [{"type": "text", "text": {"content": HERS}}]}
    world.notion.human.set_property(page_id, "Format Warnings", value)
    (world.root / PATH).unlink()

    await gone(world, PATH)

    assert "was deleted" in world.page(PATH)["properties"]["Format Warnings"]
    assert HERS in world.words_in_files()


async def test_warnings_of_ours_are_not_taken_for_her_words(world: World) -> None:
    """A log that says something wrong goes, and nobody is told to read a file."""
    await _begun(world, OnFileDeleted.MARK)
    await world.sync(PATH, log("TASK-1").replace("dev", "somewhere"))
    assert world.page(PATH)["properties"]["Format Warnings"]
    (world.root / PATH).unlink()

    await gone(world, PATH)

    assert world.words_in_files() == ""
