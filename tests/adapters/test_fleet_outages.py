"""One budget for many hosts, on virtual time: hosts die, and lose sight of the ledger."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sync.notion.limiter import Lane
from tests.worlds.fleet import MINUTE, Host, Notion, Server, most_in_a_minute, sent_between
from virtual_time import VirtualLoop, virtually


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
        return sent_between(fleet[0].sent, died + 8, died + 8 + MINUTE)

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
    assert most_in_a_minute(notion.times) <= 180
    for start in (0, 180, 360):
        assert sent_between(notion.times, start, start + 180) >= 0.95 * 3 * 174
    for host in fleet:
        assert sent_between(host.sent, 200, 360) >= 0.9 * 160
        told = [bool(report.trouble) for report in host.reports if report.hosts == 3]
        assert told[:3] == [False, True, False]
        assert not any(told[3:])


Outage: TypeAlias = tuple[float, float, bool]
"""Seconds until the ledger is lost, seconds until it is there again, and whether without its books."""

OUTAGES = st.lists(st.tuples(st.floats(1, 100), st.floats(0.5, 100), st.booleans()), max_size=4)


@given(st.integers(1, 5), st.sampled_from((30, 60, 180, 600)), OUTAGES)
@example(4, 30, [(15.5, 1.0, False), (89.8, 89.4, False), (1.0, 19.6, False)])
@example(4, 600, [(15.5, 89.4, False), (1.0, 19.6, False)])
@example(5, 180, [(66.5625, 15.0, False), (66.5, 94.75, False), (1.0, 0.5, False)])
@settings(max_examples=10, deadline=None)
def test_no_minute_sees_too_much_however_often_the_ledger_is_lost(
    hosts: int, limit: int, outages: Sequence[Outage]
) -> None:
    """Lost at any time, for however long, with or without its books: Notion refuses nothing."""
    _lose_it_often(hosts, limit, outages)


@pytest.mark.slow
@given(st.integers(1, 5), st.sampled_from((30, 60, 180, 600)), OUTAGES)
@settings(max_examples=200, deadline=None)
def test_no_minute_of_very_many_sees_too_much(hosts: int, limit: int, outages: Sequence[Outage]) -> None:
    """The same, however often it is tried."""
    _lose_it_often(hosts, limit, outages)


def _lose_it_often(hosts: int, limit: int, outages: Sequence[Outage]) -> None:
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
    assert most_in_a_minute(notion.times) <= limit
    lasted = 2 * MINUTE + sum(there + away for there, away, _ in outages)
    assert len(notion.times) >= 0.8 * (lasted / MINUTE - 0.5 * len(outages) - 0.2) * limit


def test_one_that_starts_without_the_ledger_keeps_to_what_it_remembers() -> None:
    """Restarted while the ledger is away, a host still knows among how many the budget is shared."""

    async def main(loop: VirtualLoop) -> list[float]:
        server, notion = Server(loop, is_away=True), Notion(loop, 180)
        host = Host("a", server, notion, 180, hosts=3)
        host.works()
        await asyncio.sleep(5 * MINUTE)
        await host.leaves()
        return host.sent

    sent = virtually(main)
    assert most_in_a_minute(sent) <= 60
    assert len(sent) >= 0.95 * 5 * 60


def test_one_that_was_cut_off_is_counted_when_it_is_back() -> None:
    """What a host sent while only it could not reach the ledger is counted against all, once it can."""

    async def main(loop: VirtualLoop) -> Counter[str]:
        server, cut_off = Server(loop), Server(loop, is_away=True)
        cut_off.book = server.book
        notion = Notion(loop, 10_000)
        there = Host("there", server, notion, 180)
        away = Host("away", cut_off, notion, 180, hosts=2)
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
