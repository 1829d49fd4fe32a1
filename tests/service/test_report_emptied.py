"""AI_TRACES_ON_PAGE_EDITED=report where a person has emptied or wrapped the page, and the log goes on."""

from collections import Counter
from collections.abc import Callable

import pytest

from sync.verdict import Verdict
from tests.worlds.trees import flat
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
LOG = """# Execution Log: T-1

## Task

One.

Two.

| h | i |
|---|---|
| 1 | 2 |

- a
  - a1
"""


def _wipe(world: World, page: str) -> None:
    for block in list(world.notion.workspace.living(page)):
        world.notion.human.delete_block(block.id)


def _wrap(world: World, page: str) -> None:
    toggle, last = world.notion.human.add_block(page, "All of it", kind="toggle"), None
    for block in [each.id for each in world.notion.workspace.living(page) if each.id != toggle]:
        world.notion.human.move_block(block, parent_id=toggle, after=last)
        last = block


@pytest.mark.usefixtures("reporting")
@pytest.mark.parametrize("act", [_wipe, _wrap])
@pytest.mark.parametrize("noticed", [False, True])
@pytest.mark.parametrize(
    ("old", "new", "arrives"),
    [
        pytest.param("Two.", "Two!", "Two!", id="a line"),
        pytest.param("# Execution", "Before.\n\n# Execution", "Before.", id="the first line"),
        pytest.param("- a\n", "- b\n", "b", id="a line with one below it"),
        pytest.param("- a\n", "- a\n\nMore.\n\n- a\n", "More.", id="lines between"),
        pytest.param("| 1 | 2 |", "| 1 | 3 |", None, id="a row of a table that is gone"),
        pytest.param("  - a1", "  - a2", None, id="a line below one that is gone"),
    ],
)
async def test_a_change_arrives_and_the_page_comes_to_rest(
    world: World, act: Callable[[World, str], None], noticed: bool, old: str, new: str, arrives: str | None
) -> None:
    """What the log says anew is there, once; what she took away stays away, with all that was below it."""
    await world.sync(PATH, LOG)
    page = world.page(PATH)["id"]
    act(world, page)
    world.clock.advance(120)
    if noticed:
        await world.look_in_doubt(PATH)
    before = Counter(block["text"] for block in flat(world.page(PATH)["blocks"]))

    assert await world.sync(PATH, LOG.replace(old, new)) == [Verdict.UPDATED]

    after = Counter(block["text"] for block in flat(world.page(PATH)["blocks"]))
    assert (after - before)[arrives or ""] == (1 if arrives else 0)
    assert (after - before).keys() <= {arrives, "a", "a1"}
    assert before - after == Counter()
    assert await world.is_at_rest(PATH)


@pytest.mark.usefixtures("reporting")
async def test_of_equal_lines_the_one_that_she_left_stays(world: World) -> None:
    """The log says a line twice, she deletes one of them, the log drops the other: hers is not taken away."""
    await world.sync(PATH, "# Execution Log: T-1\n\nSame.\n\nOne.\n\nSame.\n\nTwo.\n")
    first, second = (block["id"] for block in world.page(PATH)["blocks"] if block["text"] == "Same.")
    world.notion.human.delete_block(first)
    world.clock.advance(120)
    await world.look_in_doubt(PATH)

    await world.sync(PATH, "# Execution Log: T-1\n\nSame.\n\nOne.\n\nTwo.\n")

    assert second in {block["id"] for block in world.page(PATH)["blocks"]}
    assert await world.is_at_rest(PATH)
