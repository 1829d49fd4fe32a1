"""The worker is sound through every outage, of Notion's and of the state's."""

import asyncio
from datetime import timedelta

import pytest

from daemon.breaker import Closed, Open
from daemon.suspension import Suspension
from daemon.worker import MOST_IN_FLIGHT
from sync.errors import StateUnusable, Transient
from sync.names import LogPath
from sync.notion.emulator import DEMO_TOKEN, Fault, FaultKind
from sync.notion.limiter import Lane
from sync.reconcile import Reconciler
from sync.state.records import Standing
from sync.verdict import Reconciled
from tests.worlds.patience import until
from tests.worlds.world import World

LOG = "# Execution Log: T-{}\n\nText.\n"
LONG = 30.0


def _name(number: int) -> str:
    return f"{number:03}.md"


@pytest.mark.parametrize("kind", [FaultKind.REFUSE, FaultKind.OVERLOAD, FaultKind.RATE_LIMITED])
async def test_an_outage_opens_the_breaker_and_its_end_closes_it(world: World, kind: FaultKind) -> None:
    """While it lasts few requests are sent, whatever waits; afterwards everything is in step."""
    for number in range(40):
        world.write(_name(number), LOG.format(number))
    world.rescan()
    world.notion.faults.add(Fault(kind=kind, count=0, seconds=0.0))
    await world.work_once()
    assert isinstance(world.worker.breaker, Open)
    assert not world.worker.breaker.cause.needs_a_person
    sent = world.requests
    for _ in range(20):
        world.clock.now = max(world.clock.now, world.worker.breaker.until)
        await world.work_once()
        assert isinstance(world.worker.breaker, Open)
    assert world.requests - sent <= 20 * 4
    assert world.backlog.count() == 40
    world.notion.faults.clear()
    await world.rest()
    assert isinstance(world.worker.breaker, Closed)
    for number in range(40):
        world.check(_name(number))


async def test_one_blip_is_one_failure(world: World) -> None:
    """Sixteen logs under way that fail at once are tried again after a second."""
    for number in range(MOST_IN_FLIGHT):
        world.write(_name(number), LOG.format(number))
    world.rescan()
    world.notion.faults.add(Fault(kind=FaultKind.REFUSE, count=0))
    started = world.clock()
    await world.work_once()
    breaker = world.worker.breaker
    assert isinstance(breaker, Open)
    assert len(world.jobs) == MOST_IN_FLIGHT
    assert breaker.failures == 1
    assert breaker.until - started <= timedelta(seconds=1)
    world.clock.now = breaker.until
    await world.work_once()
    assert isinstance(world.worker.breaker, Open)
    assert world.worker.breaker.failures == 2


@pytest.mark.parametrize("trouble", ["unwritable", "unreadable"])
async def test_a_full_disk_stops_everything_and_loses_nothing(world: World, trouble: str) -> None:
    """Nothing is sent that could not be remembered; with room on the disk again, all is synced."""
    for number in range(20):
        world.write(_name(number), LOG.format(number))
    world.rescan()
    connection, stop = world.store.connection, asyncio.Event()
    if trouble == "unwritable":
        connection.execute("PRAGMA query_only = ON")
    else:
        connection.set_progress_handler(lambda: 1, 1)
    working = asyncio.create_task(world.worker.work(stop, enough=lambda: False))
    await until(lambda: not isinstance(world.worker.breaker, Closed))
    breaker = world.worker.breaker
    assert isinstance(breaker, Open)
    assert breaker.cause.needs_a_person
    assert breaker.failures == 1
    assert (world.requests, working.done()) == (0, False)
    connection.set_progress_handler(None, 1)
    connection.execute("PRAGMA query_only = OFF")
    world.clock.now = breaker.until
    world.worker.poke()
    await until(lambda: not world.backlog.count())
    stop.set()
    await working
    assert isinstance(world.worker.breaker, Closed)
    for number in range(20):
        world.check(_name(number))


async def test_a_revoked_token_stops_everything_and_loses_nothing(world: World) -> None:
    """No log is quarantined for it, the breaker says that a person is needed; a good token resumes."""
    for number in range(20):
        world.write(_name(number), LOG.format(number))
    world.rescan()
    world.notion.access.token = "ntn_another"
    await world.work_once()
    breaker = world.worker.breaker
    assert isinstance(breaker, Open)
    assert breaker.cause.needs_a_person
    assert "NOTION_TOKEN" in breaker.cause.hint
    assert world.store.standing(Standing.QUARANTINED) == ()
    world.notion.access.token = DEMO_TOKEN
    await world.rest()
    for number in range(20):
        world.check(_name(number))


async def test_an_unshared_database_is_no_trashed_page(world: World) -> None:
    """When every page seems gone, none is given up; shared again, all is brought in step."""
    await world.sync("a.md", LOG.format(1))
    world.notion.human.unshare(world.database)
    world.write("a.md", LOG.format(2))
    world.event("a.md")
    await world.work_once()
    assert isinstance(world.worker.breaker, Open)
    assert world.record("a.md").standing is Standing.TRACKED
    world.notion.human.share(world.database)
    await world.rest()
    world.check("a.md")


async def test_a_long_retry_after_is_obeyed_to_the_second(world: World) -> None:
    """Notion's own time for the next request is kept, also when it is longer than any of ours."""
    world.write("a.md", LOG.format(1))
    world.event("a.md")
    world.notion.faults.add(Fault(kind=FaultKind.RATE_LIMITED, seconds=900))
    started = world.clock()
    await world.work_once()
    assert world.requests == 1
    assert world.backlog.next_due(working=()) == started + timedelta(seconds=900)


async def test_a_log_that_ends_while_the_state_cannot_be_read_leaves_no_trace(world: World) -> None:
    """Its end is noticed afterwards, although nobody listened then, and the work ends."""
    go_on = asyncio.Event()

    class Slow(Reconciler):
        """Waits before it reconciles."""

        async def reconcile(self, path: LogPath, lane: Lane) -> Reconciled:
            """Wait, then reconcile."""
            await go_on.wait()
            return await super().reconcile(path, lane)

    world.employ(Slow(world.rules, world.store, world.gateway, world.clock))
    world.write("a.md", LOG.format(1))
    world.event("a.md")
    connection = world.store.connection
    working = asyncio.create_task(
        world.worker.work(asyncio.Event(), enough=lambda: not world.backlog.count())
    )
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    connection.set_progress_handler(lambda: 1, 1)
    world.worker.poke()
    await until(lambda: isinstance(world.worker.breaker, Open))
    breaker = world.worker.breaker
    assert isinstance(breaker, Open)
    connection.set_progress_handler(None, 1)
    go_on.set()
    await until(lambda: bool(world.jobs))
    world.clock.now = breaker.until
    async with asyncio.timeout(LONG):
        await working
    world.check("a.md")


@pytest.mark.parametrize("count", [0, 1], ids=["nothing to do", "a log waits"])
async def test_a_clock_set_back_while_the_state_cannot_be_read(world: World, count: int) -> None:
    """The state is tried again when it would have been, not only when the clock has caught up."""
    for number in range(count):
        world.write(_name(number), LOG.format(number))
    world.rescan()
    connection, stop = world.store.connection, asyncio.Event()
    connection.set_progress_handler(lambda: 1, 1)
    working = asyncio.create_task(world.worker.work(stop, enough=lambda: False))
    await until(lambda: isinstance(world.worker.breaker, Open))
    connection.set_progress_handler(None, 1)
    world.skew = timedelta(hours=-1)
    world.worker.poke()
    await until(lambda: isinstance(world.worker.breaker, Closed) and not world.backlog.count())
    stop.set()
    await working
    for number in range(count):
        world.check(_name(number))


async def test_suspending_twice_waits_longer(world: World) -> None:
    """`suspend` says when it is tried again; `resume` forgets the outage."""
    first = world.worker.suspend(Transient("Down"))
    second = world.worker.suspend(Transient("Down"))
    assert second.until - world.clock() > first.until - world.clock()
    world.worker.resume()
    assert world.worker.breaker == Closed()


async def test_a_suspension_ends_also_after_the_clock_was_set_back(world: World) -> None:
    """Whoever has suspended the worker can let it go on, although the pause was cut meanwhile."""
    suspension = Suspension(world.worker)
    suspension.begin(StateUnusable("Full"))
    world.skew = timedelta(hours=-1)
    await world.work_once()
    assert suspension.is_only_cause
    suspension.end()
    assert world.worker.breaker == Closed()
