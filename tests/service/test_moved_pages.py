"""A page that Jen moved to another database: its log waits, and nothing is written there."""

from sync.state.records import Standing
from sync.state.wishes import released
from tests.worlds.hers import LOG, PATH
from tests.worlds.world import World


async def test_a_page_that_she_moved_elsewhere_is_named_as_that(world: World) -> None:
    """Its log is set aside with the way out, makes no second page, and goes on when the page is back."""
    await world.sync(PATH, LOG)
    page, ours = world.page(PATH)["id"], world.notion.workspace.databases[world.database].data_sources[0]
    other = world.notion.create_database(
        "Hers", database_id="11111111-1111-4111-8111-111111111111"
    ).data_sources[0]
    world.notion.human.move_page(page, other)
    await world.sync(PATH, LOG.replace("One.", "Uno."))
    record = world.record(PATH)
    assert record.standing is Standing.QUARANTINED
    assert "moved out of the database" in record.what
    assert "ai-traces retry" in record.hint
    assert not world.pages(PATH)

    world.notion.human.move_page(page, ours)
    world.store.save(released(record, now=world.clock()))
    await world.look(PATH)
    assert world.check(PATH)["id"] == page


async def test_nothing_is_written_to_a_page_that_she_moved_elsewhere(world: World) -> None:
    """Its log is set aside as soon as the page is looked for, not only once a property is refused."""
    await world.sync(PATH, LOG)
    page = world.page(PATH)["id"]
    other = world.notion.create_database(
        "Hers", database_id="11111111-1111-4111-8111-111111111111"
    ).data_sources[0]
    world.notion.human.move_page(page, other)
    world.notion.journal.clear()
    await world.look_in_doubt(PATH)
    assert world.record(PATH).standing is Standing.QUARANTINED
    assert "moved out of the database" in world.record(PATH).what
    assert not world.notion.journal.writes()
