"""The worker: live changes first, and a touch is never lost."""

import asyncio
from datetime import timedelta

from daemon.worker import Worker
from sync.names import LogPath
from sync.notion.limiter import Lane
from sync.reconcile import Reconciler
from sync.state.records import Standing
from sync.verdict import Reconciled, Verdict
from tests.worlds.patience import until
from tests.worlds.world import World

LOG = "# Execution Log: T-{}\n\nText.\n"
LONG = 30.0


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


async def test_a_clock_set_back_while_a_log_waits_for_its_time(world: World) -> None:
    """It is tried again no later for it, although nothing else happens."""
    world.write("a.md", LOG.format(1))
    world.event("a.md")
    (item,) = world.backlog.due(now=world.clock(), limit=1, working=())
    later = world.clock() + timedelta(minutes=15)
    world.backlog.postpone(item, due_at=later, what="", hint="", failed=False)
    stop = asyncio.Event()
    working = asyncio.create_task(world.worker.work(stop, enough=lambda: False))
    await asyncio.sleep(0.1)
    world.skew = timedelta(hours=-1)
    world.clock.now = later
    await until(lambda: not world.backlog.count())
    stop.set()
    await working
    world.check("a.md")
