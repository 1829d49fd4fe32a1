"""Transports to Notion: on one the process can die, the other records each request."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TypeAlias

import httpx

from sync.notion.emulator import Emulator, EmulatorTransport, Fault, FaultKind

LATE = 20.0
"""The delay in seconds after which a request that was in flight at a death is carried out."""

Sleep: TypeAlias = Callable[[float], Awaitable[None]]


class Killed(BaseException):
    """The process is dead: no code after this point runs."""


@dataclass(slots=True)
class Death:
    """The moment at which the process dies.

    Attributes:
        requests: How many requests it has left; it dies at the last of them.
        moment: `before` a request leaves, `after` it was carried out, or `in flight`: that comes later.
    """

    requests: int
    moment: str


class Wire(httpx.AsyncBaseTransport):
    """A transport to Notion on which the process can die.

    Attributes:
        inner: The transport behind it; a test may put another in between.
        death: When the process dies; None if it does not.
    """

    def __init__(self, notion: Emulator, sleep: Sleep) -> None:
        self._notion = notion
        self.inner: httpx.AsyncBaseTransport = EmulatorTransport(notion, sleep=sleep)
        self.death: Death | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, or die."""
        death = self.death
        if death is None:
            return await self.inner.handle_async_request(request)
        death.requests -= 1
        if death.requests > 0:
            return await self.inner.handle_async_request(request)
        if death.requests < 0:
            await asyncio.Event().wait()  # who is dead hears no answer, and one has told of it
        if death.moment != "before":
            if death.moment == "in flight":
                self._notion.faults.clear()
                self._notion.faults.add(Fault(kind=FaultKind.LATE_COMMIT, seconds=LATE))
            with suppress(httpx.HTTPError):
                await self.inner.handle_async_request(request)
        raise Killed


class Witness(httpx.AsyncBaseTransport):
    """A transport that records each request and each answer.

    Attributes:
        inner: The transport behind it; a test may put another in between.
        sent: The time in seconds at which each request left.
        granted: The same for the requests that succeeded.
        refused: The number of answers with status 429 or 529.
        early: The number of requests that left before the pause was over that Notion had asked for.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, time: Callable[[], float]) -> None:
        self.inner: httpx.AsyncBaseTransport = inner
        self.sent: list[float] = []
        self.granted: list[float] = []
        self.refused = self.early = 0
        self._time = time
        self._closed_until = 0.0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on."""
        left = self._time()
        self.sent.append(left)
        self.early += left < self._closed_until - 1e-6
        answer = await self.inner.handle_async_request(request)
        if answer.is_success:
            self.granted.append(left)
        self.refused += answer.status_code in {429, 529}
        self._closed_until = max(self._closed_until, self._time() + _wait(answer.headers))
        return answer


def _wait(headers: httpx.Headers) -> float:
    """Return the pause in seconds that an answer asks for."""
    asked = headers.get("retry-after", "")
    if asked.isdigit():
        return float(asked)
    with suppress(ValueError, KeyError):
        return (parsedate_to_datetime(asked) - parsedate_to_datetime(headers["date"])).total_seconds()
    return 0.0
