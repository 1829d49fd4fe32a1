"""Simulate hosts that share a budget, the server that keeps it, and a Notion with a rate limit."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from ledger_model import LedgerModel
from sync.notion.fleet.ledger import Allotment, Ask, Behaviour, LedgerAway
from sync.notion.fleet.limiter import FleetLimiter
from sync.notion.limiter import Lane, Sharing
from virtual_time import VirtualLoop

WORKERS = 6
MINUTE = 60.0


@dataclass
class Server:
    """A ledger that several hosts reach over a network; it can be cut off, and can lose its memory."""

    loop: VirtualLoop
    book: LedgerModel = field(default_factory=lambda: LedgerModel(Behaviour()))
    is_away: bool = False
    asked: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(3))  # noqa: S311 - a simulation

    async def tell(self, ask: Ask) -> Allotment:
        """Answer after the delay of the network."""
        await asyncio.sleep(self.chance.uniform(0.0005, 0.02))
        if self.is_away:
            raise LedgerAway("The server is away")
        self.asked += 1
        answer = self.book.tell(ask, self.loop.time() + 1e6)
        await asyncio.sleep(self.chance.uniform(0.0005, 0.02))
        return answer

    async def aclose(self) -> None:
        """Do nothing: there is nothing to close."""

    def restarts_empty(self) -> None:
        """Restart without memory."""
        self.book, self.is_away = LedgerModel(Behaviour()), False


@dataclass
class Notion:
    """Limit requests in fixed windows, the first of which begins with the first request, as Notion does."""

    loop: VirtualLoop
    limit: int
    times: list[float] = field(default_factory=list)
    refused: int = 0
    closed_until: float = 0.0
    early: int = 0
    _end: float = -1.0
    _taken: int = 0

    def takes(self) -> float | None:
        """Accept a request, or return the Retry-After in seconds."""
        now = self.loop.time()
        if now >= self._end:
            self._end, self._taken = now + MINUTE, 0
        if self._taken >= self.limit:
            self.refused += 1
            self.closed_until = self._end
            return float(int(self._end - now) + 1)
        self._taken += 1
        self.times.append(now)
        return None


@dataclass
class Line:
    """The connection of one process to the server, which ends with that process."""

    server: Server
    is_cut: bool = False

    async def tell(self, ask: Ask) -> Allotment:
        """Ask the server; a process that is dead by then, or before the answer, gets none."""
        if not self.is_cut:
            answer = await self.server.tell(ask)
        if self.is_cut:
            raise LedgerAway("Its process is dead")
        return answer

    async def aclose(self) -> None:
        """Do nothing: there is nothing to close."""


class Host:
    """A process that sends requests, endlessly or one by one, on a shared budget."""

    def __init__(
        self, name: str, server: Server, notion: Notion, per_minute: float, *, hosts: int = 0
    ) -> None:
        self.reports: list[Sharing] = []
        self.loop, self.notion, self.line = server.loop, notion, Line(server)
        self.limiter = FleetLimiter(
            per_minute, server.loop.time, self.line, host=name, hosts=hosts, report=self.reports.append
        )
        self.sent: list[float] = []
        self.chance = random.Random(name)  # noqa: S311 - a simulation
        self.tasks: list[asyncio.Task[None]] = []

    def works(self, lane: Lane = Lane.BACKFILL, *, workers: int = WORKERS) -> None:
        """Start to send requests endlessly."""
        self.tasks += [asyncio.create_task(self._work(lane)) for _ in range(workers)]

    async def rests(self) -> None:
        """Stop sending."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks.clear()

    async def leaves(self) -> None:
        """End in an orderly way, with a farewell to the server."""
        await self.rests()
        await self.limiter.aclose()

    async def dies(self) -> None:
        """Die without a farewell to the server."""
        self.line.is_cut = True
        await self.rests()

    async def send(self, lane: Lane) -> float:
        """Send one request; return the time that it waited for its turn."""
        asked = self.loop.time()
        while True:
            sent_at = await self.limiter.acquire(lane)
            self.notion.early += self.loop.time() < self.notion.closed_until - MINUTE
            waited = self.loop.time() - asked
            await asyncio.sleep(self.chance.uniform(0.01, 0.1))
            wait = self.notion.takes()
            await asyncio.sleep(self.chance.uniform(0.05, 0.4))
            if wait is None:
                self.sent.append(sent_at)
                self.limiter.granted()
                return waited
            self.limiter.throttled(timedelta(seconds=wait), sent_at=sent_at)

    async def _work(self, lane: Lane) -> None:
        while True:
            await self.send(lane)


def sent_between(times: Sequence[float], start: float, end: float) -> int:
    """Return the number of requests that left between two times."""
    return sum(start <= time < end for time in times)


def most_in_a_minute(times: Sequence[float]) -> int:
    """Return the largest number of requests within any sixty seconds."""
    ordered = sorted(times)
    first = most = 0
    for last, time in enumerate(ordered):
        while ordered[first] <= time - MINUTE:
            first += 1
        most = max(most, last - first + 1)
    return most
