"""What a log costs: as few requests as Notion allows, and as little changed on the page as differs."""

from typing import Any

import pytest

from sync.notion.limiter import Lane
from sync.verdict import Verdict
from tests.worlds.trees import flat
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
LOG = """# Execution Log: TASK-1

**Timestamp:** 2026-01-10T14:30:00Z
**ENV:** dev
**RISK:** low
**STATE Transition:** PLAN → DRAFT

## Task

Bring the parser in step.

## Tools Used

- git: commit
- pytest: 12 passed

## Outcome

Success

## Issues

None

## Contract Gaps

None
"""
WIDE = "".join(f"## Part {number}\n\nParagraph {number}.\n\n" for number in range(125))
DEEP = "- 1\n  - 2\n    - 3\n      - 4\n        - 5\n          - 6\n    - 3b\n- 1b\n"
ROWS = "| n | square |\n|---|---|\n" + "".join(f"| {n} | {n * n} |\n" for n in range(250))
CHILDREN = "- parent\n" + "".join(f"  - child {number}\n" for number in range(150))
LONG_TEXT = "word " * 5_000
FENCE = "```python\n" + "x = 1  # a line of code\n" * 600 + "```\n"


async def test_a_new_log_costs_one_request(world: World) -> None:
    """Page, properties and body arrive by one create."""
    assert await world.sync(PATH, LOG) == [Verdict.CREATED]
    assert (world.requests, world.writes) == (1, 1)
    world.check(PATH)


async def test_an_unchanged_log_costs_nothing(world: World) -> None:
    """An event without a change, and a touch of the file, are seen through without a request."""
    await world.sync(PATH, LOG)
    world.forget_requests()
    assert await world.look(PATH) == [Verdict.UNCHANGED]
    world.touch_file(PATH)
    assert await world.look(PATH) == [Verdict.UNCHANGED]
    world.rescan()
    assert world.backlog.count() == 0
    assert world.requests == 0


async def test_a_restart_writes_nothing(world: World) -> None:
    """Only the database and the newest pages are looked at: a handful of reads for any number of logs."""
    for number in range(120):
        world.write(f"{number:03}.md", LOG)
    world.rescan()
    await world.rest()
    world.forget_requests()
    await world.restart()
    await world.rest()
    assert world.writes == 0
    assert world.requests <= 4


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Bring the parser in step.", "Bring the renderer in step."),
        ("- pytest: 12 passed", "- pytest: 13 passed"),
        ("- git: commit\n", ""),
        ("- git: commit\n", "- git: commit\n- ruff: clean\n"),
        ("**RISK:** low", "**RISK:** high"),
        ("Success", "Failed"),
        ("TASK-1", "TASK-2"),
    ],
)
async def test_a_one_line_edit_costs_at_most_four_requests(world: World, old: str, new: str) -> None:
    """The changed block alone is written; every other keeps its id. So does the way back."""
    await world.sync(PATH, LOG)
    before = world.ids(PATH)
    world.forget_requests()
    assert await world.sync(PATH, LOG.replace(old, new)) == [Verdict.UPDATED]
    assert world.requests <= 4
    world.check(PATH)
    after = world.ids(PATH)
    assert {text: made for text, made in before.items() if text in after} == {
        text: made for text, made in after.items() if text in before
    }
    world.forget_requests()
    await world.sync(PATH, LOG)
    assert world.requests <= 4
    world.check(PATH)


async def test_an_edit_in_place_keeps_its_comments(world: World) -> None:
    """A changed paragraph is the same block as before, with what Jen said about it."""
    await world.sync(PATH, LOG)
    block = world.ids(PATH)["Bring the parser in step."]
    world.notion.human.comment(block, "Which parser?")
    await world.sync(PATH, LOG.replace("the parser", "the renderer"))
    page = world.check(PATH)
    assert world.ids(PATH)["Bring the renderer in step."] == block
    assert page["comments"] == ["Which parser?"]


async def test_an_appended_section_deletes_nothing(world: World) -> None:
    """A log that grows keeps every block that was there."""
    await world.sync(PATH, LOG)
    before = [block["id"] for block in flat(world.page(PATH)["blocks"])]
    world.forget_requests()
    await world.sync(PATH, f"{LOG}\n## Afterthought\n\nOne more thing.\n\n- a\n- b\n")
    assert world.notion.journal.counts().get("DELETE", 0) == 0
    after = [block["id"] for block in flat(world.check(PATH)["blocks"])]
    assert after[: len(before)] == before
    assert world.requests <= 4


@pytest.mark.parametrize(
    ("body", "most_requests"),
    [
        pytest.param(WIDE, 4, id="250 blocks"),
        pytest.param(DEEP, 8, id="six levels"),
        pytest.param(ROWS, 7, id="250 rows"),
        pytest.param(CHILDREN, 6, id="150 children"),
        pytest.param(LONG_TEXT, 1, id="a long paragraph"),
        pytest.param(FENCE, 1, id="a long listing"),
        pytest.param(WIDE + DEEP + ROWS + CHILDREN + LONG_TEXT + FENCE, 18, id="all of it"),
        pytest.param("", 1, id="nothing"),
    ],
)
async def test_a_large_log_arrives_whole(world: World, body: str, most_requests: int) -> None:
    """Whatever takes several requests is all there in the end, in order, and the hash is written last."""
    assert await world.sync(PATH, f"# Execution Log: BIG\n\n{body}") == [Verdict.CREATED]
    world.check(PATH)
    assert world.requests <= most_requests
    assert {entry.status for entry in world.notion.journal} == {200}
    world.forget_requests()
    assert await world.look(PATH) == [Verdict.UNCHANGED]
    assert world.requests == 0


@pytest.mark.parametrize("body", [WIDE, DEEP, ROWS, CHILDREN, LONG_TEXT, FENCE, "Short.\n"])
@pytest.mark.parametrize("other", [WIDE, DEEP, ROWS, CHILDREN, "Short.\n", "", "---\n"])
async def test_any_log_may_become_any_other(world: World, body: str, other: str) -> None:
    """A rewrite of the whole body ends with the new body, and Jen's blocks are all still there."""
    await world.sync(PATH, f"# Execution Log: X\n\n{body}")
    page = world.page(PATH)
    mine = [
        world.notion.human.add_block(page["id"], f"Jen {n}", after=block["id"])
        for n, block in enumerate(page["blocks"][:: max(1, len(page["blocks"]) // 3)])
    ]
    await world.sync(PATH, f"# Execution Log: X\n\n{other}")
    held = {block["id"] for block in world.check(PATH)["blocks"]}
    assert held.issuperset(mine)
    assert {entry.status for entry in world.notion.journal} == {200}


UPDATES = {
    "edit": LOG.replace("in step", "out of step"),
    "append": f"{LOG}\n## More\n\nText.\n",
    "insert": LOG.replace("## Outcome", "Something between.\n\n## Outcome"),
    "insert at the start": LOG.replace("# Execution", "Before everything.\n\n# Execution"),
    "remove": LOG.replace("## Issues\n\nNone\n\n", ""),
    "another kind": LOG.replace("Bring the parser in step.", "```\nBring the parser in step.\n```"),
    "properties alone": LOG.replace("**RISK:** low", "**RISK:** high"),
    "shuffled": LOG.replace("- git: commit\n- pytest: 12 passed", "- pytest: 12 passed\n- git: commit"),
    "rewritten": "# Execution Log: OTHER\n\nAll new.\n\n| a |\n|---|\n| 1 |\n",
    "emptied": "",
}


@pytest.mark.parametrize("name", UPDATES)
async def test_what_jen_adds_survives_every_update(world: World, name: str) -> None:
    """Her blocks between ours, her comments and the value of her own column stay, whatever changes."""
    await world.sync(PATH, LOG)
    human = world.notion.human
    page = world.page(PATH)
    column = world.notion.workspace.databases[world.database].data_sources[0]
    human.add_property(column, "Read by", "rich_text")
    human.set_property(page["id"], "Read by", {"rich_text": [{"type": "text", "text": {"content": "Jen"}}]})
    mine = [
        human.add_block(page["id"], f"After {block['text']}", after=block["id"]) for block in page["blocks"]
    ]
    mine.append(human.add_block(page["id"], "At the end", kind="to_do"))
    for place in (page["id"], mine[0], mine[-1]):
        human.comment(place, f"On {place}")
    for text in (UPDATES[name], LOG):
        await world.sync(PATH, text)
        after = world.check(PATH)
        assert after["id"] == page["id"]
        assert [block["id"] for block in after["blocks"] if block["id"] in mine] == mine
        assert after["comments"] == [f"On {place}" for place in (page["id"], mine[0], mine[-1])]
        assert after["properties"]["Read by"] == "Jen"


async def test_a_new_block_stands_next_to_the_one_before_it(world: World) -> None:
    """An inserted block comes directly behind its predecessor, in front of what Jen wrote there."""
    await world.sync(PATH, "# X\n\none\n\nthree\n")
    ids = world.ids(PATH)
    world.notion.human.add_block(world.page(PATH)["id"], "Jen", after=ids["one"])
    await world.sync(PATH, "# X\n\none\n\ntwo\n\nthree\n")
    assert [block["text"] for block in world.check(PATH)["blocks"]][1:] == ["one", "two", "Jen", "three"]


async def test_a_hundred_logs_cost_a_hundred_requests(world: World) -> None:
    """Worked on side by side, each costs its one create and nothing is refused."""
    for number in range(100):
        world.write(f"{number:03}.md", LOG.replace("TASK-1", f"TASK-{number}"))
    world.rescan()
    await world.rest()
    assert (world.requests, world.notion.journal.statuses()) == (100, {"200": 100})
    for number in range(100):
        world.check(f"{number:03}.md")


async def test_no_text_of_a_log_lies_in_the_state(world: World) -> None:
    """Neither a body nor a property of a log is found in any file of the state directory."""
    canary = "CANARY-7f3a"
    text = LOG.replace("TASK-1", f"{canary}-id").replace("Bring", canary).replace("git: commit", canary)
    await world.sync(PATH, text)
    await world.sync(PATH, f"{text}\n## {canary}\n\n```\n{canary}\n```\n")
    files = list(world.state_dir.iterdir())
    assert len(files) == 3
    assert all(canary.encode() not in file.read_bytes() for file in files)


def _texts(page: dict[str, Any]) -> list[str]:
    return [block["text"] for block in page["blocks"]]


async def test_a_log_that_is_emptied_and_refilled_ends_as_it_was(world: World) -> None:
    """A → nothing → A leaves the page with A, in order."""
    await world.sync(PATH, LOG)
    before = _texts(world.page(PATH))
    await world.sync(PATH, "")
    world.check(PATH)
    await world.sync(PATH, LOG)
    assert _texts(world.check(PATH)) == before


@pytest.mark.parametrize("blocks", [150, 600])
async def test_an_edit_of_a_long_page_costs_no_more(world: World, blocks: int) -> None:
    """Wherever the line stands and however long the page: at most four requests, and all else stays."""
    lines = [f"Paragraph {number}." for number in range(blocks)]
    await world.sync(PATH, "# Execution Log: T\n\n## Task\n\n" + "\n\n".join(lines))
    await world.gateway.me(lane=Lane.CHECK)  # asked once in the life of a daemon
    for at in (blocks // 2, blocks // 2, 3, blocks - 1):
        before = world.ids(PATH)
        lines[at] += " Changed."
        world.forget_requests()

        await world.sync(PATH, "# Execution Log: T\n\n## Task\n\n" + "\n\n".join(lines))

        assert world.requests <= 4
        assert len(before.items() & world.ids(PATH).items()) == len(before) - 1
        world.check(PATH)
