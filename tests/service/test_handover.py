"""A backfill and a repair beside the running daemon: they report like one alone, and come to an end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from daemon.backfill.handover import hand_over
from daemon.backfill.tally import Summary, Tally
from daemon.breaker import FailureCause, Open
from daemon.clock import utc_now
from daemon.presence.lock import StateLock
from daemon.presence.pulse import Pulse, Role, outage_of
from daemon.session import Session
from daemon.verification.repair import wait_for_daemon
from sync.errors import AccessLost, AlreadyRunning
from sync.names import LogPath
from sync.notion.limiter import Lane
from sync.planning.page_state import Absent
from sync.state.records import PageRecord, Standing
from sync.state.store import Store
from tests.worlds.patience import PATIENCE
from tests.worlds.place import Place

LOG = "# Execution Log: T-{}\n\nText.\n"
A = LogPath("00.md")


@asynccontextmanager
async def _daemon(place: Place) -> AsyncIterator[None]:
    """Hold the lock and work off the list, as the daemon does."""
    stop = asyncio.Event()
    with StateLock(place.settings.state_dir):
        async with place.session(Tally()) as session:
            await session.connect()
            work = asyncio.create_task(session.worker.work(stop, enough=lambda: False))
            yield
            stop.set()
            await work


async def _backfilled(place: Place, *typed: str, beside: bool) -> Summary:
    if not beside:
        return await place.run(*typed)
    async with _daemon(place):
        with Store.open(place.settings.state_dir) as store:
            summary = await hand_over(
                place.settings, store, Tally(), typed, stop=asyncio.Event(), show=place.shown.append
            )
    assert summary is not None
    return summary


def _counts(summary: Summary) -> dict[str, int]:
    return {name: count for name, count in asdict(summary).items() if name not in {"requests", "seconds"}}


def _expected(**counts: int) -> dict[str, int]:
    none = Summary(
        created=0,
        updated=0,
        unchanged=0,
        adopted=0,
        on_trust=0,
        trashed=0,
        quarantined=0,
        failed=0,
        unseen=0,
        stopped=False,
        requests=0,
        seconds=0,
    )
    return _counts(none) | counts


@pytest.mark.parametrize("beside", [False, True])
async def test_it_counts_the_same_whoever_does_the_work(place: Place, beside: bool) -> None:
    """New, changed, renamed, deleted, set aside and trashed logs are each counted once, as what they are."""
    await place.run()
    async with place.session(Tally()) as session:
        session.reconciler.quarantine(LogPath("01.md"), what="Notion refused it", hint="")
        record = session.store.page(LogPath("02.md"))
        assert record is not None
        session.store.save(replace(record, standing=Standing.TRASHED, stamp=None, what="Hers"))
    logs = place.directory / "logs"
    (logs / "03.md").unlink()
    (logs / "04.md").rename(logs / "four.md")
    place.write("05.md", LOG.format("changed"))
    place.write("new.md", LOG.format("new"))
    (logs / "06.md").touch()
    summary = await _backfilled(place, beside=beside)
    assert _counts(summary) == _expected(created=1, updated=2, unchanged=25, trashed=2, quarantined=1)
    assert not summary.in_step
    assert place.shown[-1].total - place.shown[-1].done <= 32


@pytest.mark.parametrize("beside", [False, True])
async def test_pages_that_were_there_count_as_adopted(place: Place, beside: bool) -> None:
    """Found again without a state, nothing is created."""
    await place.run()
    for file in (place.directory / "state").iterdir():
        file.unlink()
    summary = await _backfilled(place, beside=beside)
    assert _counts(summary) == _expected(unchanged=30, adopted=30)


@pytest.mark.parametrize("beside", [False, True])
async def test_departures_that_are_held_back_are_not_done(place: Place, beside: bool) -> None:
    """A person has to agree: that is no success, and nobody waits for it."""
    await place.run()
    place.changed["AI_TRACES_MAX_DELETES"] = "0"
    (place.directory / "logs" / "03.md").unlink()
    summary = await _backfilled(place, beside=beside)
    assert _counts(summary) == _expected(unchanged=29, failed=1)


@pytest.mark.parametrize("beside", [False, True])
async def test_only_what_is_named_is_handed_over(place: Place, beside: bool) -> None:
    """Neither other logs nor other logs that are gone."""
    await place.run()
    place.write("sub/new.md", LOG.format("new"))
    place.write("other.md", LOG.format("other"))
    (place.directory / "logs" / "03.md").unlink()
    summary = await _backfilled(place, "sub", "00.md", beside=beside)
    assert _counts(summary) == _expected(created=1, unchanged=1)


@asynccontextmanager
async def _listed(place: Place) -> AsyncIterator[tuple[Session, StateLock]]:
    """One log is on the list of a daemon that does nothing."""
    with StateLock(place.settings.state_dir) as lock:
        async with place.session(Tally()) as session:
            session.backlog.touch([A], lane=Lane.BACKFILL, now=utc_now())
            yield session, lock


async def _wait(session: Session, stop: asyncio.Event | None = None) -> None:
    async with asyncio.timeout(PATIENCE):
        await wait_for_daemon(session, session.store, [A], stop=stop or asyncio.Event())


async def test_a_repair_ends_on_an_outage_that_needs_a_person(place: Place) -> None:
    """It says what the daemon met, and when that one tries again."""
    trouble = Open(
        since=utc_now(),
        until=utc_now() + timedelta(seconds=30),
        failures=1,
        cause=FailureCause(
            needs_a_person=True, what="Notion does not accept the token", hint="Correct NOTION_TOKEN"
        ),
    )
    async with _listed(place) as (session, lock):
        now = utc_now()
        lock.show(Pulse(role=Role.DAEMON, started=now, beat=now, outage=outage_of(trouble)).as_text())
        with pytest.raises(AccessLost, match="tries again by itself"):
            await _wait(session)


async def test_a_repair_does_not_wait_for_what_is_held_back(place: Place) -> None:
    """A departure that needs a person stays on the list without keeping the repair."""
    async with _listed(place) as (session, _):
        (item,) = session.backlog.due(now=utc_now(), limit=1, working=())
        held = PageRecord(
            path=A, page=Absent(), since=utc_now(), standing=Standing.VANISHED, what="2 logs are gone at once"
        )
        session.store.save(held)
        later = utc_now() + timedelta(minutes=5)
        session.backlog.postpone(item, due_at=later, what="", hint="", failed=False)
        await _wait(session)
        assert session.backlog.waiting([A]) == 1


async def test_a_repair_ends_when_it_is_stopped(place: Place) -> None:
    """The list stays as it is."""
    stop = asyncio.Event()
    async with _listed(place) as (session, _):
        asyncio.get_running_loop().call_later(0.05, stop.set)
        await _wait(session, stop)
        assert session.backlog.waiting([A]) == 1


async def test_a_repair_ends_when_the_daemon_has_ended(place: Place) -> None:
    """Nobody is there to do it: that is said."""
    async with place.session(Tally()) as session:
        session.backlog.touch([A], lane=Lane.BACKFILL, now=utc_now())
        with pytest.raises(AlreadyRunning, match="has ended"):
            await _wait(session)
