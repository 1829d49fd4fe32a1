"""Each answer that HTTP knows, at each request of each kind of work, on virtual time: all ends in step."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest

from sync.notion.emulator import Fault, FaultKind
from sync.state.records import Standing
from tests.worlds.timed_world import TimedWorld
from virtual_time import VirtualLoop, virtually

PATH = "2026-01-10-task.md"
OTHER = "2026-01-10-other.md"
SMALL = "# Execution Log: T-1\n\n## Task\n\nDo it.\n\n- a\n  - b\n- c\n\n| n |\n|---|\n| 1 |\n| 2 |\n"
EDITED = "# Execution Log: T-1\n\n## Task\n\nDone.\n\n- a\n  - B\n- d\n- e\n\n| n |\n|---|\n| 2 |\n\nEnd.\n"
LARGE = (
    "# Execution Log: T-1\n\n"
    + "".join(f"Paragraph {number}.\n\n" for number in range(130))
    + "- 1\n  - 2\n    - 3\n      - 4\n\n| n |\n|---|\n"
    + "".join(f"| {number} |\n" for number in range(104))
)

EXTRA = 11
"""Requests that one fault may cost on top of twice those without any."""

Step: TypeAlias = Callable[[TimedWorld], Awaitable[None]]


@dataclass(frozen=True)
class Work:
    """Something that the daemon does.

    Attributes:
        before: What the log says when all is in step; None: there is none.
        after: What it then says; None: it is deleted.
        renamed: It then has another name.
        forgotten: The state is lost meanwhile.
    """

    before: str | None
    after: str | None
    renamed: bool = False
    forgotten: bool = False

    async def prepare(self, world: TimedWorld) -> None:
        """Bring about what is there before, and then change the log."""
        await world.sync("bystander.md", "# Execution Log: B-1\n")
        if self.before is not None:
            await world.sync(PATH, self.before)
        if self.forgotten:
            world.stop()
            world.lose_state()
        if self.renamed:
            (world.root / PATH).rename(world.root / OTHER)
        if self.after is None:
            (world.root / PATH).unlink()
        else:
            world.write(self.path, self.after)
        if self.forgotten:
            await world.start()

    @property
    def path(self) -> str:
        """What the log is called in the end."""
        return OTHER if self.renamed else PATH

    def check(self, world: TimedWorld) -> None:
        """Assert that there is one page that shows the log, and that nothing is set aside."""
        assert world.store.standing(Standing.QUARANTINED) == ()
        if self.after is not None:
            world.check(self.path)
        if self.after is None or self.renamed:
            assert world.pages(PATH) == []
        assert len(world.notion.dump()) == 2


WORK: Mapping[str, Work] = {
    "new": Work(None, SMALL),
    "large": Work(None, LARGE),
    "edit": Work(SMALL, EDITED),
    "append": Work(SMALL, f"{SMALL}\n## Outcome\n\nSuccess\n\n- f\n  - g\n"),
    "rename": Work(SMALL, SMALL, renamed=True),
    "delete": Work(SMALL, None),
    "adopt": Work(SMALL, EDITED, forgotten=True),
}


@dataclass(frozen=True)
class Answer:
    """What becomes of a request instead of what should.

    Attributes:
        fault: The emulator plays it.
        status: Else: this answer comes, and Notion never saw the request.
        wait: Its Retry-After; empty: it has none.
        is_html: A page of the edge, not Notion's JSON.
        code: Notion's code in JSON.
        takes: Seconds until it comes.
    """

    fault: Fault | None = None
    status: int = 0
    wait: str = ""
    is_html: bool = False
    code: str = ""
    takes: float = 0.0


def _fault(kind: FaultKind, *, seconds: float = 0.0, status: int = 401, takes: float = 0.0) -> Answer:
    return Answer(Fault(kind=kind, seconds=seconds, status=status, blocks=1), takes=takes)


DATE = "a date two minutes from now"

ANSWERS: Mapping[str, Answer] = {
    "refused": _fault(FaultKind.REFUSE),
    "reset before": _fault(FaultKind.RESET_BEFORE),
    "reset after": _fault(FaultKind.RESET_AFTER),
    "timeout before": _fault(FaultKind.HANG, takes=90.0),
    "timeout after": _fault(FaultKind.HANG_AFTER, takes=90.0),
    "late commit": _fault(FaultKind.LATE_COMMIT, seconds=20.0),
    "late commit after a timeout": _fault(FaultKind.LATE_COMMIT, seconds=64.0, takes=60.0),
    "429 after 0": Answer(status=429, wait="0", code="rate_limited"),
    "429 after 120": Answer(status=429, wait="120", code="rate_limited"),
    "429 after a date": Answer(status=429, wait=DATE, code="rate_limited"),
    "429 with garbage": Answer(status=429, wait="soon", code="rate_limited"),
    "429 without a time": Answer(status=429, code="rate_limited"),
    "429 by the edge": Answer(status=429, wait="30", is_html=True),
    "529 after 120": Answer(status=529, wait="120", code="service_overload"),
    "529 without a time": Answer(status=529, code="service_overload"),
    "500 before": _fault(FaultKind.ERROR_BEFORE),
    "500 after": _fault(FaultKind.ERROR_AFTER),
    "502 html before": _fault(FaultKind.BAD_GATEWAY),
    "502 html after": _fault(FaultKind.BAD_GATEWAY_AFTER),
    "503 after 120": Answer(status=503, wait="120", code="service_unavailable"),
    "503 html after 120": Answer(status=503, wait="120", is_html=True),
    "503 before": _fault(FaultKind.UNAVAILABLE),
    "503 after": _fault(FaultKind.UNAVAILABLE_AFTER),
    "503 committed": _fault(FaultKind.UNAVAILABLE_SAVED),
    "503 committed, no ids": _fault(FaultKind.UNAVAILABLE_SAVED_NO_IDS),
    "504 before": _fault(FaultKind.TIMEOUT_BEFORE),
    "504 after": _fault(FaultKind.TIMEOUT_AFTER),
    "200 html": _fault(FaultKind.HTML_200),
    "truncated": _fault(FaultKind.TRUNCATED_BODY),
    "half json": _fault(FaultKind.HALF_JSON),
    "partial": _fault(FaultKind.PARTIAL),
    "409": _fault(FaultKind.CONFLICT),
    "401": _fault(FaultKind.ACCESS, status=401),
    "403 json": _fault(FaultKind.ACCESS, status=403),
    "403 html": Answer(status=403, is_html=True),
}


class Mishap(httpx.AsyncBaseTransport):
    """Lets one request, counted from 1, meet an answer; the others pass."""

    def __init__(self, world: TimedWorld, answer: Answer, *, nth: int) -> None:
        self._world = world
        self._inner = world.witness.inner
        self._answer = answer
        self._left = nth

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, or not."""
        self._left -= 1
        if self._left:
            return await self._inner.handle_async_request(request)
        answer = self._answer
        if answer.fault is None:
            await asyncio.sleep(answer.takes)
            return self._made(request)
        self._world.notion.faults.add(answer.fault)
        try:
            return await self._inner.handle_async_request(request)
        finally:
            await asyncio.sleep(answer.takes)

    def _made(self, request: httpx.Request) -> httpx.Response:
        answer, now = self._answer, self._world.clock()
        headers = {"date": format_datetime(now, usegmt=True), "cf-ray": "8f00-TST"}
        if answer.wait:
            date = format_datetime(now + timedelta(seconds=120), usegmt=True)
            headers["retry-after"] = date if answer.wait == DATE else answer.wait
        if answer.is_html:
            headers["content-type"] = "text/html"
            return httpx.Response(answer.status, headers=headers, html="<html></html>", request=request)
        headers["x-notion-request-id"] = "1"
        body = {"object": "error", "status": answer.status, "code": answer.code, "message": "No."}
        return httpx.Response(answer.status, headers=headers, content=json.dumps(body), request=request)


Open: TypeAlias = Callable[[VirtualLoop], Awaitable[TimedWorld]]


@pytest.fixture
def opened(directories: Callable[[], Path]) -> Open:
    """Start further worlds; whoever asked for one closes it."""

    async def open_world(loop: VirtualLoop) -> TimedWorld:
        world = TimedWorld(directories(), loop)
        await world.start()
        return world

    return open_world


async def _done(opened: Open, loop: VirtualLoop, work: Work, answer: Answer, nth: int) -> int:
    """Do the work while its n-th request meets the answer; return how many requests it took in all."""
    world = await opened(loop)
    await work.prepare(world)
    witness = world.witness
    witness.sent.clear()
    witness.inner = Mishap(world, answer, nth=nth)
    world.event(PATH, work.path)
    await world.rest()
    world.notion.settle_all()
    work.check(world)
    took = len(witness.sent)
    assert witness.early == 0
    world.event(PATH, work.path)
    await world.rest()
    assert len(witness.sent) == took, "in step, and yet something was asked"
    await world.restart()
    world.forget_requests()
    world.event(PATH, work.path)
    await world.rest()
    assert world.writes == 0
    await world.close()
    return took


NONE = Answer()


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(each, marks=() if each in {"new", "edit", "delete"} else pytest.mark.slow)
        for each in WORK
    ],
)
def test_any_answer_at_any_request_ends_in_step(opened: Open, name: str, answer: str) -> None:
    """One page that shows the log, few requests more than usual, none before Notion wants to be asked."""
    work = WORK[name]

    async def main(loop: VirtualLoop) -> None:
        cost = await _done(opened, loop, work, NONE, 0)
        for nth in range(1, cost + 1):
            took = await _done(opened, loop, work, ANSWERS[answer], nth)
            assert took <= 2 * cost + EXTRA, f"{took} requests instead of {cost} at the {nth}."

    virtually(main)
