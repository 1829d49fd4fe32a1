"""The answer to an addition of properties is lost: what arrives late takes no option away."""

from datetime import timedelta

import pytest

from sync.errors import Ambiguous
from sync.names import Property
from sync.notion.calls import Calls
from sync.notion.client import http_client, notion_client
from sync.notion.connect import Connection, Wanted, connect
from sync.notion.emulator import AI_TRACES, DEMO_TOKEN, Emulator, EmulatorTransport, Fault, FaultKind
from sync.notion.limiter import RateLimiter
from sync.notion.schema import LATER
from tests.worlds.clock import Clock
from tests.worlds.emulated import source_of

WANTED = Wanted(database=AI_TRACES, names={}, ids={}, manage_schema=True)
SETTLE = 65.0
ALL = {each.value for each in Property} - {"title", *LATER}


async def _connected(notion: Emulator, clock: Clock) -> Connection:
    async def sleep(seconds: float) -> None:
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
        return await connect(calls, WANTED)


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
