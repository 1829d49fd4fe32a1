"""What Jen writes into what is ours: her words are saved before the log's stand there again."""

import stat
from dataclasses import replace

import pytest

from sync.convergence.saved_words import saved
from sync.notion.emulator.api.calls import Capability
from sync.planning.page_state import Uncertain, page_id_of
from sync.verdict import Verdict
from tests.worlds.hers import HERS, LOG, PATH, comments_on
from tests.worlds.world import World


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("Two.", "Two, changed by the log.", id="changed"),
        pytest.param("Two.\n\n", "", id="deleted"),
        pytest.param("One.", "One, changed.", id="another changed"),
        pytest.param("One.\n\nTwo.\n\nThree.\n\n", "", id="all deleted"),
    ],
)
@pytest.mark.parametrize("listed", [False, True])
async def test_an_edit_is_saved_before_the_log_overwrites_it(
    world: World, old: str, new: str, listed: bool
) -> None:
    """Whatever the log changes next, without any check between: her words are in a comment that stays."""
    await world.sync(PATH, LOG)
    if listed:
        await world.sync(PATH, LOG.replace("Three.", "Three!"))
        await world.sync(PATH, LOG)
    world.notion.human.edit_block(world.ids(PATH)["Two."], HERS)
    await world.sync(PATH, LOG.replace(old, new))
    world.check(PATH) if "Two" in LOG.replace(old, new) else None
    assert HERS in comments_on(world)


async def test_an_edit_that_a_check_finds_is_repaired(world: World) -> None:
    """The page says again what the file says, and her words stand beside it as a comment on that block."""
    await world.sync(PATH, LOG)
    block = world.ids(PATH)["Two."]
    world.notion.human.edit_block(block, HERS)
    assert await world.look_in_doubt(PATH) == [Verdict.UPDATED]
    world.check(PATH)
    assert world.ids(PATH)["Two."] == block
    (comment,) = world.notion.workspace.comments.values()
    assert comment.parent == block
    assert HERS in comments_on(world)
    world.forget_requests()
    assert await world.look_in_doubt(PATH) == [Verdict.UNCHANGED]
    assert world.writes == 0


@pytest.mark.parametrize("text", ["a1", "b", "1\t2"])
async def test_an_edit_below_the_first_level_is_found(world: World, text: str) -> None:
    """List items and table cells are read back as well."""
    await world.sync(PATH, LOG)
    world.notion.human.edit_block(world.ids(PATH)[text], HERS)
    await world.look_in_doubt(PATH)
    world.check(PATH)
    assert HERS in comments_on(world)


async def test_without_comments_the_words_go_to_a_file(world: World) -> None:
    """A connection that may not comment saves them where only their owner can read them."""
    await world.sync(PATH, LOG)
    world.notion.access.capabilities -= {Capability.INSERT_COMMENTS, Capability.READ_COMMENTS}
    world.notion.human.edit_block(world.ids(PATH)["Two."], HERS)
    await world.look_in_doubt(PATH)
    world.check(PATH)
    ((path, file),) = saved(world.rules.saved_words)
    assert path == PATH
    assert HERS in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


async def test_marks_are_no_edits(world: World) -> None:
    """What she colours or underlines is left as it is, and costs no write."""
    await world.sync(PATH, LOG)
    block = world.notion.workspace.blocks[world.ids(PATH)["Two."]]
    (item,) = block.content["rich_text"]
    item["annotations"] = {**item["annotations"], "color": "yellow_background", "underline": True}
    world.notion.workspace.touch(block.id, user=world.notion.workspace.jen)
    world.forget_requests()
    assert await world.look_in_doubt(PATH) == [Verdict.UNCHANGED]
    assert world.writes == 0


async def test_a_tick_is_taken_back_and_told(world: World) -> None:
    """The file says what is done; that she ticked it is kept as a comment."""
    await world.sync(PATH, "# Execution Log: T-1\n\n- [ ] Call Bob\n")
    block = world.notion.workspace.blocks[world.ids(PATH)["Call Bob"]]
    block.content["checked"] = True
    world.notion.workspace.touch(block.id, user=world.notion.workspace.jen)
    await world.look_in_doubt(PATH)
    assert block.content["checked"] is False
    assert "[x] Call Bob" in comments_on(world)


async def test_her_words_in_our_properties_are_saved(world: World) -> None:
    """A managed property says again what the log says; what she wrote there is a comment on the page."""
    await world.sync(PATH, LOG)
    page = world.page(PATH)
    value = {"rich_text": [{"type": "text", "text": {"content": HERS}}]}
    world.notion.human.set_property(page["id"], "Summary", value)
    await world.look_in_doubt(PATH)
    assert world.check(PATH)["properties"]["Summary"] == page["properties"]["Summary"]
    assert f"Summary: {HERS}" in comments_on(world)


async def test_a_change_of_the_log_finds_her_words_in_other_properties(world: World) -> None:
    """They are saved, and the property says again what the log says, though the log changed elsewhere."""
    await world.sync(PATH, LOG)
    value = {"rich_text": [{"type": "text", "text": {"content": HERS}}]}
    world.notion.human.set_property(world.page(PATH)["id"], "Summary", value)
    await world.sync(PATH, LOG.replace("Three.", "Three, changed."))
    assert world.check(PATH)["properties"]["Summary"] != HERS
    assert f"Summary: {HERS}" in comments_on(world)


async def test_our_own_format_warnings_are_not_kept_as_a_persons_words(world: World) -> None:
    """Where nobody knows any more what was left there, the same warnings of other lines are not hers."""
    await world.sync(PATH, LOG)
    record = world.record(PATH)
    lost = Uncertain(page_id_of(record.page), settles_at=world.clock())
    world.store.save(replace(record, page=lost, content_hash=None, looked_at=None))
    await world.sync(PATH, f"{LOG}\nFour.\n")
    await world.rest()
    assert "Format Warnings" not in comments_on(world)
    assert world.words_in_files() == ""
    world.check(PATH)


async def test_a_word_of_hers_among_our_format_warnings_is_kept(world: World) -> None:
    """Where nobody knows any more what was left there, whatever we would not write may be hers."""
    await world.sync(PATH, LOG)
    record = world.record(PATH)
    said = world.page(PATH)["properties"]["Format Warnings"]
    text = [{"type": "text", "text": {"content": f"{said} {HERS}"}}]
    world.notion.human.set_property(world.page(PATH)["id"], "Format Warnings", {"rich_text": text})
    lost = Uncertain(page_id_of(record.page), settles_at=world.clock())
    world.store.save(replace(record, page=lost, content_hash=None, looked_at=None))
    await world.sync(PATH, f"{LOG}\nFour.\n")
    await world.rest()
    assert HERS in world.words_in_files()
    world.check(PATH)
