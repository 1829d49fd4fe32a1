"""Notion says once that something is not there which is: the page is right all the same, and soon."""

import pytest

from sync.notion.emulator import Fault, FaultKind
from tests.worlds.world import World

_TABLE = "| Step | Result |\n|---|---|\n| one | good |\n| two | bad |\n"
_BEFORE = (
    f"# Execution Log: T\n\n**ENV:** dev\n\n## Task\nCount\n\n{_TABLE}\nAfter.\n\n- a\n- b\n\n"
    "## Outcome\nPartial\n"
)

_EDITS = {
    "a cell": _BEFORE.replace("bad", "fine"),
    "a row more": _BEFORE.replace("| two", "| new | row |\n| two"),
    "a row less": _BEFORE.replace("| one | good |\n", ""),
    "a column more": _BEFORE.replace(
        _TABLE, "| Step | Result | By |\n|---|---|---|\n| one | good | x |\n| two | bad | y |\n"
    ),
    "no table": _BEFORE.replace(_TABLE, ""),
    "a line": _BEFORE.replace("After.", "Later."),
    "no list": _BEFORE.replace("- a\n- b\n", ""),
    "other properties": _BEFORE.replace("dev", "prod").replace("Partial", "Failed"),
}


@pytest.mark.parametrize("edit", _EDITS)
@pytest.mark.parametrize("method", ["PATCH", "DELETE", "GET"])
@pytest.mark.parametrize("nth", [1, 2, 3])
async def test_a_404_that_passes_leaves_no_trace(world: World, edit: str, method: str, nth: int) -> None:
    """Nothing old stays on the page, nothing is there twice, and it stays the same page."""
    await world.sync("a.md", _BEFORE)
    page = world.page("a.md")["id"]
    world.notion.faults.add(
        Fault(kind=FaultKind.ACCESS, status=404, method=method, path="^(v1/)?(blocks|pages)/", nth=nth)
    )
    await world.sync("a.md", _EDITS[edit])
    await world.rest()
    assert world.check("a.md")["id"] == page


async def test_a_block_that_a_person_deleted_costs_one_look(world: World) -> None:
    """It is as gone as it was to be: no failure, and nothing is tried again."""
    await world.sync("a.md", _BEFORE)
    world.notion.human.delete_block(world.ids("a.md")["After."])
    assert await world.sync("a.md", _BEFORE.replace("After.\n", "")) != []
    await world.rest()
    world.check("a.md")
