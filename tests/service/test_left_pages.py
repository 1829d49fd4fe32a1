"""A page that stayed when its log went, and that Jen trashes before the log is back: her wish stands."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from sync.departure_decision import OnFileDeleted
from sync.names import LogPath
from sync.state.records import Standing
from tests.worlds.world import World

PATH = "2026-01-10-a.md"
OTHER = "2026-01-10-b.md"


async def _kept(world: World) -> None:
    """Delete a log whose page is to stay."""
    object.__setattr__(world.rules, "on_file_deleted", OnFileDeleted.KEEP)
    await world.sync(PATH, "# Execution Log: T-1\n\nOne.\n")
    (world.root / PATH).unlink()


async def _never_seen(world: World) -> None:
    """Delete a log, and lose the state before anybody has noticed."""
    await world.sync(PATH, "# Execution Log: T-1\n\nOne.\n")
    world.stop()
    world.lose_state()
    (world.root / PATH).unlink()
    await world.start()


async def _departed(world: World, leave: Callable[[World], Awaitable[None]]) -> str:
    """Let the log go for good, and return its page."""
    await world.sync(OTHER, "# Execution Log: T-0\n\nZero.\n")
    await leave(world)
    for _ in range(3):
        world.event(PATH)
        await world.rest()
        world.clock.advance(timedelta(minutes=10).total_seconds())
    return str(world.page(PATH)["id"])


@pytest.mark.parametrize("leave", [_kept, _never_seen])
@pytest.mark.parametrize("text", ["One.", "Two."])
async def test_a_page_that_jen_trashed_meanwhile_stays_there(
    world: World, leave: Callable[[World], Awaitable[None]], text: str
) -> None:
    """It was not we who put it into the trash, so it is not ours to bring back."""
    page_id = await _departed(world, leave)
    assert world.record(PATH).standing is Standing.DEPARTED

    world.notion.human.trash_page(page_id)
    await world.sync(PATH, f"# Execution Log: T-1\n\n{text}\n")

    assert world.pages(PATH) == []
    assert world.store.page(LogPath(PATH)).standing is Standing.TRASHED  # type: ignore[union-attr]  # it is known


@pytest.mark.parametrize("leave", [_kept, _never_seen])
async def test_a_page_that_is_still_there_serves_the_log_again(
    world: World, leave: Callable[[World], Awaitable[None]]
) -> None:
    """A log put back keeps the page that stayed."""
    page_id = await _departed(world, leave)

    await world.sync(PATH, "# Execution Log: T-1\n\nTwo.\n")

    assert world.check(PATH)["id"] == page_id
