"""A copy that a person made becomes the log's page where state and original are lost."""

import pytest

from tests.worlds.hers import LOG, PATH
from tests.worlds.trees import flat
from tests.worlds.world import World


async def _only_a_copy(world: World) -> str:
    """Leave nothing of a log's page but a copy, whose state is lost as well, and return the copy."""
    await world.sync(PATH, LOG)
    original = world.page(PATH)["id"]
    copy = world.notion.human.duplicate_page(original)
    world.notion.human.delete_page_forever(original)
    world.clock.advance(600)
    world.stop()
    world.lose_state()
    return copy


async def _begin_anew(world: World) -> None:
    await world.start()
    await world.rest()
    await world.check_drift()
    await world.rest()


def _texts(world: World) -> list[str]:
    return [block["text"] for block in flat(world.page(PATH)["blocks"])]


async def test_it_shows_the_log_once(world: World) -> None:
    """What stands there in the log's words is the log's text: nothing is written a second time."""
    copy = await _only_a_copy(world)
    before = _texts(world)

    await _begin_anew(world)

    assert world.page(PATH)["id"] == copy
    assert _texts(world) == before
    assert await world.is_at_rest(PATH)


async def test_a_change_of_the_log_changes_its_lines(world: World) -> None:
    """The line itself is changed; a word of hers stays where it is."""
    copy = await _only_a_copy(world)
    hers = world.notion.human.add_block(copy, "Mine.")
    before = _texts(world)
    await _begin_anew(world)

    await world.sync(PATH, LOG.replace("Two.", "Two, changed.").replace("- b\n", "- c\n"))

    expected = [{"Two.": "Two, changed.", "b": "c"}.get(text, text) for text in before]
    assert _texts(world) == expected
    assert hers in {block["id"] for block in world.page(PATH)["blocks"]}
    assert await world.is_at_rest(PATH)


async def test_what_the_log_says_no_more_stays_as_hers(world: World) -> None:
    """Nobody knows what the log said before: what is not its own is left, the rest not doubled."""
    await _only_a_copy(world)
    before = _texts(world)
    await world.start()

    await world.sync(PATH, LOG.replace("Two.", "Two, changed."))

    texts = _texts(world)
    assert [text for text in texts if text != "Two, changed."] == before
    assert texts.count("Two, changed.") == 1
    assert await world.is_at_rest(PATH)


async def test_a_line_that_she_copies_later_is_hers(world: World) -> None:
    """Once the log's text is known by its ids, the same words elsewhere are not taken for it."""
    copy = await _only_a_copy(world)
    await _begin_anew(world)
    world.clock.advance(600)
    hers = world.notion.human.add_block(copy, "Two.")

    await world.check_drift()
    await world.rest()

    assert hers in {block["id"] for block in world.page(PATH)["blocks"]}
    assert await world.is_at_rest(PATH)


@pytest.mark.parametrize("by_us_last", [False, True])
async def test_a_change_before_anyone_has_looked_doubles_nothing(world: World, by_us_last: bool) -> None:
    """A copy that was in step when it was found, and was read by nobody, is known for one by its maker."""
    await _only_a_copy(world)
    text = LOG
    if by_us_last:
        await _begin_anew(world)
        text = LOG.replace("Two.", "Two, changed.")
        await world.sync(PATH, text)
        world.clock.advance(600)
        world.stop()
        world.lose_state()
    before = _texts(world)
    await world.start()
    await world.rest()

    await world.sync(PATH, text.replace("One.", "One, changed."))

    texts = _texts(world)
    assert [each for each in texts if each not in {"One.", "One, changed."}] == [
        each for each in before if each != "One."
    ]
    assert texts.count("One, changed.") == 1
    assert await world.is_at_rest(PATH)
