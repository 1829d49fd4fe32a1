"""Properties that a person deleted: made anew they are empty, until the pages are written again."""

import pytest

from sync.errors import StateDamaged
from sync.names import LogPath
from sync.state.records import Standing
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
OTHER = "2026-01-11-other.md"
LOG = "# Execution Log: T-1\n\n**ENV:** dev\n\n## Task\n\nOne.\n"


async def _synced(world: World) -> str:
    """Sync two logs, and return the data source."""
    await world.sync(PATH, LOG)
    await world.sync(OTHER, LOG.replace("T-1", "T-2"))
    await world.restart()
    (source,) = world.notion.workspace.data_sources
    return source


@pytest.mark.parametrize("name", ["Log Path", "Content Hash", "Summary", "ENV"])
@pytest.mark.parametrize("by_hand", [False, True])
async def test_the_pages_get_their_values_again(world: World, name: str, by_hand: bool) -> None:
    """Whether she or the daemon has added the property again, each page says there what it said."""
    source = await _synced(world)
    before = [world.page(path)["properties"][name] for path in (PATH, OTHER)]
    kind = world.notion.workspace.data_sources[source].named(name).kind  # type: ignore[union-attr]  # it is there
    world.notion.human.delete_property(source, name)
    if by_hand:
        world.notion.human.add_property(source, name, kind)

    await world.restart()
    await world.rest()

    assert [world.page(path)["properties"][name] for path in (PATH, OTHER)] == before
    for path in (PATH, OTHER):
        world.check(path)
        assert await world.is_at_rest(path)


async def test_no_log_has_two_pages_though_the_state_is_lost_later(world: World) -> None:
    """The key is on its page again, so the page is found by it."""
    source = await _synced(world)
    world.notion.human.delete_property(source, "Log Path")
    await world.restart()
    await world.rest()

    world.stop()
    world.lose_state()
    await world.start()
    await world.rest()

    assert len(world.notion.dump()) == 2
    world.check(PATH)
    world.check(OTHER)


async def test_a_retyped_key_is_written_into_the_property_that_takes_its_place(world: World) -> None:
    """A property that can hold no key any more is left to her; another one is made and filled."""
    source = await _synced(world)
    world.notion.human.retype_property(source, "Log Path", "select")

    await world.restart()
    await world.rest()

    keys = {page["properties"]["Log Path (ai-traces)"] for page in world.notion.dump()}
    assert keys == {PATH, OTHER}


async def test_a_renamed_property_costs_nothing(world: World) -> None:
    """It is the same property: no page is read or written."""
    source = await _synced(world)
    world.notion.human.rename_property(source, "Summary", "In short")
    world.forget_requests()

    await world.restart()

    assert world.backlog.count() == 0
    assert world.writes == 0


async def test_an_ordinary_start_puts_nothing_on_the_list(world: World) -> None:
    """Neither the first one nor the next."""
    await _synced(world)
    assert world.backlog.count() == 0
    await world.restart()
    assert world.backlog.count() == 0


@pytest.mark.parametrize("away", [False, True])
async def test_a_log_that_is_aside_gets_them_once_it_is_back(world: World, away: bool) -> None:
    """Whether it was in quarantine or its file was away for a moment while the properties were added."""
    source = await _synced(world)
    if away:
        (world.root / PATH).unlink()
        world.event(PATH)
        await world.work_once()
        assert world.record(PATH).standing is Standing.VANISHED
    else:
        world.reconciler.quarantine(LogPath(PATH), what="Notion refused it", hint="Reword it")
    for name in ("Log Path", "Summary"):
        world.notion.human.delete_property(source, name)
    world.stop()
    world.write(PATH, LOG if away else f"{LOG}\n## Outcome\n\nMore.\n")

    await world.start()
    await world.rest()

    assert world.check(PATH)["properties"]["Summary"] == "One."


@pytest.mark.parametrize("kept", ["no JSON", "{}", "null", '["{}", 3]', "[1, 2, 3]"])
async def test_what_was_seen_before_and_makes_no_sense_is_damage(world: World, kept: str) -> None:
    """It is told as such, and not as a defect: the next start begins with a new state."""
    source = await _synced(world)
    world.store.remember("properties_seen", kept.replace("{}", source) if "[" in kept else kept)

    with pytest.raises(StateDamaged):
        await world.restart()
