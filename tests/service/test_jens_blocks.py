"""What Jen deletes, turns, nests and comments: hers survives every update of the log, and ours comes back."""

import pytest

from sync.verdict import Verdict
from tests.worlds.hers import HERS, LOG, PATH, comments_on
from tests.worlds.trees import flat
from tests.worlds.world import World


async def test_what_she_deletes_of_ours_is_made_again(world: World) -> None:
    """The file is the truth."""
    await world.sync(PATH, LOG)
    world.notion.human.delete_block(world.ids(PATH)["Two."])
    assert await world.look_in_doubt(PATH) == [Verdict.UPDATED]
    world.check(PATH)


async def test_what_she_turns_into_another_type_stays_hers(world: World) -> None:
    """Her version is kept where it is, and ours is made anew; neither comes back or goes later on."""
    await world.sync(PATH, LOG)
    await world.sync(PATH, LOG.replace("Three.", "Three!"))
    block = world.notion.workspace.blocks[world.ids(PATH)["Two."]]
    block.kind, block.content = "callout", {"rich_text": block.content["rich_text"], "icon": None}
    world.notion.human.edit_block(block.id, HERS)
    for text in (LOG, LOG.replace("One.", "Uno.")):
        await world.sync(PATH, text)
        await world.look_in_doubt(PATH)
        texts = [each["text"] for each in flat(world.page(PATH)["blocks"])]
        assert texts.count("Two.") == 1
        assert texts.count(HERS) == 1


@pytest.mark.parametrize("text", ["Two.", "a", "a1", "b"])
async def test_what_she_nests_below_ours_survives_its_end(world: World, text: str) -> None:
    """A block that holds one of hers is emptied instead of deleted, and nothing is written for it later."""
    await world.sync(PATH, LOG)
    hers = world.notion.human.add_block(world.ids(PATH)[text], HERS)
    await world.sync(PATH, "# Execution Log: T-1\n\nAll is different.\n")
    blocks = {block["id"]: block for block in flat(world.page(PATH)["blocks"])}
    assert blocks[hers]["text"] == HERS
    ours = [block["text"] for block in blocks.values() if block["id"] != hers and block["text"]]
    assert [each for each in ours if not each.startswith("Execution Log")] == ["All is different."]
    await world.sync(PATH, "# Execution Log: T-1\n\nAll is different again.\n")
    world.forget_requests()
    assert await world.look_in_doubt(PATH) == [Verdict.UNCHANGED]
    assert world.writes == 0


@pytest.mark.parametrize("text", ["Two.", "a", "a1", "1\t2"])
async def test_her_comments_survive_the_end_of_their_block(world: World, text: str) -> None:
    """A block with a thread is emptied instead of deleted: the thread goes on where it was."""
    await world.sync(PATH, LOG)
    world.notion.human.comment(world.ids(PATH)[text], HERS)
    await world.sync(PATH, "# Execution Log: T-1\n\nAll is different.\n")
    assert HERS in comments_on(world)


@pytest.mark.parametrize(
    "without", ["| h | i |\n|---|---|\n| 1 | 2 |\n", "| 1 | 2 |\n"], ids=["the table", "the row alone"]
)
async def test_a_row_with_her_comment_is_emptied_when_the_log_drops_it(world: World, without: str) -> None:
    """The row stays for the comment, without the words that the log no longer says; nothing is left to do."""
    await world.sync(PATH, LOG)
    row = world.ids(PATH)["1\t2"]
    world.notion.human.comment(row, HERS)
    await world.sync(PATH, LOG.replace(without, ""))
    (kept,) = [block for block in flat(world.page(PATH)["blocks"]) if block["id"] == row]
    assert kept["text"].strip() == ""
    assert HERS in comments_on(world)
    world.forget_requests()
    await world.look_in_doubt(PATH)
    assert world.writes == 0
