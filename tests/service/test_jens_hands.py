"""Jen's hands: what is hers survives every update, and what she writes into ours is saved before it goes."""

import stat
from dataclasses import replace

import pytest

from sync.convergence.saved_words import saved
from sync.notion.emulator.api.calls import Capability
from sync.planning.page_state import Uncertain, page_id_of
from sync.state.records import Standing
from sync.state.wishes import released
from sync.verdict import Verdict
from tests.worlds.trees import flat
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
LOG = """# Execution Log: T-1

One.

Two.

Three.

- a
  - a1
  - a2
- b

| h | i |
|---|---|
| 1 | 2 |
"""
HERS = "These are my own words."


def _comments(world: World) -> str:
    """Return all comments on the page of the log, on its living blocks and on the page itself."""
    ws = world.notion.workspace
    page = world.page(PATH)
    places = {page["id"], *(block["id"] for block in flat(page["blocks"]))}
    return "\n".join(
        "".join(item["plain_text"] for item in said.text)
        for said in ws.comments.values()
        if said.parent in places
    )


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
    assert HERS in _comments(world)


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
    assert HERS in _comments(world)
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
    assert HERS in _comments(world)


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
    assert HERS in _comments(world)


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
    assert HERS in _comments(world)
    world.forget_requests()
    await world.look_in_doubt(PATH)
    assert world.writes == 0


async def test_a_tick_is_taken_back_and_told(world: World) -> None:
    """The file says what is done; that she ticked it is kept as a comment."""
    await world.sync(PATH, "# Execution Log: T-1\n\n- [ ] Call Bob\n")
    block = world.notion.workspace.blocks[world.ids(PATH)["Call Bob"]]
    block.content["checked"] = True
    world.notion.workspace.touch(block.id, user=world.notion.workspace.jen)
    await world.look_in_doubt(PATH)
    assert block.content["checked"] is False
    assert "[x] Call Bob" in _comments(world)


async def test_her_words_in_our_properties_are_saved(world: World) -> None:
    """A managed property says again what the log says; what she wrote there is a comment on the page."""
    await world.sync(PATH, LOG)
    page = world.page(PATH)
    value = {"rich_text": [{"type": "text", "text": {"content": HERS}}]}
    world.notion.human.set_property(page["id"], "Summary", value)
    await world.look_in_doubt(PATH)
    assert world.check(PATH)["properties"]["Summary"] == page["properties"]["Summary"]
    assert f"Summary: {HERS}" in _comments(world)


async def test_a_change_of_the_log_finds_her_words_in_other_properties(world: World) -> None:
    """They are saved, and the property says again what the log says, though the log changed elsewhere."""
    await world.sync(PATH, LOG)
    value = {"rich_text": [{"type": "text", "text": {"content": HERS}}]}
    world.notion.human.set_property(world.page(PATH)["id"], "Summary", value)
    await world.sync(PATH, LOG.replace("Three.", "Three, changed."))
    assert world.check(PATH)["properties"]["Summary"] != HERS
    assert f"Summary: {HERS}" in _comments(world)


class TestReport:
    """AI_TRACES_ON_PAGE_EDITED=report: hers stays."""

    @pytest.fixture(autouse=True)
    def _report(self, reporting: None) -> None:
        """Start under that setting."""

    async def test_an_edit_stays_and_is_named(self, world: World) -> None:
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

    async def test_only_the_log_itself_overwrites_it(self, world: World) -> None:
        """When the log changes that very block, her words are saved and the log's stand there."""
        await world.sync(PATH, LOG)
        world.notion.human.edit_block(world.ids(PATH)["Two."], HERS)
        await world.look_in_doubt(PATH)
        await world.restart()
        await world.sync(PATH, LOG.replace("Two.", "Two, changed."))
        world.check(PATH)
        assert HERS in _comments(world)
        assert not world.record(PATH).edited

    @pytest.mark.parametrize("listed", [False, True])
    async def test_what_she_deleted_stays_away(self, world: World, listed: bool) -> None:
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


async def test_our_own_format_warnings_are_not_kept_as_a_persons_words(world: World) -> None:
    """Where nobody knows any more what was left there, the same warnings of other lines are not hers."""
    await world.sync(PATH, LOG)
    record = world.record(PATH)
    lost = Uncertain(page_id_of(record.page), settles_at=world.clock())
    world.store.save(replace(record, page=lost, content_hash=None, looked_at=None))
    await world.sync(PATH, f"{LOG}\nFour.\n")
    await world.rest()
    assert "Format Warnings" not in _comments(world)
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
