"""What Jen leaves on a page at an awkward moment or place: it stays, and the page is at rest with it."""

from typing import Any

import pytest

from sync.convergence.converge import MAX_ROUNDS
from sync.notion.limiter import Lane
from sync.state.records import Standing
from sync.state.refusals import Refusals
from sync.verdict import Verdict
from tests.worlds.meanwhile import once_after, once_before
from tests.worlds.trees import flat
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
LOG = "# Execution Log: T-1\n\n## Task\n\nFirst.\n"
HERS = "These are my own words."


@pytest.mark.parametrize("below", ["- a\n  - b\n    - c\n", "| a | b |\n|---|---|\n| c | d |\n"])
@pytest.mark.parametrize("depth", [0, 1])
async def test_what_she_adds_just_before_a_block_goes_stays(world: World, below: str, depth: int) -> None:
    """Below a list or in a table that was read a moment ago and is then to be deleted."""
    await world.sync(PATH, LOG + "\n" + below)
    block = next(each for each in world.page(PATH)["blocks"] if each["children"])
    parent: dict[str, Any] = block
    for _ in range(depth):
        parent = next((child for child in parent["children"] if child["children"]), parent)

    def add() -> None:
        human = world.notion.human
        if parent["type"] == "table":
            row = human.add_raw_block(parent["id"], "table_row", {"cells": [[], []]})
            human.edit_block(row, HERS)
        else:
            human.add_block(parent["id"], HERS)

    once_before(world.gateway.has_comments, add)
    await world.sync(PATH, LOG)

    assert any(HERS in each["text"] for each in flat(world.page(PATH)["blocks"]))
    assert await world.is_at_rest(PATH)


@pytest.mark.parametrize("below", ["- a\n  - b\n    - c\n", "| a | b |\n|---|---|\n| c | d |\n"])
async def test_what_she_writes_just_before_a_block_goes_is_saved(world: World, below: str) -> None:
    """Into an item or a row of what was read a moment ago and is then to be deleted."""
    await world.sync(PATH, LOG + "\n" + below)
    block = next(each for each in world.page(PATH)["blocks"] if each["children"])
    last = [each for each in flat(block["children"]) if not each["children"]][-1]
    once_before(world.gateway.has_comments, lambda: world.notion.human.edit_block(last["id"], HERS))

    await world.sync(PATH, LOG)

    assert any(HERS in said for said in world.page(PATH)["comments"])
    assert not any(HERS in each["text"] for each in flat(world.page(PATH)["blocks"]))
    assert world.record(PATH).standing is Standing.TRACKED
    assert await world.is_at_rest(PATH)


async def test_an_item_that_she_turns_just_before_the_one_above_goes_stays(world: World) -> None:
    """What became hers below an item that was to go is read again, before anything below it goes."""
    await world.sync(PATH, f"{LOG}\n- a\n  - b\n")
    below = world.ids(PATH)["b"]

    def turn() -> None:
        world.notion.human.edit_block(below, HERS)
        world.notion.human.turn_into(below, "to_do")

    once_before(world.gateway.has_comments, turn)
    await world.sync(PATH, LOG)

    said = [*world.page(PATH)["comments"], *(each["text"] for each in flat(world.page(PATH)["blocks"]))]
    assert any(HERS in each for each in said)
    assert await world.is_at_rest(PATH)


async def test_what_she_deletes_above_a_block_that_goes_ends_in_rest(world: World) -> None:
    """Notion refuses to delete what is below a deleted block, and shows it all the same."""
    await world.sync(PATH, f"{LOG}\n- a\n  - b\n    - c\n- z\n")
    world.clock.advance(120)
    middle, last = world.ids(PATH)["b"], world.ids(PATH)["z"]

    def delete() -> None:
        human, workspace = world.notion.human, world.notion.workspace
        human.delete_block(middle)
        workspace.touch(last, user=workspace.bot)  # as a write of ours does that comes after

    once_before(world.gateway.has_comments, delete)
    await world.sync(PATH, f"{LOG}\n- a\n  - b\n- z\n")

    world.check(PATH)


async def test_what_she_writes_into_a_property_during_a_long_change_is_saved(world: World) -> None:
    """The properties come last, and what stood there when the change began is long ago then."""
    await world.sync(PATH, LOG)
    page = world.page(PATH)["id"]

    def write() -> None:
        text = [{"type": "text", "text": {"content": HERS}}]
        world.notion.human.set_property(page, "Summary", {"rich_text": text})
        world.clock.advance(30)

    once_before(world.gateway.update_block, write)
    await world.sync(PATH, LOG.replace("First", "Another"))

    assert world.check(PATH)
    said = [*world.page(PATH)["comments"], world.words_in_files()]
    assert any(HERS in each for each in said)


async def test_what_she_writes_into_a_property_that_stays_is_saved_once_and_taken_back(world: World) -> None:
    """The note beside her words says that the page shows the log again: from then on it does."""
    await world.sync(PATH, f"**RISK:** low\n\n{LOG}")
    world.clock.advance(120)
    page = world.page(PATH)["id"]

    def write() -> None:
        world.notion.human.set_property(page, "ENV", {"select": {"name": "hers"}})
        world.clock.advance(30)

    once_before(world.gateway.update_block, write)
    await world.sync(PATH, f"**RISK:** high\n\n{LOG.replace('First', 'Another')}")

    assert world.page(PATH)["properties"].get("ENV") != "hers"
    world.clock.advance(600)
    await world.check_drift()
    await world.rest()
    assert len([said for said in world.page(PATH)["comments"] if "hers" in said]) == 1


async def test_what_was_hers_before_a_long_change_is_told_from_ours_to_its_end(world: World) -> None:
    """The second look at the properties knows, as the first did, what was last written there."""
    await world.sync(PATH, f"**RISK:** low\n\n{LOG}")
    world.clock.advance(120)
    world.notion.human.set_property(world.page(PATH)["id"], "ENV", {"select": {"name": "hers"}})
    world.clock.advance(120)

    once_before(world.gateway.update_block, lambda: world.clock.advance(30))
    await world.sync(PATH, f"**RISK:** high\n\n{LOG.replace('First', 'Another')}")

    (said,) = world.page(PATH)["comments"]
    assert "ENV: hers" in said
    assert not world.words_in_files()


TABLE = "| a | b |\n|---|---|\n| c | d |\n| e | f |\n"


async def _at_rest(world: World) -> str:
    """Return what the page says once the log was looked at and is in step, with nothing held against it."""
    await world.look(PATH)
    assert world.record(PATH).standing is Standing.TRACKED
    assert not Refusals(world.store, world.rules.edition).known()
    said = "\n".join(each["text"] for each in flat(world.page(PATH)["blocks"]))
    assert "⚠" not in said
    assert await world.is_at_rest(PATH)
    return said


async def test_a_table_widened_between_two_reads_is_read_again(world: World) -> None:
    """A row of another length than we believed is not content that Notion refuses."""
    await world.sync(PATH, LOG + "\n" + TABLE)
    row = world.ids(PATH)["c\td"]
    table = world.notion.workspace.blocks[row].parent
    world.notion.human.edit_block(row, HERS)
    world.store.doubt([world.record(PATH).path])
    once_after(world.gateway.list_children, lambda: world.notion.human.add_column(table, "My column."))

    said = await _at_rest(world)

    assert "c\td" in said


async def test_a_row_for_a_table_widened_meanwhile_is_no_refused_content(world: World) -> None:
    """The log's table stands beside hers then, with the new row."""
    await world.sync(PATH, LOG + "\n" + TABLE)
    table = world.notion.workspace.blocks[world.ids(PATH)["c\td"]].parent
    once_before(world.gateway.append, lambda: world.notion.human.add_column(table, "My column."))

    world.write(PATH, LOG + "\n" + TABLE + "| g | h |\n")
    said = await _at_rest(world)

    assert "g\th" in said


async def test_an_item_that_she_made_a_heading_meanwhile_takes_no_items(world: World) -> None:
    """What was to stand below it stands below one of its own."""
    await world.sync(PATH, LOG + "\n- a\n")
    item = world.ids(PATH)["a"]

    def turn() -> None:
        world.notion.human.turn_into(item, "heading_2")

    once_before(world.gateway.append, turn)
    world.write(PATH, LOG + "\n- a\n  - below\n")
    said = await _at_rest(world)

    assert "below" in said
    assert world.notion.workspace.blocks[item].kind == "heading_2"


async def test_a_table_that_she_widened_is_at_rest_afterwards(world: World) -> None:
    """The log's table is there beside what had to stay of hers, and nothing is reported for ever."""
    await world.sync(PATH, LOG + "\n" + TABLE)
    world.notion.human.edit_block(world.ids(PATH)["c\td"], HERS)
    await world.look_in_doubt(PATH)
    row = world.notion.workspace.blocks[world.ids(PATH)["c\td"]]
    world.notion.human.add_column(row.parent, "My column.")

    await world.look_in_doubt(PATH)

    assert any(HERS in said for said in world.page(PATH)["comments"])
    assert not row.in_trash
    assert not world.record(PATH).edited
    assert not await world.reconciler.differs(world.record(PATH).path, Lane.CHECK)
    world.forget_requests()
    assert await world.look_in_doubt(PATH) == [Verdict.UNCHANGED]
    assert world.writes == 0


async def test_of_a_table_that_she_widened_only_her_own_words_are_saved(world: World) -> None:
    """The rows have a cell more each, and say no more than before; nothing of the log is put down as hers."""
    await world.sync(PATH, LOG + "\n" + TABLE + "| g | |\n")
    await world.look_in_doubt(PATH)
    world.notion.human.add_column(world.notion.workspace.blocks[world.ids(PATH)["c\td"]].parent, "My column.")
    await world.look_in_doubt(PATH)
    said = "\n".join([*world.page(PATH)["comments"], world.words_in_files()])
    assert "My column." in said
    assert [row for row in ("a | b", "c | d", "e | f") if row in said] == []


@pytest.mark.parametrize("checked", [False, True])
async def test_a_caption_of_hers_outlives_the_code_above_it(world: World, checked: bool) -> None:
    """Changed code keeps it; when the code goes, the block stays for its sake and says nothing else."""
    log = f"{LOG}\n```python\nx = 1\n```\n\nLast.\n"
    await world.sync(PATH, log)
    world.notion.human.caption_block(world.ids(PATH)["x = 1"], HERS)
    if checked:
        await world.look_in_doubt(PATH)
    await world.sync(PATH, log.replace("x = 1", "y = 2"))
    world.check(PATH)

    await world.sync(PATH, LOG + "\nLast.\n")

    kept = [block for block in world.notion.workspace.blocks.values() if block.kind == "code"]
    assert [(block.in_trash, block.content["rich_text"]) for block in kept] == [(False, [])]
    assert [run["plain_text"] for run in kept[0].content["caption"]] == [HERS]
    assert not await world.reconciler.differs(world.record(PATH).path, Lane.CHECK)
    world.forget_requests()
    assert await world.look_in_doubt(PATH) == [Verdict.UNCHANGED]
    assert world.writes == 0


async def test_a_caption_that_no_look_has_shown_outlives_the_code_of_a_long_page(world: World) -> None:
    """A single block that is read before it goes tells of it as a whole level does."""
    last = "".join(f"Line {number}.\n\n" for number in range(120))
    await world.sync(PATH, f"{LOG}\n```python\nx = 1\n```\n\n{last}")
    await world.sync(PATH, f"{LOG.replace('First', 'Second')}\n```python\nx = 1\n```\n\n{last}")
    code = world.ids(PATH)["x = 1"]

    def write() -> None:
        world.clock.advance(30)
        world.notion.human.caption_block(code, HERS)

    once_before(world.gateway.update_block, write)
    world.clock.advance(120)
    await world.sync(PATH, f"{LOG.replace('First', 'Third')}\n```python\nx = 1\n```\n\n{last}")
    world.clock.advance(120)
    await world.sync(PATH, f"{LOG.replace('First', 'Third')}\n{last}")

    kept = world.notion.workspace.blocks[code]
    assert (kept.in_trash, kept.content["rich_text"]) == (False, [])


async def test_her_comments_on_very_many_lines_do_not_set_the_log_aside(world: World) -> None:
    """Each line that goes is asked for hers; that is no sign of going round in a circle."""
    lines = [f"Line {number}." for number in range(MAX_ROUNDS + 5)]
    await world.sync(PATH, LOG + "".join(f"- {line}\n" for line in lines))
    for line in lines:
        world.notion.human.comment(world.ids(PATH)[line], HERS)

    assert await world.sync(PATH, LOG) == [Verdict.UPDATED]

    world.check(PATH)
    assert len(world.notion.workspace.comments) == len(lines)
