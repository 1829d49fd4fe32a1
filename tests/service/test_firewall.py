"""The firewall in front of Notion: what it refuses is found, the rest goes in, the page says what is not."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from sync.notion.emulator import Fault, FaultKind
from sync.notion.emulator.mishaps.edge import blocked, looks_like_an_attack
from sync.state.records import Standing
from sync.state.refusals import Refusals
from sync.verdict import Verdict
from tests.worlds.trees import flat
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
SIGN = "⚠️"
MISSING = (
    "Parts of this log are not on this page: Notion, or the firewall in front of it, refuses their text."
)
BAD = (
    "cat /etc/hosts",
    "```sh\ncat <<EOF\nx\nEOF\n```",
    "`make || true`",
    "id=1 UNION SELECT 1",
    "`rm; rm -rf /`",
)


def paragraphs(total: int, bad: dict[int, str], *, title: str = "T-1") -> str:
    """Return a log of so many paragraphs, some of them bad."""
    texts = [bad.get(number, f"Paragraph {number}.") for number in range(total)]
    return "\n\n".join((f"# Execution Log: {title}", *texts, ""))


def texts(world: World, path: str = PATH) -> list[str]:
    """Return the text of all blocks of a log's page, in order."""
    return [block["text"] for block in flat(world.page(path)["blocks"])]


def attached(world: World, path: str = PATH) -> list[bytes]:
    """Return the contents of the files on a log's page."""
    names = [block["text"] for block in world.page(path)["blocks"] if block["type"] == "file"]
    uploads = world.notion.workspace.uploads.values()
    return [[each.content or b"" for each in uploads if each.filename == name][-1] for name in names]


class Wall(httpx.AsyncBaseTransport):
    """A firewall on the way to Notion, with rules of its own.

    Args:
        inner: The way behind it.
        refuses: Told the content type and the body of a request.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, refuses: Callable[[str, bytes], bool]) -> None:
        self._inner = inner
        self._refuses = refuses

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Refuse a request, or pass it on."""
        if self._refuses(request.headers.get("content-type", ""), await request.aread()):
            answer = blocked()
            return httpx.Response(
                answer.status, headers=dict(answer.headers), content=answer.body, request=request
            )
        return await self._inner.handle_async_request(request)


def spares_files(content_type: str, body: bytes) -> bool:
    """Refuse what looks like an attack, except in files."""
    return not content_type.startswith("multipart/") and looks_like_an_attack(body)


def wall(world: World, refuses: Callable[[str, bytes], bool]) -> None:
    """Put a firewall between this ai-traces and its Notion."""
    world.wire._inner = Wall(world.wire._inner, refuses)


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


SAMPLE = (("after", "let through"), ("in flight", "refused"))
KILLED = paragraphs(4, {3: BAD[1]}) + "- one\n  - cat /etc/passwd\n  - two\n"


@pytest.mark.parametrize(
    ("moment", "files"),
    [
        pytest.param(moment, files, marks=() if (moment, files) in SAMPLE else pytest.mark.slow)
        for moment in ("before", "after", "in flight")
        for files in ("refused", "let through")
    ],
)
async def test_death_at_any_request_ends_in_one_whole_page(tmp_path: Path, moment: str, files: str) -> None:
    """Killed at any request of a search or an upload, the next process ends where none was killed."""
    refuses = spares_files if files == "let through" else lambda _, body: looks_like_an_attack(body)

    async def history(number: int) -> tuple[bool, list[str]]:
        directory = tmp_path / f"{number}"
        directory.mkdir()
        world = World(directory)
        wall(world, refuses)
        await world.start()
        world.write(PATH, KILLED)
        world.event(PATH)
        died = await world.die(number, moment)
        if died:
            await world.start()
            world.event(PATH)
            await world.rest()
        shown = texts(world)
        assert len(world.pages(PATH)) == 1
        assert world.page(PATH)["properties"]["Content Hash"] == world.digest(PATH)
        await world.close()
        return died, shown

    _, undisturbed = await history(10_000)
    assert sum(SIGN in text for text in undisturbed) == 2
    number, died = 0, True
    while died:
        number += 1
        died, shown = await history(number)
        assert shown == undisturbed, number
    assert number > 12


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.RESET_AFTER,
        FaultKind.HTML_200,
        *(
            pytest.param(kind, marks=pytest.mark.slow)
            for kind in (FaultKind.HANG, FaultKind.ERROR_AFTER, FaultKind.RATE_LIMITED)
        ),
    ],
)
async def test_a_lost_answer_at_any_request_ends_in_one_whole_page(tmp_path: Path, kind: FaultKind) -> None:
    """The search goes on after it, and everything is there once."""

    async def history(number: int) -> tuple[int, list[str]]:
        directory = tmp_path / f"{number}"
        directory.mkdir()
        world = World(directory)
        world.notion.firewall = True
        await world.start()
        world.forget_requests()
        if number:
            world.notion.faults.add(Fault(kind=kind, nth=number, seconds=0))
        await world.sync(PATH, KILLED)
        shown, requests = texts(world), world.requests
        assert len(world.pages(PATH)) == 1
        await world.close()
        return requests, shown

    requests, undisturbed = await history(0)
    for number in range(1, requests + 1):
        _, shown = await history(number)
        assert shown == undisturbed, number


class Hand(httpx.AsyncBaseTransport):
    """A way to Notion on which something happens after the answer to a request.

    Args:
        inner: The way.
        nth: Which request, counted from 1.
        happens: What.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, nth: int, happens: Callable[[], None]) -> None:
        self._inner = inner
        self._left = nth
        self._happens = happens

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry a request."""
        answer = await self._inner.handle_async_request(request)
        self._left -= 1
        if self._left == 0:
            self._happens()
        return answer


@pytest.mark.parametrize("bad", [{}, {150: BAD[0]}, {3: BAD[0]}])
@pytest.mark.parametrize("nth", [2, 3])
async def test_a_page_trashed_while_it_is_made_stays_there(
    world: World, bad: dict[int, str], nth: int
) -> None:
    """Jen's wish is respected in the middle of a creation, with and without a search."""
    world.notion.firewall = True
    if 3 not in bad:
        nth -= 1  # no page is made by the first request when the firewall refuses it

    def trash() -> None:
        world.notion.human.trash_page(world.notion.dump()[0]["id"])

    world.wire._inner = Hand(world.wire._inner, nth, trash)
    assert await world.sync(PATH, paragraphs(320, bad)) == [Verdict.TRASHED]
    assert world.record(PATH).standing is Standing.TRASHED
    assert world.pages(PATH) == []
    assert len(world.notion.dump()) == 1
