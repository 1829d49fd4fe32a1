"""The drift check: it finds the pages that Jen has been at, and none of ours, with one request a hundred."""

from dataclasses import replace

import pytest

from sync.comparison import drift
from sync.names import UserId
from sync.notion.limiter import Lane
from sync.notion.model import Author
from sync.state.records import Standing
from tests.worlds.world import World

PATHS = [f"2026-01-10-{number:03}.md" for number in range(130)]
LOG = "# Execution Log: T-1\n\nOne.\n\nTwo.\n"


async def _check(world: World) -> list[str]:
    found = await drift.check(
        world.gateway, world.store, world.backlog, host=world.rules.host, now=world.clock
    )
    return sorted(found)


@pytest.fixture
async def begun(world: World) -> World:
    """A world whose drift checks have begun, and in which all logs are in step."""
    for path in PATHS:
        world.write(path, LOG.replace("T-1", path))
    world.rescan()
    await world.rest()
    world.clock.advance(600)
    return world


async def test_our_own_writes_are_no_drift(begun: World) -> None:
    """Whatever we wrote since, the check finds nothing, with one request for a hundred pages."""
    await begun.gateway.me(lane=Lane.CHECK)  # asked once in a process
    begun.forget_requests()
    assert await _check(begun) == []
    assert begun.requests == 2
    begun.clock.advance(600)
    begun.forget_requests()
    assert await _check(begun) == []
    assert begun.requests == 1


async def test_an_edit_is_found_and_mended_once(begun: World) -> None:
    """Only the page that she edited is read again; the next check is silent."""
    block = begun.ids(PATHS[7])["Two."]
    begun.notion.human.edit_block(block, "Hers.")
    begun.clock.advance(300)
    assert await _check(begun) == [PATHS[7]]
    await begun.rest()
    begun.check(PATHS[7])
    begun.clock.advance(10)
    assert await _check(begun) == []


async def test_what_she_adds_is_looked_at_once(begun: World) -> None:
    """Her own block is no drift: one look, no write, and silence when the checks overlap."""
    hers = begun.notion.human.add_block(begun.page(PATHS[3])["id"], "Hers.")
    begun.clock.advance(90)
    assert await _check(begun) == [PATHS[3]]
    begun.forget_requests()
    await begun.rest()
    assert begun.writes == 0
    begun.clock.advance(10)
    assert await _check(begun) == []
    assert hers in {block["id"] for block in begun.page(PATHS[3])["blocks"]}


async def test_an_edit_in_the_minute_of_a_look_is_not_missed(begun: World) -> None:
    """Notion knows minutes: what she does after our look in the same minute is found by the next one."""
    begun.notion.human.add_block(begun.page(PATHS[3])["id"], "Hers.")
    assert await _check(begun) == [PATHS[3]]
    await begun.rest()
    begun.clock.advance(1)
    begun.notion.human.edit_block(begun.ids(PATHS[3])["Two."], "Hers, too.")
    begun.clock.advance(60)
    assert await _check(begun) == [PATHS[3]]
    await begun.rest()
    assert "Two." in begun.ids(PATHS[3])


async def test_a_restart_forgets_nothing(begun: World) -> None:
    """What she did while no daemon ran is found by the first check of the next one."""
    await _check(begun)
    begun.notion.human.edit_block(begun.ids(PATHS[5])["Two."], "Hers.")
    begun.clock.advance(86_400)
    await begun.restart()
    assert await _check(begun) == [PATHS[5]]


async def test_a_page_back_from_the_trash_is_tracked_again(begun: World) -> None:
    """She trashed a page, and has fetched it back: the log goes on there."""
    page = begun.page(PATHS[9])["id"]
    begun.notion.human.trash_page(page)
    await begun.sync(PATHS[9], LOG.replace("Two.", "Changed."))
    assert begun.record(PATHS[9]).standing is Standing.TRASHED
    begun.notion.human.restore_page(page)
    begun.clock.advance(300)
    assert await _check(begun) == [PATHS[9]]
    await begun.rest()
    assert begun.check(PATHS[9])["id"] == page


async def test_with_her_own_token_only_later_edits_count(begun: World) -> None:
    """Her edits and ours bear one name: what is later than our last write is hers."""
    begun.author = Author(UserId(begun.notion.workspace.bot), UserId(""), is_person=True)
    await begun.restart()
    assert await _check(begun) == []
    workspace = begun.notion.workspace
    block = begun.ids(PATHS[2])["Two."]
    begun.notion.human.edit_block(block, "Hers.")
    workspace.touch(block, user=workspace.bot)
    begun.clock.advance(300)
    assert await _check(begun) == [PATHS[2]]
    await begun.rest()
    assert begun.record(PATHS[2]).content_hash == begun.digest(PATHS[2])


async def test_a_quarantined_log_is_left_alone(begun: World) -> None:
    """Nothing about it changes by itself."""
    begun.store.save(replace(begun.record(PATHS[1]), standing=Standing.QUARANTINED))
    begun.notion.human.edit_block(begun.ids(PATHS[1])["Two."], "Hers.")
    begun.clock.advance(300)
    assert await _check(begun) == []


@pytest.mark.parametrize("kept", ["no time at all", "2026-01-10T12:00:00", "9999-99-99"])
async def test_a_check_that_cannot_tell_where_the_last_one_ended_begins_anew(begun: World, kept: str) -> None:
    """Told once; then all pages are asked for once, so that nothing she did since then is missed."""
    await _check(begun)
    begun.notion.human.edit_block(begun.ids(PATHS[5])["Two."], "Hers.")
    begun.clock.advance(7 * 86_400)
    begun.store.remember("drift_checked_until", kept)
    assert drift.begin(begun.store, begun.clock())
    assert not drift.begin(begun.store, begun.clock()), "told once"
    begun.forget_requests()
    assert await _check(begun) == [PATHS[5]]
    assert begun.requests == 2
    await begun.rest()
    begun.clock.advance(600)
    begun.forget_requests()
    assert await _check(begun) == []
    assert begun.requests == 1


async def test_an_end_that_is_damaged_in_the_middle_ends_no_check(begun: World) -> None:
    """The check asks for all pages then, and remembers where it ended."""
    begun.store.remember("drift_checked_until", "no time at all")
    assert await _check(begun) == []
    assert not drift.begin(begun.store, begun.clock())
