"""A page that leaves the database is noticed by itself, and then treated as the settings say."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sync.comparison.absence import Round, look_round
from sync.errors import SyncError
from sync.state.records import Standing
from tests.worlds.world import World

PATHS = [f"2026-01-10-{number:03}.md" for number in range(130)]
LOG = "# Execution Log: T-1\n\nOne.\n"


async def _round(world: World) -> Round:
    found = await look_round(world.gateway, world.store, world.backlog, now=world.clock)
    await world.rest()
    return found


@pytest.fixture
async def filled(world: World) -> World:
    """A world whose logs are in step, and have been for a while."""
    for path in PATHS:
        world.write(path, LOG.replace("T-1", path))
    world.rescan()
    await world.rest()
    world.clock.advance(600)
    world.forget_requests()
    return world


async def test_where_none_is_gone_a_hundred_pages_cost_a_request(filled: World) -> None:
    """Nothing is put on the list, and the next round waits the longer the more requests it takes."""
    found = await _round(filled)
    assert (found.gone, filled.requests, filled.writes) == ((), 2, 0)
    assert found.next_at == filled.clock() + timedelta(minutes=4)


async def test_a_page_in_the_trash_is_noticed(filled: World) -> None:
    """Her wish stands, though its log has not changed; the next round asks nothing more."""
    filled.notion.human.trash_page(filled.page(PATHS[7])["id"])
    assert (await _round(filled)).gone == (PATHS[7],)
    assert filled.record(PATHS[7]).standing is Standing.TRASHED
    assert filled.writes == 0
    filled.forget_requests()
    assert (await _round(filled)).gone == ()
    assert filled.requests == 2


async def test_with_restore_it_comes_back_by_itself(filled: World) -> None:
    """AI_TRACES_ON_PAGE_TRASHED=restore: the same page, with her comment."""
    page = filled.page(PATHS[7])["id"]
    filled.notion.human.comment(page, "Hers.")
    filled.notion.human.trash_page(page)
    filled.rules = replace(filled.rules, restore_trashed=True)
    await filled.restart()
    await _round(filled)
    assert filled.check(PATHS[7])["id"] == page
    assert filled.page(PATHS[7])["comments"] == ["Hers."]
    assert filled.record(PATHS[7]).standing is Standing.TRACKED


async def test_a_page_that_is_nowhere_is_noticed(filled: World) -> None:
    """Deleted for good: it is not made again unless the settings say so."""
    filled.notion.human.delete_page_forever(filled.page(PATHS[7])["id"])
    assert (await _round(filled)).gone == (PATHS[7],)
    assert filled.record(PATHS[7]).standing is Standing.TRASHED
    assert filled.pages(PATHS[7]) == []


async def test_a_page_that_a_query_does_not_show_yet_is_not_gone(world: World) -> None:
    """What was made a moment ago is not asked for."""
    world.notion.workspace.index_lag = 60
    await world.sync(PATHS[0], LOG)
    world.forget_requests()
    assert (await _round(world)).gone == ()
    assert world.requests == 1


async def test_without_the_database_no_page_counts_as_gone(filled: World) -> None:
    """Unshared, it answers nothing: that is said, and no log is touched."""
    filled.notion.human.unshare(filled.database)
    with pytest.raises(SyncError):
        await _round(filled)
    assert filled.backlog.count() == 0
