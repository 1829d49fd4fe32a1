"""The firewall in front of Notion: what it refuses is found, the rest goes in, the page says what is not."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from sync.state.records import Standing
from sync.state.refusals import Refusals
from sync.verdict import Verdict
from tests.worlds.firewall import (
    BAD,
    MISSING,
    PATH,
    SIGN,
    attached,
    paragraphs,
    spares_files,
    texts,
    wall,
)
from tests.worlds.trees import flat
from tests.worlds.world import World


@pytest.fixture
async def guarded(world: World) -> AsyncIterator[World]:
    """An ai-traces whose Notion is behind a firewall."""
    world.notion.firewall = True
    yield world
    for entry in world.notion.journal.entries:
        assert entry.status in {200, 403, None}


async def test_the_rest_of_the_page_goes_in(guarded: World) -> None:
    """Each bad block is replaced by a sign in its place, all others stand as written, the file is named."""
    bad = {3: BAD[0], 20: BAD[1], 21: BAD[2], 55: BAD[3], 59: BAD[4]}
    assert await guarded.sync(PATH, paragraphs(60, bad)) == [Verdict.CREATED]
    page = guarded.page(PATH)
    shown = [block["text"] for block in page["blocks"]]
    assert [SIGN in text for text in shown[1:61]] == [number in bad for number in range(60)]
    assert [text for text in shown[1:61] if SIGN not in text] == [
        f"Paragraph {number}." for number in range(60) if number not in bad
    ]
    assert shown[21].startswith(f"{SIGN} 3 lines are missing here")
    assert f"in the file {PATH} in the logs folder" in shown[61]
    assert len(shown) == 62
    assert page["properties"]["Content Hash"] == guarded.digest(PATH)
    assert guarded.record(PATH).standing is Standing.TRACKED


async def test_nothing_is_asked_twice(guarded: World) -> None:
    """In step costs nothing; the same commands in another log, also after a restart, cost no search."""
    bad = {3: BAD[0], 20: BAD[1]}
    await guarded.sync(PATH, paragraphs(60, bad))
    guarded.forget_requests()
    assert await guarded.look(PATH) == [Verdict.UNCHANGED]
    assert guarded.requests == 0
    await guarded.restart()
    guarded.forget_requests()
    await guarded.sync("2026-01-10-other.md", paragraphs(50, {7: BAD[0], 8: BAD[1]}, title="T-2"))
    refused = [entry.path for entry in guarded.notion.journal.entries if entry.status == 403]
    assert len(refused) == 1, "only the file, which holds both"
    assert "/send" in refused[0]


@pytest.mark.parametrize("total", [10, 90, 400])
@pytest.mark.parametrize("k", [1, 2, 5])
async def test_the_search_is_short(guarded: World, total: int, k: int) -> None:
    """For k bad blocks of n: about 2 k log2 n attempts, and a few requests for notes, notice and file."""
    bad = {(number * total) // k + total // (2 * k): f"{BAD[0]} {number}" for number in range(k)}
    await guarded.sync(PATH, paragraphs(total, bad))
    usual = 1 + total // 100 + 1
    search = 2 * k * min(total, 100).bit_length()
    assert guarded.requests <= usual + search + k + 6
    assert sum(SIGN in text for text in texts(guarded)) == k


async def test_an_edit_keeps_what_is_there(guarded: World) -> None:
    """Edits around a bad block change only themselves; one that makes it good brings it in, in place."""
    await guarded.sync(PATH, paragraphs(30, {5: BAD[0]}))
    before = [block["id"] for block in guarded.page(PATH)["blocks"]]
    guarded.notion.human.comment(before[6], "what was here?")
    guarded.forget_requests()
    await guarded.sync(PATH, paragraphs(30, {5: BAD[0], 9: "Changed."}))
    assert all(entry.status == 200 for entry in guarded.notion.journal.entries)
    assert [block["id"] for block in guarded.page(PATH)["blocks"]] == before
    await guarded.sync(PATH, paragraphs(30, {}))
    page = guarded.check(PATH)
    assert page["comments"] == ["what was here?"]
    assert [block["id"] for block in page["blocks"]] == before[:31]


async def test_an_edit_that_is_refused_changes_the_block_to_a_sign(guarded: World) -> None:
    """A good block that becomes bad keeps its id, and so its comments."""
    await guarded.sync(PATH, paragraphs(30, {}))
    block = guarded.page(PATH)["blocks"][6]["id"]
    guarded.notion.human.comment(block, "look here")
    assert await guarded.sync(PATH, paragraphs(30, {5: BAD[0]})) == [Verdict.UPDATED]
    page = guarded.page(PATH)
    assert page["blocks"][6]["id"] == block
    assert page["blocks"][6]["text"].startswith(SIGN)
    assert page["comments"] == ["look here"]


NESTED = """# Execution Log: T-1

- good parent
  - good child
  - cat /etc/hosts
    - deep
- `make || true`
  - good below bad
    - [ ] deeper
      > deepest

| a | b |
|---|---|
| 1 | 2 |
| cat /etc/hosts | 4 |
| 5 | 6 |

| /etc/hosts | head |
|---|---|
| 7 | 8 |

> quoted
>
> - cat <<EOF
> - fine
"""


async def test_what_is_nested_is_found_too(guarded: World) -> None:
    """Children of a bad block, rows beside a bad row and everything below stay; only the bad words go."""
    await guarded.sync(PATH, NESTED)
    shown = texts(guarded)
    kept = [
        "good parent",
        "good child",
        "deep",
        "good below bad",
        "deeper",
        "deepest",
        "1\t2",
        "5\t6",
        "7\t8",
    ]
    assert [text for text in shown if text in {*kept, "quoted", "fine"}] == [*kept, "quoted", "fine"]
    assert sum(SIGN in text for text in shown) == 5
    tree = guarded.page(PATH)["blocks"]
    types = [block["type"] for block in tree]
    assert types.count("table") == 2
    row = next(block for block in flat(tree) if block["type"] == "table_row" and SIGN in block["text"])
    assert row["text"].endswith("\t")


async def test_the_original_is_attached_where_it_passes(world: World) -> None:
    """The file holds the whole log; a changed log replaces it in place, a harmless one removes it."""
    wall(world, spares_files)
    await world.sync(PATH, paragraphs(30, {5: BAD[0]}))
    (file,) = [block for block in world.page(PATH)["blocks"] if block["type"] == "file"]
    assert attached(world) == [(world.root / PATH).read_bytes()]
    assert texts(world)[-2:] == [
        f"{MISSING} The whole log is in the file below.",
        f"{PATH}.txt",
    ]
    world.forget_requests()
    await world.sync(PATH, paragraphs(30, {5: BAD[0], 8: "Changed."}))
    (again,) = [block for block in world.page(PATH)["blocks"] if block["type"] == "file"]
    assert again["id"] == file["id"]
    assert attached(world) == [(world.root / PATH).read_bytes()]
    await world.sync(PATH, paragraphs(30, {8: "Changed."}))
    world.check(PATH)


async def test_state_lost_and_found_again(guarded: World) -> None:
    """A page with signs is adopted as it is; the next edit reads it and finds the refusals anew."""
    await guarded.sync(PATH, paragraphs(30, {5: BAD[0]}))
    before = texts(guarded)
    guarded.stop()
    guarded.lose_state()
    await guarded.start()
    guarded.forget_requests()
    await guarded.look(PATH)
    assert guarded.writes == 0
    await guarded.sync(PATH, paragraphs(30, {5: BAD[0], 9: "Changed."}))
    assert texts(guarded) == [text.replace("Paragraph 9.", "Changed.") for text in before]
    assert len(guarded.pages(PATH)) == 1


@pytest.mark.parametrize("field", ["title", "summary", "tools", "reference", "all"])
async def test_a_refused_property_is_noted(guarded: World, field: str) -> None:
    """The page is made, the other properties stand, and the refused one says why it is empty."""
    bad = "cat /etc/hosts"
    title = bad if field in {"title", "all"} else "T-1"
    task = bad if field in {"summary", "all"} else "Do it."
    tool = bad if field in {"tools", "all"} else "git"
    reference = bad if field in {"reference", "all"} else "SI-1"
    text = (
        f"# Execution Log: {title}\n\n**ENV:** prod\n\n## Task\n\n{task}\n\n## Tools Used\n\n- {tool}\n\n"
        f"## Contract Reference\n\n{reference}\n\n## Outcome\n\nSuccess\n"
    )
    assert await guarded.sync(PATH, text) == [Verdict.CREATED]
    page = guarded.page(PATH)
    held = page["properties"]
    assert held["Outcome"] == "Success"
    assert held["Content Hash"] == guarded.digest(PATH)
    noted = {name for name, value in {**held, "T": page["title"]}.items() if SIGN in str(value)}
    assert ("T" in noted) == (field in {"title", "all"})
    assert ("Summary" in noted) == (field in {"summary", "all"})
    assert ("Contract Reference" in noted) == (field in {"reference", "all"})
    assert ("git" in str(held["Tools"])) == (field not in {"tools", "all"})
    assert "/etc/hosts" not in str(page)


async def test_words_that_trip_only_together_all_go_in(world: World) -> None:
    """Two blocks that are harmless alone are sent apart, and nothing is said to be missing."""
    wall(world, lambda _, body: b"alpha" in body and b"omega" in body)
    await world.sync(PATH, paragraphs(30, {3: "alpha", 4: "omega", 25: "alpha too"}))
    world.check(PATH)
    # In properties too: summary and title, each harmless alone.
    text = "# Execution Log: alpha\n\n## Task\n\nomega\n\n## Outcome\n\nSuccess\n"
    assert await world.sync("2026-01-10-b.md", text) == [Verdict.CREATED]
    page = world.page("2026-01-10-b.md")
    assert page["title"] == "alpha"
    assert SIGN in page["properties"]["Summary"]
    assert [block["text"] for block in page["blocks"]][-4:] == ["Task", "omega", "Outcome", "Success"]


async def test_a_path_that_is_refused_is_set_aside_and_holds_up_nobody(guarded: World) -> None:
    """A log that cannot be named in Notion is quarantined with advice; the next one has its page."""
    path = "x/etc/passwd.md"
    guarded.write(path, "# Execution Log: X\n\nfine\n")
    guarded.write(PATH, "# Execution Log: T-1\n\nfine\n")
    guarded.event(path, PATH)
    await guarded.rest()
    assert guarded.record(path).standing is Standing.QUARANTINED
    assert "Rename" in guarded.record(path).hint
    assert guarded.pages(path) == []
    guarded.check(PATH)


async def test_a_firewall_that_refuses_everything_is_no_fault_of_a_log(world: World) -> None:
    """Nothing is marked as refused, nobody is quarantined; when it ends, the pages are made whole."""
    walled = True
    wall(world, lambda _, body: walled and bool(body))
    world.write(PATH, paragraphs(20, {}))
    world.event(PATH)
    await world.worker.work(asyncio.Event(), enough=lambda: bool(world.jobs))
    assert type(world.jobs[0].outcome).__name__ == "AccessLost"
    assert Refusals(world.store, world.rules.edition).known() == frozenset()
    walled = False
    world.clock.advance(3600)
    await world.rest()
    world.check(PATH)


async def test_one_such_log_holds_up_no_other(guarded: World) -> None:
    """While a bad log is searched, a good one that came later is finished first."""
    guarded.write(PATH, paragraphs(90, {number: f"{BAD[0]} {number}" for number in range(0, 90, 9)}))
    guarded.write("2026-01-10-good.md", paragraphs(3, {}, title="T-2"))
    guarded.event(PATH)
    guarded.event("2026-01-10-good.md")
    await guarded.rest()
    assert [job.path for job in guarded.jobs] == ["2026-01-10-good.md", PATH]
    guarded.check("2026-01-10-good.md")
