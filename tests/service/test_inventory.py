"""Pages that are already there: found by their key, never doubled, at a hundred for a request."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sync.notion.emulator import Fault, FaultKind
from sync.verdict import Verdict
from tests.worlds.world import World

LOG = "# Execution Log: T-{}\n\nText {}.\n\n- a\n- b\n"


def _name(number: int) -> str:
    return f"2026-01-10-{number:03}.md"


async def _filled(world: World, count: int) -> None:
    for number in range(count):
        world.write(_name(number), LOG.format(number, number))
        world.clock.advance(7)
    world.rescan()
    await world.rest()


async def _without_state(world: World) -> None:
    world.stop()
    world.lose_state()
    world.forget_requests()
    await world.start()
    await world.rest()


async def test_lost_state_costs_one_request_for_a_hundred_pages(world: World) -> None:
    """Nothing is written, nothing read back page by page: N/100 and a few requests."""
    await _filled(world, 230)
    await _without_state(world)
    assert (world.writes, world.adopted) == (0, 230)
    assert world.requests <= 3 + 5
    for number in range(230):
        world.check(_name(number))


async def test_an_adopted_page_that_is_behind_is_updated_not_doubled(world: World) -> None:
    """What changed while there was no state is brought in step on the page that is there; comments stay."""
    await _filled(world, 3)
    page = world.page(_name(1))
    world.notion.human.comment(page["id"], "Mine")
    kept = world.ids(_name(1))["a"]
    world.write(_name(1), LOG.format(1, "new"))
    await _without_state(world)
    after = world.check(_name(1))
    assert (after["id"], after["comments"], world.ids(_name(1))["a"]) == (page["id"], ["Mine"], kept)


async def test_what_she_wrote_before_the_state_was_lost_is_found(world: World) -> None:
    """Long before, even: the next drift check reads the pages that she was at last, and no others."""
    await _filled(world, 3)
    world.notion.human.edit_block(world.ids(_name(1))["a"], "Hers.")
    world.clock.advance(24 * 3600)
    await _without_state(world)
    assert world.writes == 0
    assert await world.check_drift() == (_name(1),)
    await world.rest()
    assert any("Hers." in comment for comment in world.check(_name(1))["comments"])
    world.forget_requests()
    assert await world.check_drift() == ()
    assert world.requests == 1


async def test_a_page_that_was_cut_short_with_the_state_lost_gets_its_end(world: World) -> None:
    """A create brings the hash and a hundred blocks; whether more came, the next drift check finds out."""
    world.write("long.md", "# Execution Log: T-1\n\n" + "Text.\n\n" * 150)
    world.write("short.md", LOG.format(1, 1))
    world.event("long.md")
    assert await world.die(2, "before")
    await _without_state(world)
    shown = world.page("long.md")
    assert len(world.pages("long.md")) == 1
    assert len(shown["blocks"]) < len(world.draft("long.md").body)

    assert await world.check_drift() == ("long.md",)
    await world.rest()

    assert world.check("long.md")["id"] == shown["id"]
    world.forget_requests()
    assert await world.check_drift() == ()
    await world.rest()
    assert world.writes == 0


async def test_keys_are_compared_to_the_letter(world: World) -> None:
    """Paths that differ in case, accents or spaces alone are different logs, before and after a loss."""
    names = ["a.md", "A.md", "ä.md", "a\u0308.md", "a .md", "sub/a.md"]
    for name in names:
        world.write(name, LOG.format(name, name))
    world.rescan()
    await world.rest()
    ids = [world.check(name)["id"] for name in names]
    await _without_state(world)
    assert world.writes == 0
    assert [world.check(name)["id"] for name in names] == ids
    assert len(set(ids)) == len(names)


async def test_machines_share_a_database_by_their_prefix(directories: Callable[[], Path]) -> None:
    """Two hosts with a log of the same path have a page each, and never adopt the other's."""
    one = World(directories(), host="one")
    other = World(directories(), host="other", notion=one.notion, clock=one.clock)
    for world in (one, other):
        await world.start()
        await world.sync("a.md", LOG.format(world.rules.host, 1))
    assert one.check("a.md")["id"] != other.check("a.md")["id"]
    assert {page["properties"]["Log Path"] for page in one.notion.dump()} == {"one:a.md", "other:a.md"}
    for world in (one, other):
        await _without_state(world)
        assert (world.adopted, world.writes) == (1, 0)
        await world.close()


async def test_another_database_gets_pages_of_its_own(world: World) -> None:
    """After NOTION_DATABASE_ID changed every log has a page there; those of the old one are left alone."""
    await _filled(world, 3)
    before = {page["id"] for page in world.notion.dump()}
    second = world.notion.create_database("Second", database_id="0a72e7a691ab4c50b5b9b28cc2f41f3d")
    world.database = second.id
    await world.restart()
    await world.rest()
    assert len(world.notion.dump()) == 6
    made = [page for page in world.notion.dump() if page["id"] not in before]
    assert {page["properties"]["Log Path"] for page in made} == {_name(number) for number in range(3)}
    world.forget_requests()
    await world.restart()
    await world.rest()
    assert world.writes == 0


async def test_of_two_pages_of_one_log_the_older_is_kept_in_step(world: World) -> None:
    """Jen's copy of a page is hers: it is neither adopted nor written to, and no third is made."""
    await _filled(world, 1)
    original = world.page(_name(0))["id"]
    world.clock.advance(600)
    copy = world.notion.human.duplicate_page(original)
    world.write(_name(0), LOG.format(0, "new"))
    await _without_state(world)
    pages = {page["id"]: page for page in world.pages(_name(0))}
    assert set(pages) == {original, copy}
    assert pages[original]["properties"]["Content Hash"] == world.draft(_name(0)).content_hash
    assert pages[copy]["properties"]["Content Hash"] != world.draft(_name(0)).content_hash


async def test_pages_without_a_key_are_jens(world: World) -> None:
    """A row that she made by hand is neither adopted nor changed."""
    source = world.notion.workspace.databases[world.database].data_sources[0]
    mine = world.notion.human.add_page(source, "My own note")
    await _filled(world, 1)
    await _without_state(world)
    assert world.adopted == 1
    (row,) = [page for page in world.notion.dump() if page["id"] == mine]
    assert (row["title"], row["blocks"], row["properties"]["Log Path"]) == ("My own note", [], "")


async def test_a_start_with_nothing_new_asks_for_the_newest_pages_alone(world: World) -> None:
    """Once the inventory is complete, one query is enough, however many pages there are."""
    await _filled(world, 230)
    world.forget_requests()
    await world.restart()
    assert [entry.path.rsplit("/", 1)[-1] for entry in world.notion.journal].count("query") == 1


@pytest.mark.parametrize("interruption", [FaultKind.RESET_BEFORE, FaultKind.BAD_GATEWAY])
async def test_an_inventory_that_was_cut_short_is_completed(world: World, interruption: FaultKind) -> None:
    """The next start goes on to the end instead of stopping at the first known page: nothing is doubled."""
    await _filled(world, 130)
    world.stop()
    world.lose_state()
    world.notion.faults.add(Fault(kind=interruption, path="query$", nth=2, count=4))
    with pytest.raises(Exception, match="Notion"):
        await world.start()
    world.stop()
    world.notion.faults.clear()
    world.forget_requests()
    await world.start()
    await world.rest()
    assert world.writes == 0
    for number in range(130):
        world.check(_name(number))


async def test_a_death_during_the_inventory_doubles_nothing(world: World) -> None:
    """Wherever the process dies in it, the next one knows every page."""
    await _filled(world, 105)
    for request in range(1, 8):
        world.stop()
        world.lose_state()
        if await world.die_starting(request):
            await world.start()
        await world.rest()
        assert len(world.notion.dump()) == 105


async def test_an_adopted_log_is_said_to_be_unchanged(world: World) -> None:
    """Its verdict tells adoption apart from work."""
    await _filled(world, 1)
    world.stop()
    world.lose_state()
    await world.start()
    assert await world.look(_name(0)) == [Verdict.ADOPTED]
    assert await world.look(_name(0)) == [Verdict.UNCHANGED]
