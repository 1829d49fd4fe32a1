"""Logs too big for a page: head and tail on the page, the whole attached or named, and nobody waits."""

import resource
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType

import httpx
import pytest

from sync.files import MAX_WHOLE, ReadEnds, read_log
from sync.fit import fit_for_leaving
from sync.names import LogPath
from sync.notion.emulator import Fault, FaultKind
from sync.page.oversize import MAX_BLOCKS, MAX_SOURCE
from sync.state.records import Standing
from sync.verdict import Verdict
from tests.worlds.deaths import through_death
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
HEAD = "# Execution Log: T-1\n\n**ENV:** prod\n\n"
TAIL = "\n\n## Outcome\n\nSuccess\n\nThe very end.\n"
LONG = HEAD + "".join(f"Line {number} of the output of something.\n" for number in range(20_000)) + TAIL


def texts(world: World) -> list[str]:
    """Return the text of the blocks of the log's page, in order."""
    return [block["text"] for block in world.page(PATH)["blocks"]]


def attached(world: World) -> bytes:
    """Return the content of the one file on the log's page."""
    (file,) = [block for block in world.page(PATH)["blocks"] if block["type"] == "file"]
    blocks = world.notion.workspace.blocks
    upload = blocks[file["id"]].content["file"]["url"].split("/")[-2]
    return world.notion.workspace.uploads[upload].content or b""


async def test_a_long_log_is_a_page_and_a_file(world: World) -> None:
    """The page shows both ends, says what is missing, is vouched for, and carries every byte as a file."""
    assert len(LONG) > MAX_SOURCE
    assert await world.sync(PATH, LONG) == [Verdict.CREATED]
    page = world.page(PATH)
    shown = texts(world)
    assert "T-1" in shown[0]
    assert shown[-3] == "The very end."
    assert sum("lines" in text and "of this log are not shown here" in text for text in shown) == 1
    assert shown[-2].endswith("The whole log is in the file below.")
    assert attached(world) == LONG.encode()
    assert page["properties"]["Outcome"] == "Success"
    assert page["properties"]["Content Hash"] == world.digest(PATH)
    assert all(entry.status == 200 for entry in world.notion.journal.entries)
    world.forget_requests()
    assert await world.look(PATH) == [Verdict.UNCHANGED]
    assert world.requests == 0


async def test_a_changed_long_log_is_a_new_file_in_the_same_block(world: World) -> None:
    """Appending keeps the blocks of the head and the place of the file, whose content is the new one."""
    await world.sync(PATH, LONG)
    before = [block["id"] for block in world.page(PATH)["blocks"]]
    world.notion.human.comment(before[-1], "thanks")
    await world.sync(PATH, LONG + "\nOne line more.\n")
    after = [block["id"] for block in world.page(PATH)["blocks"]]
    assert (after[0], after[-1]) == (before[0], before[-1])
    assert "One line more." in texts(world)
    assert attached(world) == (LONG + "\nOne line more.\n").encode()
    assert world.page(PATH)["comments"] == ["thanks"]


async def test_a_log_that_shrinks_is_whole_again(world: World) -> None:
    """Notes and file leave when everything has room."""
    await world.sync(PATH, LONG)
    await world.sync(PATH, HEAD + "Short.\n" + TAIL)
    world.check(PATH)


async def test_thousands_of_blocks_are_cut(world: World) -> None:
    """The page takes no more than a page should, in few requests, and the file has the rest."""
    text = "".join(f"P {number}\n\n" for number in range(5_000))
    assert len(text) < MAX_SOURCE
    await world.sync(PATH, text)
    assert len(texts(world)) == MAX_BLOCKS + 3
    assert "P 4999" in texts(world)
    assert world.requests <= 1 + MAX_BLOCKS // 100 + 6
    assert attached(world) == text.encode()


LINE = b"Some output of some command, over and over again, number 12345.\n"


def _vast(size: int) -> bytes:
    return HEAD.encode() + LINE * (size // len(LINE)) + TAIL.encode()


async def test_a_log_of_50_mb_has_a_page(world: World) -> None:
    """Beyond what Notion takes as a file the page says where the log is; memory stays small."""
    (world.root / PATH).write_bytes(_vast(50_000_000))
    world.write("2026-01-10-small.md", HEAD)
    most = _most_memory()
    assert await world.look(PATH, "2026-01-10-small.md") == [Verdict.CREATED] * 2
    assert "The very end." in texts(world)
    assert texts(world)[-1].endswith(f"The whole log is in the file {PATH} in the logs folder.")
    assert world.record(PATH).content_hash == world.digest(PATH)
    assert _most_memory() - most < 60_000_000


async def test_a_vast_log_keeps_nobody_waiting(world: World) -> None:
    """It is read and rendered beside the event loop; for a short one that would not be worth it."""
    on_loop = {}
    for path, content in (("2026-01-10-vast.md", _vast(50_000_000)), ("2026-01-10-small.md", HEAD.encode())):
        (world.root / path).write_bytes(content)
        with _entered_here() as entered:
            assert await world.look(path) == [Verdict.CREATED]
        on_loop[path] = [work.__code__ in entered for work in (read_log, fit_for_leaving)]
    assert list(on_loop.values()) == [[False, False], [True, True]]


@contextmanager
def _entered_here() -> Iterator[set[CodeType]]:
    """Note the functions that this thread, the event loop's, enters until the context ends."""
    entered: set[CodeType] = set()
    sys.setprofile(lambda frame, event, _: entered.add(frame.f_code) if event == "call" else None)
    try:
        yield entered
    finally:
        sys.setprofile(None)


def _most_memory() -> int:
    """Return the most bytes that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def test_what_is_attached_fits_into_one_part(tmp_path: Path) -> None:
    """What is read whole is never more than Notion takes as a file."""
    assert MAX_WHOLE <= 20_000_000
    (tmp_path / "a.md").write_bytes(b"x" * (MAX_WHOLE + 1))
    assert isinstance(read_log(tmp_path, LogPath("a.md")), ReadEnds)


REFUSALS: dict[str, Fault] = {
    "no right to files": Fault(kind=FaultKind.ACCESS, path="file_uploads", status=403, count=0),
    "no such endpoint": Fault(kind=FaultKind.ACCESS, path="file_uploads", status=404, count=0),
}


@pytest.mark.parametrize("why", REFUSALS)
async def test_a_file_that_is_not_taken_is_no_reason_to_lose_the_page(world: World, why: str) -> None:
    """The page is made all the same and says where the log is; later versions do not ask again."""
    world.notion.faults.add(REFUSALS[why])
    assert await world.sync(PATH, LONG) == [Verdict.CREATED]
    assert texts(world)[-1].endswith("in the logs folder.")
    assert world.record(PATH).standing is Standing.TRACKED
    world.forget_requests()
    assert await world.sync(PATH, LONG.replace("T-1", "T-2")) == [Verdict.UPDATED]
    assert not any("file_uploads" in entry.path for entry in world.notion.journal.entries)


async def test_an_upload_that_expired_is_made_again(world: World) -> None:
    """When the turn to attach comes too late, the file is uploaded once more."""
    inner = world.wire.inner
    uploads = 0

    async def late(request: httpx.Request) -> httpx.Response:
        nonlocal uploads
        answer = await handle(request)
        if request.url.path.endswith("/send"):
            uploads += 1
            if uploads == 1:
                world.clock.advance(3700)
        return answer

    handle: Callable[[httpx.Request], Awaitable[httpx.Response]] = inner.handle_async_request
    world.wire.inner = _Way(late)
    assert await world.sync(PATH, LONG) == [Verdict.CREATED]
    assert uploads == 2
    assert attached(world) == LONG.encode()


class _Way(httpx.AsyncBaseTransport):
    """A way to Notion that a test has a hand in."""

    def __init__(self, handle: Callable[[httpx.Request], Awaitable[httpx.Response]]) -> None:
        self._handle = handle

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry a request."""
        return await self._handle(request)


@pytest.mark.parametrize("moment", ["before", "after", "in flight"])
async def test_death_at_any_request_ends_in_one_whole_page(tmp_path: Path, moment: str) -> None:
    """Killed at any request of an upload or of the page around it, the next process completes it once."""
    number, died = 0, True
    while died:
        number += 1
        directory = tmp_path / f"{number}"
        directory.mkdir()
        world = World(directory)
        died = await through_death(world, PATH, LONG, at=number, moment=moment)
        shown = texts(world)
        assert shown.count("The very end.") == 1, number
        assert sum("not shown here" in text for text in shown) == 1, number
        assert shown[-2].endswith("The whole log is in the file below."), number
        assert attached(world) == LONG.encode(), number
        assert world.page(PATH)["properties"]["Content Hash"] == world.digest(PATH), number
        await world.close()
    assert number > 4
