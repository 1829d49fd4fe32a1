"""A firewall in the way, and a process that dies, an answer that is lost, or a page that goes meanwhile."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from sync.notion.emulator import Fault, FaultKind
from sync.notion.emulator.mishaps.edge import looks_like_an_attack
from sync.state.records import Standing
from sync.verdict import Verdict
from tests.worlds.deaths import through_death
from tests.worlds.firewall import BAD, PATH, SIGN, paragraphs, spares_files, texts, wall
from tests.worlds.world import World

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
        died = await through_death(world, PATH, KILLED, at=number, moment=moment)
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

    world.wire.inner = Hand(world.wire.inner, nth, trash)
    assert await world.sync(PATH, paragraphs(320, bad)) == [Verdict.TRASHED]
    assert world.record(PATH).standing is Standing.TRASHED
    assert world.pages(PATH) == []
    assert len(world.notion.dump()) == 1
