"""The worker: live changes first, a touch never lost, and sound through every outage."""

import asyncio
from datetime import timedelta

import pytest

from daemon.breaker import Closed, Open
from daemon.worker import MOST_IN_FLIGHT, Worker
from sync.errors import Transient
from sync.names import LogPath
from sync.notion.emulator import DEMO_TOKEN, Fault, FaultKind
from sync.notion.limiter import Lane
from sync.reconcile import Reconciler
from sync.state.records import Standing
from sync.verdict import Reconciled, Verdict
from tests.worlds.patience import until
from tests.worlds.world import World

LOG = "# Execution Log: T-{}\n\nText.\n"


def _name(number: int) -> str:
    return f"{number:03}.md"


async def test_live_changes_go_before_a_backfill(world: World) -> None:
    """A log that changes now is created before the many that wait, save those already under way."""
    for number in range(60):
        world.write(_name(number), LOG.format(number))
    world.rescan()
    world.write("live.md", LOG.format("live"))
    world.event("live.md")
    await world.rest()
    assert [job.path for job in world.jobs].index(LogPath("live.md")) == 0


async def test_logs_that_cannot_be_read_are_tried_again(world: World) -> None:
    """While the logs directory is away nothing is given up or sent; once it is back all is synced."""
    for number in range(3):
        world.write(_name(number), LOG.format(number))
    world.rescan()
    elsewhere = world.root.rename(world.root.with_name("unmounted"))
    await world.work_once()
    assert world.requests == 0
    assert [item.path for item in world.backlog.failing()] == [_name(number) for number in range(3)]
    assert all(item.hint for item in world.backlog.failing())
    elsewhere.rename(world.root)
    await world.rest()
    for number in range(3):
        world.check(_name(number))


async def test_a_file_that_is_gone_before_it_is_read_is_no_failure(world: World) -> None:
    """An event for a file that is not there costs nothing and leaves nothing on the list."""
    assert await world.look("never.md") == [Verdict.VANISHED]
    assert (world.requests, world.backlog.count()) == (0, 0)


async def test_a_symlink_is_no_log(world: World) -> None:
    """It is ignored, not followed."""
    world.write("real.md", LOG.format(1))
    (world.root / "link.md").symlink_to(world.root / "real.md")
    assert await world.look("link.md") == [Verdict.IGNORED]
    assert world.requests == 0


async def test_a_log_that_becomes_a_symlink_keeps_its_page(world: World) -> None:
    """Its page neither goes nor stays in silence: a person is told, until the log is back."""
    path = LogPath("moved.md")
    await world.sync(path, LOG.format(1))
    (world.root / path).rename(world.root.parent / path)
    (world.root / path).symlink_to(world.root.parent / path)
    world.forget_requests()
    for _ in range(2):
        assert await world.look(path) == [Verdict.QUARANTINED]
    (held,) = world.store.standing(Standing.QUARANTINED)
    assert "symlink" in held.what
    assert world.requests == 0
    (world.root / path).unlink()
    world.write(path, LOG.format(1))
    await world.look(path)
    world.check(path)


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


async def test_a_stop_ends_the_work_at_once_and_keeps_the_list(world: World) -> None:
    """What is left is left for the next process."""
    for number in range(30):
        world.write(_name(number), LOG.format(number))
    world.rescan()
    stop = asyncio.Event()
    worker = Worker(
        world.backlog, world.reconciler, now=world.clock, jitter=lambda: 0.5, report=lambda _: stop.set()
    )
    await worker.work(stop, enough=lambda: False)
    left = world.backlog.count()
    assert 0 < left < 30
    await world.restart()
    world.forget_requests()
    await world.rest()
    assert world.writes == left
    for number in range(30):
        world.check(_name(number))


async def test_a_log_touched_while_it_is_written_is_looked_at_again(world: World) -> None:
    """A change during the work is synced right after it, without waiting for a scan."""
    world.write("a.md", LOG.format(1))
    world.event("a.md")
    changed = False

    class Editing(Reconciler):
        """Changes the log right after it was synced, before the work counts as done."""

        async def reconcile(self, path: LogPath, lane: Lane) -> Reconciled:
            """Reconcile, then edit."""
            nonlocal changed
            outcome = await super().reconcile(path, lane)
            if not changed:
                changed = True
                world.write("a.md", LOG.format(2))
                world.event("a.md")
            return outcome

    world.employ(Editing(world.rules, world.store, world.gateway, world.clock))
    await world.rest()
    assert world.check("a.md")["title"] == "T-2"


async def test_suspending_twice_waits_longer(world: World) -> None:
    """`suspend` says when it is tried again; `resume` forgets the outage."""
    first = world.worker.suspend(Transient("Down"))
    second = world.worker.suspend(Transient("Down"))
    assert second.until - world.clock() > first.until - world.clock()
    world.worker.resume()
    assert world.worker.breaker == Closed()
