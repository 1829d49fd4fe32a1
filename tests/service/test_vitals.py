"""What the process shows of itself while it works: at once when something turns, now and then otherwise."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from daemon.backfill.alone import backfill
from daemon.backfill.tally import Tally
from daemon.breaker import Closed, FailureCause, Open
from daemon.job import Job
from daemon.presence.lock import StateLock
from daemon.presence.pulse import Pulse, Role, at_work
from daemon.presence.status_line import StatusLine
from daemon.presence.vitals import Vitals
from daemon.session import open_session
from daemon.status.gather import gather
from daemon.watching.health import Deaf, Health, Healthy, ScanOnly
from sync.errors import Transient
from sync.names import LogPath
from sync.notion.emulator import EmulatorTransport
from sync.notion.limiter import Budget, Lane
from sync.state.facts import remembered_advice, remembered_place
from sync.state.store import Store
from tests.worlds.place import Place

START = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
CALM = Budget(
    per_minute=60.0, ceiling=60.0, paused_for=timedelta(0), waiting={}, used={Lane.LIVE: 2}, refusals=0
)


@dataclass(slots=True)
class Body:
    """Something whose vitals are shown, with a time and a budget that a test sets."""

    now: datetime = START
    budget: Budget = CALM
    shown: list[Pulse] = field(default_factory=list)

    def vitals(self) -> Vitals:
        """Return its vitals."""
        return Vitals(
            Role.DAEMON,
            edition="1-a",
            budget=lambda: self.budget,
            now=lambda: self.now,
            show=self.shown.append,
        )


def _open(since: datetime) -> Open:
    return Open(
        since=since,
        until=since + timedelta(seconds=5),
        failures=1,
        cause=FailureCause(
            needs_a_person=True, what="Notion does not accept the token", hint="Make a new one"
        ),
    )


def test_nothing_new_is_shown_once_a_minute() -> None:
    """A process that rests writes next to nothing, and yet shows that it lives."""
    body = Body()
    vitals = body.vitals()
    for _ in range(301):
        vitals.beat()
        body.now += timedelta(seconds=2)
    assert len(body.shown) == 11
    assert [each.beat for each in body.shown] == sorted({each.beat for each in body.shown})


def test_a_pace_is_shown_however_slow() -> None:
    """A request in a day is not none at all."""
    body = Body(budget=replace(CALM, per_minute=0.000694, ceiling=0.001))
    body.vitals().beat()
    assert (body.shown[-1].per_minute, body.shown[-1].ceiling) == (0.000694, 0.001)


def test_a_log_that_was_worked_on_counts_from_the_next_beat() -> None:
    """Also when its requests were counted before it was done with."""
    body = Body()
    vitals = body.vitals()
    vitals.beat()
    vitals.worked(Job(LogPath("a.md"), Lane.LIVE, ValueError(), None, 0, 0.1, requests=2))
    vitals.beat()
    assert [each.written for each in body.shown] == [0, 1]


def test_an_outage_is_shown_at_once_and_so_is_its_end() -> None:
    """Whoever waits beside the daemon need not wait for its next beat."""
    body = Body()
    vitals = body.vitals()
    vitals.turned(_open(START))
    vitals.turned(Closed())
    first, second = body.shown
    assert first.outage is not None
    assert (first.outage.what, first.outage.needs_a_person) == ("Notion does not accept the token", True)
    assert second.outage is None


def test_a_pause_is_shown_by_its_end() -> None:
    """So that it need not be written anew while it runs out."""
    body = Body(budget=replace(CALM, paused_for=timedelta(seconds=30), refusals=1))
    vitals = body.vitals()
    for second in range(0, 20, 2):
        body.now = START + timedelta(seconds=second)
        body.budget = replace(body.budget, paused_for=timedelta(seconds=30 - second))
        vitals.beat()
    (shown,) = body.shown
    assert shown.paused_until == START + timedelta(seconds=30)
    assert shown.refusals == 1


@pytest.mark.parametrize("health", [Deaf("the kernel is silent"), ScanOnly("a network file system", "")])
def test_what_is_not_heard_is_shown_since_it_began(health: Health) -> None:
    """As long as it is the same; and no longer than it lasts."""
    body = Body()
    vitals = body.vitals()
    for _ in range(5):
        vitals.hears(health)
        body.now += timedelta(seconds=5)
    vitals.hears(Healthy())
    first, second = body.shown
    assert first.impairment is not None
    assert health.reason in first.impairment.what  # type: ignore[union-attr]
    assert (first.impairment.since, second.impairment) == (START, None)


async def test_a_backfill_shows_how_it_is_doing(place: Place) -> None:
    """Its role, its requests and what keeps it, in the lock that it holds; a line in its log for each job."""
    settings, tally, stop = place.settings, Tally(), asyncio.Event()
    assert settings.notion_token is not None
    with (
        StateLock(settings.state_dir) as lock,
        Store.open(settings.state_dir) as store,
        capture_logs() as told,
    ):
        async with open_session(
            settings,
            settings.notion_token,
            store,
            transport=EmulatorTransport(place.notion),
            note=tally.note,
            lock=lock,
            role=Role.BACKFILL,
        ) as session:
            await backfill(session, tally, [], stop=stop, show=place.shown.append)
            session.vitals.beat()
            working = at_work(settings.state_dir)
            assert working is not None
            assert working.pulse is not None
            assert (working.pulse.role, working.pulse.written) == (Role.BACKFILL, 30)
            assert sum(working.pulse.requests.values()) == len(place.notion.journal)
            line = StatusLine(store).text(session.worker.breaker, Healthy())
            assert line == "In step: 30 logs known, 0 logs wait, 0 in quarantine, 0 trashed"
            session.worker.suspend(session.worker.trouble or Transient("Notion is away"))
            assert (
                StatusLine(store)
                .text(session.worker.breaker, Healthy())
                .startswith("Notion is away; 0 logs wait")
            )
        jobs = [line for line in told if line["event"].startswith("log.")]
        assert sorted(line["path"] for line in jobs) == [f"{number:02}.md" for number in range(30)]
        assert {line["requests"] for line in jobs} == {1}
        assert {line["page_id"] for line in jobs} == {page["id"] for page in place.notion.dump()}
        assert all(line["seconds"] >= 0 for line in jobs)
        found = remembered_place(store)
        assert found is not None
        assert found.title == "AI Traces"
        assert found.url.startswith("https://")


async def test_what_the_database_cannot_hold_is_told_until_it_can(place: Place) -> None:
    """A property of another type is advice in `status`, and no more once it is as it was."""
    source = next(iter(place.notion.workspace.data_sources))
    await place.run()
    place.notion.human.retype_property(source, "ENV", "number")
    place.write("b.md", "# Execution Log: B\n\n**ENV:** dev\n")
    await place.run()
    told = gather(place.settings, now=START).problems
    assert any("ENV" in problem.what and problem.since is not None for problem in told)
    assert not any(problem.needs_a_person for problem in told)
    place.notion.human.retype_property(source, "ENV", "select")
    await place.run()
    with Store.open(place.settings.state_dir) as store:
        assert remembered_advice(store) == ()


async def test_requests_are_counted_for_the_log_that_cost_them(place: Place) -> None:
    """Many at once, and each job tells its own."""
    place.notion.latency = 0.01
    with capture_logs() as told:
        await place.run()
        place.write("00.md", "# Execution Log: T-0\n\nAnother text.\n\n## More\n\nText.\n")
        await place.run()
    jobs = [line for line in told if line["event"] == "log.synced"]
    assert [line["requests"] for line in jobs[:-1]] == [1] * 30
    assert jobs[-1]["path"] == LogPath("00.md")
    assert 1 < jobs[-1]["requests"] <= len(place.notion.journal)
