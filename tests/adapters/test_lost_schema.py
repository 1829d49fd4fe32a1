"""The answer to an addition of properties is lost: what arrives late takes no option away."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from daemon.connecting import additions_in
from sync.errors import AccessLost, Ambiguous
from sync.names import Property
from sync.notion.additions import FORGOTTEN
from sync.notion.calls import Calls
from sync.notion.client import http_client, notion_client
from sync.notion.connect import Connection, Wanted, connect
from sync.notion.emulator import AI_TRACES, DEMO_TOKEN, Emulator, EmulatorTransport, Fault, FaultKind
from sync.notion.limiter import RateLimiter
from sync.notion.schema import LATER
from sync.state.store import Store
from tests.worlds.clock import Clock
from tests.worlds.emulated import source_of

WANTED = Wanted(database=AI_TRACES, names={}, ids={}, manage_schema=True)
SETTLE = 65.0
ALL = {each.value for each in Property} - {"title", *LATER}


class Death(BaseException):
    """The process is killed."""


async def _connected(
    notion: Emulator, clock: Clock, *, store: Store | None = None, dies: bool = False
) -> Connection:
    async def sleep(seconds: float) -> None:
        if dies and seconds > 1:
            raise Death
        clock.advance(seconds)
        notion.settle()

    async with http_client(transport=EmulatorTransport(notion, sleep=sleep)) as http:
        calls = Calls(
            notion_client(http, token=DEMO_TOKEN, base_url="https://notion.test"),
            RateLimiter(1e6, lambda: clock().timestamp()),
            settle=timedelta(seconds=SETTLE),
            jitter=lambda: 0.5,
            sleep=sleep,
        )
        settle = timedelta(seconds=SETTLE)
        additions = FORGOTTEN if store is None else additions_in(store, settle=settle, now=clock)
        return await connect(calls, replace(WANTED, additions=additions))


def _notion(clock: Clock, fault: FaultKind, *, seconds: float = 0.0) -> Emulator:
    notion = Emulator(clock=clock)
    notion.create_database(properties={"Name": {"title": {}}})
    notion.faults.add(Fault(kind=fault, method="PATCH", path="data_sources", seconds=seconds))
    return notion


def _additions(notion: Emulator) -> int:
    return notion.journal.counts().get("PATCH", 0)


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [(FaultKind.LATE_COMMIT, 60.0), (FaultKind.RESET_AFTER, 0.0), (FaultKind.TIMEOUT_AFTER, 0.0)],
)
async def test_a_lost_addition_is_made_once(fault: FaultKind, seconds: float) -> None:
    """Whenever it arrives, it is waited for and not repeated: an option that is added since stays."""
    clock = Clock()
    notion = _notion(clock, fault, seconds=seconds)
    connection = await _connected(notion, clock)
    assert set(connection.added) == ALL
    assert _additions(notion) == 1
    source = notion.workspace.data_sources[source_of(notion)]
    before = source.properties
    clock.advance(1_000)
    notion.settle()
    assert source.properties == before


async def test_a_lost_addition_that_never_arrives_is_made_anew() -> None:
    """It is repeated only once the first one can no longer arrive."""
    clock = Clock()
    notion = _notion(clock, FaultKind.RESET_BEFORE)
    started = clock()
    with pytest.raises(Ambiguous):
        await _connected(notion, clock)
    assert _additions(notion) == 1
    assert clock() - started >= timedelta(seconds=SETTLE)
    assert set((await _connected(notion, clock)).added) == ALL


@pytest.mark.parametrize("carried_out", [True, False])
async def test_an_addition_outlives_its_process(tmp_path: Path, *, carried_out: bool) -> None:
    """Killed before the answer came, the next process adds nothing while it may still be carried out."""
    clock = Clock()
    notion = _notion(clock, FaultKind.LATE_COMMIT if carried_out else FaultKind.RESET_BEFORE, seconds=60.0)
    started = clock()
    with pytest.raises(Death):
        await _connected(notion, clock, store=(store := Store.open(tmp_path)), dies=True)
    store.close()
    clock.advance(5)
    with Store.open(tmp_path) as store:
        connection = await _connected(notion, clock, store=store)
        assert set(connection.schema.absent) == LATER
        assert _additions(notion) == (1 if carried_out else 2)
        assert clock() - started >= timedelta(seconds=SETTLE)
        later = clock()
        await _connected(notion, clock, store=store)
        assert clock() == later


async def test_an_addition_that_is_answered_leaves_nothing_to_wait_for(tmp_path: Path) -> None:
    """Refused or done, the next attempt begins at once."""
    clock = Clock()
    notion = _notion(clock, FaultKind.ACCESS)
    with Store.open(tmp_path) as store:
        started = clock()
        with pytest.raises(AccessLost):
            await _connected(notion, clock, store=store)
        await _connected(notion, clock, store=store)
        assert clock() - started < timedelta(seconds=1)


async def test_a_clock_that_was_ahead_makes_nobody_wait_longer(tmp_path: Path) -> None:
    """What was remembered may lie years ahead: no wait is longer than a lost request can last."""
    clock = Clock()
    notion = _notion(clock, FaultKind.LATE_COMMIT, seconds=60.0)
    with Store.open(tmp_path) as store:
        clock.advance(1e8)
        additions_in(store, settle=timedelta(seconds=SETTLE), now=clock).begin()
        clock.advance(-1e8)
        additions = additions_in(store, settle=timedelta(seconds=SETTLE), now=clock)
        assert additions.in_doubt() == timedelta(seconds=SETTLE)
        assert notion.journal.counts() == {}
