"""One budget for many hosts, on virtual time: who has how much of it, and when."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger_model import LedgerModel
from sync.notion.fleet.ledger import Ask, Behaviour
from sync.notion.limiter import Lane
from tests.worlds.fleet import MINUTE, Host, Notion, Server, most_in_a_minute, sent_between
from virtual_time import VirtualLoop, virtually


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
    assert most_in_a_minute(notion.times) <= per_minute
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
        sent = [sent_between(host.sent, 0, 300) for host in fleet]
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
    assert sent_between(notion.times, 3 * MINUTE, 30 * MINUTE) >= 0.9 * 27 * limit
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
        assert sent_between(times, told + 0.1, over - 0.1) == 0
        assert sent_between(times, over, over + 15) >= 5


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
        assert sent_between(granted, now - 60.9, now + 1) <= limit
        assert 0 <= answer.granted <= sum(ask.wants)
        assert 0 <= answer.again <= Behaviour().latest
