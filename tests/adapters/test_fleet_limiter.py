"""One budget for many hosts, on virtual time: they come and go, and lose sight of the ledger."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledger_model import LedgerModel
from sync.notion.fleet.hosts import Hosts
from sync.notion.fleet.ledger import Allotment, Ask, Behaviour, LedgerAway
from sync.notion.fleet.limiter import FleetLimiter
from sync.notion.limiter import Lane, Sharing
from virtual_time import VirtualLoop, virtually

WORKERS = 6
MINUTE = 60.0


@dataclass
class Server:
    """A ledger that several hosts reach over a network; it can be lost, and begin anew."""

    loop: VirtualLoop
    book: LedgerModel = field(default_factory=lambda: LedgerModel(Behaviour()))
    is_away: bool = False
    asked: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(3))  # noqa: S311 - a simulation

    async def tell(self, ask: Ask) -> Allotment:
        """Answer after the way there and back."""
        await asyncio.sleep(self.chance.uniform(0.0005, 0.02))
        if self.is_away:
            raise LedgerAway("The server is away")
        self.asked += 1
        answer = self.book.tell(ask, self.loop.time() + 1e6)
        await asyncio.sleep(self.chance.uniform(0.0005, 0.02))
        return answer

    async def aclose(self) -> None:
        """Hold nothing."""

    def restarts_empty(self) -> None:
        """Forget everything."""
        self.book, self.is_away = LedgerModel(Behaviour()), False


@dataclass
class Notion:
    """Counts in fixed windows, the first of which begins with the first request, as Notion does."""

    loop: VirtualLoop
    limit: int
    times: list[float] = field(default_factory=list)
    refused: int = 0
    closed_until: float = 0.0
    early: int = 0
    _end: float = -1.0
    _taken: int = 0

    def takes(self) -> float | None:
        """Take a request, or return the Retry-After in seconds."""
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


class Host:
    """A process that sends without end, or a few requests, over a budget that it shares."""

    def __init__(self, name: str, server: Server, notion: Notion, per_minute: float) -> None:
        self.reports: list[Sharing] = []
        self.loop, self.notion = server.loop, notion
        self.limiter = FleetLimiter(
            per_minute, server.loop.time, server, host=name, hosts=0, report=self.reports.append
        )
        self.sent: list[float] = []
        self.chance = random.Random(name)  # noqa: S311 - a simulation
        self.tasks: list[asyncio.Task[None]] = []

    def works(self, lane: Lane = Lane.BACKFILL, *, workers: int = WORKERS) -> None:
        """Send without end from now on."""
        self.tasks += [asyncio.create_task(self._work(lane)) for _ in range(workers)]

    async def rests(self) -> None:
        """Send nothing more."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks.clear()

    async def leaves(self) -> None:
        """Stop as a process that ends well does."""
        await self.rests()
        await self.limiter.aclose()

    async def dies(self) -> None:
        """Stop without a word."""
        if self.limiter._asking is not None:
            self.limiter._asking.cancel()
        if self.limiter._heartbeat is not None:
            self.limiter._heartbeat.cancel()
        await self.rests()
        if self.limiter._heartbeat is not None:
            self.limiter._heartbeat.cancel()
        if self.limiter._asking is not None:
            self.limiter._asking.cancel()

    async def send(self, lane: Lane) -> float:
        """Send one request; return how long it waited for its turn."""
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


def _in(times: Sequence[float], start: float, end: float) -> int:
    return sum(start <= time < end for time in times)


def _most_in_a_minute(times: Sequence[float]) -> int:
    """Return how many requests the fullest minute of any phase holds."""
    ordered = sorted(times)
    first = most = 0
    for last, time in enumerate(ordered):
        while ordered[first] <= time - MINUTE:
            first += 1
        most = max(most, last - first + 1)
    return most


@pytest.mark.parametrize(("hosts", "per_minute"), [(1, 180), (3, 180), (3, 600), (20, 180), (60, 600)])
def test_hosts_share_fairly_and_use_all(hosts: int, per_minute: int) -> None:
    """Over 95 % is used, nothing is refused, and no host that wants more has under 80 % of its fair share."""
    minutes = 10

    async def main(loop: VirtualLoop) -> tuple[Server, Notion, list[Host]]:
        server, notion = Server(loop), Notion(loop, per_minute)
        fleet = [Host(f"h{number}", server, notion, per_minute) for number in range(hosts)]
        for host in fleet:
            host.works()
        await asyncio.sleep(minutes * MINUTE)
        for host in fleet:
            await host.leaves()
        return server, notion, fleet

    server, notion, fleet = virtually(main)
    assert notion.refused == 0
    assert _most_in_a_minute(notion.times) <= per_minute
    assert len(notion.times) >= 0.95 * per_minute * minutes
    assert min(len(host.sent) for host in fleet) >= 0.8 * len(notion.times) / hosts
    assert server.asked <= 3 * len(notion.times) + hosts * minutes * 15, "questions to the ledger"
    assert not server.book.waiting, "a place is kept for a host that has left"


def test_what_one_does_not_want_goes_to_the_others() -> None:
    """A host that wants little gets it at once, and the others have all the rest."""

    async def main(loop: VirtualLoop) -> tuple[list[float], list[int]]:
        server, notion = Server(loop), Notion(loop, 180)
        fleet = [Host(f"h{number}", server, notion, 180) for number in range(3)]
        fleet[0].works()
        fleet[1].works()
        waits = []
        for _ in range(20):
            await asyncio.sleep(15)
            waits.append(await fleet[2].send(Lane.BACKFILL))
        sent = [_in(host.sent, 0, 300) for host in fleet]
        for host in fleet:
            await host.leaves()
        return waits, sent

    waits, sent = virtually(main)
    assert max(waits) < 2.0
    assert sum(sent) >= 0.95 * 180 * 5
    assert abs(sent[0] - sent[1]) < 0.1 * sent[0]


def test_live_goes_first_on_every_host() -> None:
    """While two hosts work off their history, a live request on any of three has its turn within a second."""

    async def main(loop: VirtualLoop) -> list[float]:
        server, notion = Server(loop), Notion(loop, 180)
        fleet = [Host(f"h{number}", server, notion, 180) for number in range(3)]
        fleet[0].works()
        fleet[1].works()
        await asyncio.sleep(30)
        waits = []
        for number in range(60):
            waits.append(await fleet[number % 3].send(Lane.LIVE))
            await asyncio.sleep(fleet[0].chance.uniform(0, 4))
        for host in fleet:
            await host.leaves()
        return waits

    assert max(virtually(main)) < 1.0


def test_a_history_of_one_does_not_keep_others_from_looking() -> None:
    """Checks of one host have their fair share beside the history of another: so it can connect at all."""

    async def main(loop: VirtualLoop) -> tuple[int, int]:
        server, notion = Server(loop), Notion(loop, 180)
        history, checks = Host("a", server, notion, 180), Host("b", server, notion, 180)
        history.works(Lane.BACKFILL)
        checks.works(Lane.CHECK)
        await asyncio.sleep(3 * MINUTE)
        await history.leaves()
        await checks.leaves()
        return len(history.sent), len(checks.sent)

    history, checks = virtually(main)
    assert min(history, checks) >= 0.9 * (history + checks) / 2


@pytest.mark.parametrize("limit", [120, 60])
def test_a_refusal_of_one_slows_all(limit: int) -> None:
    """Where Notion grants less than was told, all pause together, and soon use 90 % of what it does grant."""

    async def main(loop: VirtualLoop) -> tuple[Notion, list[Host]]:
        server, notion = Server(loop), Notion(loop, limit)
        fleet = [Host(f"h{number}", server, notion, 180) for number in range(3)]
        for host in fleet:
            host.works()
        await asyncio.sleep(30 * MINUTE)
        for host in fleet:
            await host.leaves()
        return notion, fleet

    notion, fleet = virtually(main)
    assert _in(notion.times, 3 * MINUTE, 30 * MINUTE) >= 0.9 * 27 * limit
    assert notion.refused <= 0.02 * len(notion.times)
    assert min(len(host.sent) for host in fleet) >= 0.8 * len(notion.times) / 3


@given(st.floats(1, 300))
@settings(max_examples=15, deadline=None)
def test_a_pause_that_one_sees_holds_for_all(seconds: float) -> None:
    """Nobody sends before the Retry-After is over that only one was told, and then all go on."""

    async def main(loop: VirtualLoop) -> tuple[float, float, list[list[float]]]:
        server, notion = Server(loop), Notion(loop, 180)
        fleet = [Host(f"h{number}", server, notion, 180) for number in range(3)]
        for host in fleet:
            host.works()
        await asyncio.sleep(20)
        fleet[1].limiter.pause(timedelta(seconds=seconds))
        told = loop.time()
        await asyncio.sleep(seconds + 30)
        for host in fleet:
            await host.leaves()
        return told, told + seconds, [host.sent for host in fleet]

    told, over, sent = virtually(main)
    for times in sent:
        assert _in(times, told + 0.1, over - 0.1) == 0
        assert _in(times, over, over + 15) >= 5


def test_a_dead_host_keeps_nothing() -> None:
    """Hosts that die while they wait cost the others some seconds of their share, and no more."""

    async def main(loop: VirtualLoop) -> int:
        server, notion = Server(loop), Notion(loop, 180)
        fleet = [Host(f"h{number}", server, notion, 180) for number in range(6)]
        for host in fleet:
            host.works()
        await asyncio.sleep(60)
        for host in fleet[1:]:
            await host.dies()
        died = loop.time()
        await asyncio.sleep(2 * MINUTE)
        await fleet[0].leaves()
        return _in(fleet[0].sent, died + 8, died + 8 + MINUTE)

    assert virtually(main) >= 0.95 * 175


def _lost_and_found(*, empty: bool) -> tuple[Notion, list[Host]]:
    async def main(loop: VirtualLoop) -> tuple[Notion, list[Host]]:
        server, notion = Server(loop), Notion(loop, 180)
        fleet = [Host(f"h{number}", server, notion, 180) for number in range(3)]
        for host in fleet:
            host.works()
        await asyncio.sleep(3 * MINUTE)
        server.is_away = True
        await asyncio.sleep(3 * MINUTE)
        if empty:
            server.restarts_empty()
        server.is_away = False
        await asyncio.sleep(3 * MINUTE)
        for host in fleet:
            await host.leaves()
        return notion, fleet

    return virtually(main)


@pytest.mark.parametrize("empty", [True, False], ids=["restarted-empty", "as-it-was"])
def test_without_the_ledger_each_keeps_to_its_share(empty: bool) -> None:
    """Lost and found again, no minute sees too much, nobody stands still, and each says so, once each way."""
    notion, fleet = _lost_and_found(empty=empty)
    assert notion.refused == 0
    assert _most_in_a_minute(notion.times) <= 180
    for start in (0, 180, 360):
        assert _in(notion.times, start, start + 180) >= 0.95 * 3 * 174
    for host in fleet:
        assert _in(host.sent, 200, 360) >= 0.9 * 160
        told = [bool(report.trouble) for report in host.reports if report.hosts == 3]
        assert told[:3] == [False, True, False]
        assert not any(told[3:])


OUTAGES = st.lists(st.tuples(st.floats(1, 100), st.floats(0.5, 100), st.booleans()), max_size=4)


@given(st.integers(1, 5), st.sampled_from((30, 60, 180, 600)), OUTAGES)
@example(4, 30, [(15.5, 1.0, False), (89.8, 89.4, False), (1.0, 19.6, False)])
@example(4, 600, [(15.5, 89.4, False), (1.0, 19.6, False)])
@example(5, 180, [(66.5625, 15.0, False), (66.5, 94.75, False), (1.0, 0.5, False)])
@settings(max_examples=25, deadline=None)
def test_no_minute_sees_too_much_however_often_the_ledger_is_lost(
    hosts: int, limit: int, outages: list[tuple[float, float, bool]]
) -> None:
    """Lost at any time, for however long, with or without its books: Notion refuses nothing."""

    async def main(loop: VirtualLoop) -> Notion:
        server, notion = Server(loop), Notion(loop, limit)
        fleet = [Host(f"h{number}", server, notion, limit) for number in range(hosts)]
        for host in fleet:
            host.works()
            host.works(Lane.LIVE, workers=1)
        await asyncio.sleep(10)  # until all know of one another
        for there, away, empty in outages:
            await asyncio.sleep(there)
            server.is_away = True
            await asyncio.sleep(away)
            if empty:
                server.restarts_empty()
            server.is_away = False
        await asyncio.sleep(2 * MINUTE)
        for host in fleet:
            await host.leaves()
        return notion

    notion = virtually(main)
    assert notion.refused == 0
    assert _most_in_a_minute(notion.times) <= limit
    lasted = 2 * MINUTE + sum(there + away for there, away, _ in outages)
    assert len(notion.times) >= 0.8 * (lasted / MINUTE - 0.5 * len(outages) - 0.2) * limit


def test_one_that_starts_without_the_ledger_keeps_to_what_it_remembers() -> None:
    """Restarted while the ledger is away, a host still knows among how many the budget is shared."""

    async def main(loop: VirtualLoop) -> list[float]:
        server, notion = Server(loop, is_away=True), Notion(loop, 180)
        host = Host("a", server, notion, 180)
        host.limiter._hosts = Hosts(3, loop.time())
        host.works()
        await asyncio.sleep(5 * MINUTE)
        await host.leaves()
        return host.sent

    sent = virtually(main)
    assert _most_in_a_minute(sent) <= 60
    assert len(sent) >= 0.95 * 5 * 60


def test_one_that_was_cut_off_is_counted_when_it_is_back() -> None:
    """What a host sent while only it could not reach the ledger is counted against all, once it can."""

    async def main(loop: VirtualLoop) -> Counter[str]:
        server, cut_off = Server(loop), Server(loop, is_away=True)
        cut_off.book = server.book
        notion = Notion(loop, 10_000)
        there, away = Host("there", server, notion, 180), Host("away", cut_off, notion, 180)
        away.limiter._hosts = Hosts(2, loop.time())
        away.works()
        there.works()
        await asyncio.sleep(2 * MINUTE)
        cut_off.is_away = False
        await asyncio.sleep(5)
        recent = len(server.book.sent)
        before = len(notion.times)
        await asyncio.sleep(10)
        after = len(notion.times)
        await there.leaves()
        await away.leaves()
        return Counter(recent=recent, sent=after - before)

    seen = virtually(main)
    assert seen["recent"] > 240
    assert seen["sent"] <= 1, "there was no room before the sum of both was below the limit"


def test_a_cancelled_turn_goes_to_another_host() -> None:
    """A turn that was given to somebody who had left meanwhile is not lost."""

    async def main(loop: VirtualLoop) -> int:
        server, notion = Server(loop), Notion(loop, 60)
        one, other = Host("one", server, notion, 60), Host("other", server, notion, 60)
        other.works()
        for _ in range(60):
            waiting = asyncio.create_task(one.limiter.acquire(Lane.LIVE))
            await asyncio.sleep(0.1)  # the ledger knows of it by now
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            await asyncio.sleep(1)
        sent = len(other.sent)
        await one.leaves()
        await other.leaves()
        return sent

    assert virtually(main) >= 50


WAITING = st.tuples(st.integers(0, 5), st.integers(0, 5))
STEPS = st.lists(
    st.tuples(
        st.sampled_from("abcde"),
        st.floats(0, 3),
        WAITING,
        st.booleans(),
        st.lists(st.floats(0, 60), max_size=3),
    ),
    max_size=120,
)


@given(STEPS, st.integers(1, 40), st.floats(1, 4))
@settings(max_examples=100, deadline=None)
def test_the_ledger_never_grants_more_than_fits(
    steps: list[tuple[str, float, tuple[int, int], bool, list[float]]], limit: int, burst: float
) -> None:
    """Whatever is told and in whatever order: no span holds more, and the answers are sound."""
    book, now, granted = LedgerModel(Behaviour()), 1e6, []
    for host, passed, wants, leaves, sent in steps:
        now += passed
        ask = Ask(
            host=host,
            limit=limit,
            span=61.0,
            burst=burst,
            rate=limit / 61,
            wants=(0, 0) if leaves else wants,
            sent=tuple(sent),
            leaves=leaves,
        )
        answer = book.tell(ask, now)
        granted += [now] * answer.granted
        assert _in(granted, now - 60.9, now + 1) <= limit
        assert 0 <= answer.granted <= sum(ask.wants)
        assert 0 <= answer.again <= Behaviour().latest
