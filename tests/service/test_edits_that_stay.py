"""AI_TRACES_ON_PAGE_EDITED=report: what Jen changes of ours stays until the log says something new there."""

import pytest

from sync.verdict import Verdict
from tests.worlds.hers import HERS, LOG, PATH, comments_on
from tests.worlds.world import World

pytestmark = pytest.mark.usefixtures("reporting")


async def test_an_edit_stays_and_is_named(world: World) -> None:
    """Nothing is written, the log counts as edited, and other changes of the log go on around it."""
    await world.sync(PATH, LOG)
    block = world.ids(PATH)["Two."]
    world.notion.human.edit_block(block, HERS)
    world.forget_requests()
    assert await world.look_in_doubt(PATH) == [Verdict.UNCHANGED]
    assert world.writes == 0
    assert world.record(PATH).edited
    await world.sync(PATH, LOG.replace("Three.", "Three, changed.").replace("- b", "- c"))
    assert world.ids(PATH)[HERS] == block
    assert {"Three, changed.", "c"} < world.ids(PATH).keys()
    assert [record.path for record in world.store.edited()] == [PATH]


async def test_only_the_log_itself_overwrites_it(world: World) -> None:
    """When the log changes that very block, her words are saved and the log's stand there."""
    await world.sync(PATH, LOG)
    world.notion.human.edit_block(world.ids(PATH)["Two."], HERS)
    await world.look_in_doubt(PATH)
    await world.restart()
    await world.sync(PATH, LOG.replace("Two.", "Two, changed."))
    world.check(PATH)
    assert HERS in comments_on(world)
    assert not world.record(PATH).edited


@pytest.mark.parametrize("listed", [False, True])
async def test_what_she_deleted_stays_away(world: World, listed: bool) -> None:
    """It is not made again, until the log itself says something new there."""
    await world.sync(PATH, LOG)
    if listed:
        await world.sync(PATH, LOG.replace("Three.", "Three!"))
    world.notion.human.delete_block(world.ids(PATH)["Two."])
    await world.look_in_doubt(PATH)
    assert world.record(PATH).edited
    await world.sync(PATH, LOG.replace("One.", "Uno."))
    assert "Two." not in world.ids(PATH)
    await world.sync(PATH, LOG.replace("Two.", "Two, changed."))
    world.check(PATH)
