"""How things stand: counted from files and state alone, with what a person can do."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from daemon.config.settings import Settings, edition_of, load
from daemon.presence.lock import StateLock
from daemon.presence.pulse import Outage, Pulse, Role
from daemon.status.gather import gather
from daemon.status.report import Report
from sync.errors import Transient
from sync.files import Stamp
from sync.names import Digest, LogPath, PageId
from sync.planning.page_state import Synced
from sync.state.facts import remember_advice, remember_named
from sync.state.records import PageRecord, Standing
from tests.worlds.growth import counting_calls
from tests.worlds.world import World

NOW = datetime(2026, 1, 10, tzinfo=UTC)
LOG = "# Execution Log: T-{}\n\nText.\n"


def _settings(world: World) -> Settings:
    environ = {"AI_TRACES_LOGS_DIR": str(world.root), "AI_TRACES_STATE_DIR": str(world.state_dir)}
    return load(environ, directory=world.root, config_dir=world.root)


def _counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.files, report.synced, report.pending, report.quarantined, report.trashed


async def test_every_log_is_counted_once(world: World) -> None:
    """In step, waiting, set aside and trashed add up to the files."""
    for number in range(6):
        world.write(f"{number}.md", LOG.format(number))
    world.rescan()
    await world.rest()
    world.notion.human.trash_page(world.page("4.md")["id"])
    await world.sync("4.md", LOG.format("more"))
    world.reconciler.quarantine(LogPath("5.md"), what="Notion refused it", hint="Reword it")
    world.write("0.md", LOG.format("changed"))
    world.write("new.md", LOG.format("new"))
    report = gather(_settings(world), now=world.clock())
    assert _counts(report) == (7, 3, 2, 1, 1)
    assert report.pid is None
    assert report.needs_a_person
    told = {problem.path: problem for problem in report.problems}
    assert (told["5.md"].what, told["5.md"].hint) == ("Notion refused it", "Reword it")
    assert told["4.md"].url.endswith(world.record("4.md").url.rsplit("/", 1)[-1])
    assert "ai-traces retry 4.md" in told["4.md"].hint
    assert not told["4.md"].needs_a_person


@pytest.mark.parametrize(
    ("named", "hint"),
    [
        ({}, "ai-traces setup"),
        ({"NOTION_TOKEN": "ntn_x"}, "ai-traces run"),
        ({"NOTION_TOKEN_FILE": "token"}, "ai-traces run"),
    ],
)
def test_what_to_do_first_depends_on_what_is_there(tmp_path: Path, named: dict[str, str], hint: str) -> None:
    """Without a token the daemon could not start: then it is said how to get one."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.md").write_text(LOG.format(1))
    environ = {"AI_TRACES_LOGS_DIR": str(tmp_path / "logs"), "AI_TRACES_STATE_DIR": str(tmp_path / "state")}
    settings = load(environ | named, directory=tmp_path, config_dir=tmp_path)
    (problem,) = gather(settings, now=NOW).problems
    assert problem.what == "The daemon is not running, and logs wait to be synced"
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("named", "what", "hint"),
    [
        ({}, "It is not connected with Notion yet", "ai-traces setup"),
        ({"NOTION_TOKEN": "ntn_x"}, "The daemon is not running yet", "ai-traces service install"),
    ],
)
def test_before_the_first_log_it_is_said_how_to_begin(
    tmp_path: Path, named: dict[str, str], what: str, hint: str
) -> None:
    """As a remark: nothing waits, and nothing is wrong."""
    (tmp_path / "logs").mkdir()
    environ = {"AI_TRACES_LOGS_DIR": str(tmp_path / "logs"), "AI_TRACES_STATE_DIR": str(tmp_path / "state")}
    report = gather(load(environ | named, directory=tmp_path, config_dir=tmp_path), now=NOW)
    (problem,) = report.problems
    assert problem.what == what
    assert hint in problem.hint
    assert not report.needs_a_person


async def test_all_in_step_needs_nobody(world: World) -> None:
    """Without a daemon and with nothing waiting there is nothing to say."""
    await world.sync("a.md", LOG.format(1))
    report = gather(_settings(world), now=world.clock())
    assert _counts(report) == (1, 1, 0, 0, 0)
    assert not report.needs_a_person
    assert report.last_sync == world.clock()


async def test_before_the_first_run_everything_waits(world: World) -> None:
    """Without a state every file is pending, and none is made by looking."""
    world.write("a.md", LOG.format(1))
    world.stop()
    world.lose_state()
    world.state_dir.rmdir()
    report = gather(_settings(world), now=world.clock())
    assert _counts(report) == (1, 0, 1, 0, 0)
    assert not world.state_dir.exists()
    assert any("ai-traces setup" in problem.hint for problem in report.problems)


async def test_a_failing_log_is_told_with_its_reason(world: World) -> None:
    """What is tried again by itself needs no person, but is not silent."""
    world.write("a.md", LOG.format(1))
    world.event("a.md")
    (item,) = world.backlog.due(now=world.clock(), limit=1, working=())
    failure = Transient("Notion is overloaded", "Nothing to do")
    world.backlog.postpone(item, due_at=world.clock(), what=failure.what, hint=failure.hint, failed=True)
    told = {problem.path: problem for problem in gather(_settings(world), now=world.clock()).problems}
    assert (told["a.md"].what, told["a.md"].needs_a_person) == ("Notion is overloaded", False)


async def test_a_missing_logs_directory_is_told(world: World) -> None:
    """Nothing is counted, and a person is asked to mend it."""
    settings = _settings(world)
    world.root.rename(world.root.with_name("away"))
    report = gather(settings, now=world.clock())
    assert report.files == 0
    assert report.needs_a_person
    assert any(str(world.root) in problem.what for problem in report.problems)


@pytest.mark.parametrize("standing", [Standing.TRACKED, Standing.RESTORING])
async def test_a_released_log_waits_again(world: World, standing: Standing) -> None:
    """After `retry` it is pending until it was looked at."""
    await world.sync("a.md", LOG.format(1))
    world.store.save(replace(world.record("a.md"), standing=standing, stamp=None, content_hash=None))
    assert _counts(gather(_settings(world), now=world.clock())) == (1, 0, 1, 0, 0)


async def test_what_keeps_everything_from_being_synced_is_told_first(world: World) -> None:
    """With when it began, when it is tried again, and whether it takes a person."""
    now = world.clock()
    later = now + timedelta(minutes=1)
    outage = Outage(what="Notion cannot be reached", hint="", needs_a_person=False, since=now, until=later)
    with StateLock(world.state_dir) as lock:
        lock.show(Pulse(role=Role.DAEMON, started=now, beat=now, outage=outage).as_text())
        report = gather(_settings(world), now=now)
    (problem,) = report.problems
    assert (problem.what, problem.since, problem.again_at) == (outage.what, outage.since, outage.until)
    assert "by itself" in problem.hint
    assert not report.needs_a_person
    assert report.pid == os.getpid()
    assert gather(_settings(world), now=now).problems == ()


async def test_a_daemon_that_hangs_is_told(world: World) -> None:
    """It is there, and has shown nothing for minutes: a person has to end it."""
    began = world.clock()
    with StateLock(world.state_dir) as lock:
        lock.show(Pulse(role=Role.DAEMON, started=began, beat=began).as_text())
        assert gather(_settings(world), now=began + timedelta(minutes=2)).problems == ()
        (problem,) = gather(_settings(world), now=began + timedelta(minutes=4)).problems
    assert str(os.getpid()) in problem.hint
    assert problem.needs_a_person


async def test_a_daemon_of_another_version_is_told(world: World) -> None:
    """After an upgrade the one that runs is to be started again; until then it makes pages as before."""
    now, settings = world.clock(), _settings(world)
    with StateLock(world.state_dir) as lock:
        pulse = Pulse(role=Role.DAEMON, started=now, beat=now, edition=edition_of(settings))
        lock.show(pulse.as_text())
        assert gather(settings, now=now).problems == ()
        lock.show(replace(pulse, edition="0-old").as_text())
        (problem,) = gather(settings, now=now).problems
        lock.show(replace(pulse, edition="0-old", role=Role.BACKFILL).as_text())
        assert gather(settings, now=now).problems == ()
    assert "another version" in problem.what
    assert "service restart" in problem.hint


async def test_a_backfill_at_work_is_no_daemon(world: World) -> None:
    """It is told as what it is; logs that wait are on their way."""
    world.write("a.md", LOG.format(1))
    with StateLock(world.state_dir) as lock:
        now = world.clock()
        lock.show(Pulse(role=Role.BACKFILL, started=now, beat=now, per_minute=60, ceiling=60).as_text())
        report = gather(_settings(world), now=now)
    assert report.pid is None
    assert not report.needs_a_person
    assert report.as_json()["activity"]["role"] == "backfill"
    assert report.as_json()["activity"]["seconds_to_drain"] == 1


async def test_advice_about_the_database_stands_until_it_is_followed(world: World) -> None:
    """What is left out for the type of a property is told, with since when, also while no daemon runs."""
    remember_advice(world.store, ["ENV is not written"], now=world.clock())
    begun = world.clock()
    world.clock.advance(60)
    remember_advice(world.store, ["ENV is not written", "RISK is not written"], now=world.clock())
    first, second = gather(_settings(world), now=world.clock()).problems
    assert (first.what, first.since, first.needs_a_person) == ("ENV is not written", begun, False)
    assert (second.what, second.since) == ("RISK is not written", world.clock())
    assert "AI_TRACES_PROPERTY_NAMES" in first.hint
    remember_advice(world.store, [], now=world.clock())
    assert gather(_settings(world), now=world.clock()).problems == ()


async def test_a_state_that_cannot_be_read_is_part_of_the_report(world: World) -> None:
    """Nothing is known to be in step then, and a person is asked to mend it."""
    await world.sync("a.md", LOG.format(1))
    settings = _settings(world)
    world.stop()
    (world.state_dir / "state.db").write_bytes(b"no database" * 1000)
    report = gather(settings, now=world.clock())
    assert _counts(report) == (1, 0, 1, 0, 0)
    assert "state" in report.problems[0].what
    assert report.problems[0].hint
    assert not any("not running" in problem.what for problem in report.problems)


async def test_a_disk_that_is_full_is_noticed_without_the_daemon(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`status` looks at the file system itself: nobody could have written it down."""
    true = os.statvfs(world.state_dir)
    fields = {name: getattr(true, name) for name in ("f_bavail", "f_frsize", "f_flag")}
    for changes, word in (({"f_bavail": 0}, "full"), ({"f_flag": os.ST_RDONLY}, "read-only")):
        monkeypatch.setattr(os, "statvfs", lambda _, these=fields | changes: SimpleNamespace(**these))
        (problem,) = gather(_settings(world), now=world.clock()).problems
        assert word in problem.what
        assert problem.needs_a_person


async def test_a_state_on_a_read_only_disk_is_told_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the state cannot be opened then follows from it, and its own advice would lead astray."""
    world.store.close()
    for each in world.state_dir.glob("*"):
        each.write_bytes(b"no database" * 1000)
    true = os.statvfs(world.state_dir)
    fields = {name: getattr(true, name) for name in ("f_bavail", "f_frsize")} | {"f_flag": os.ST_RDONLY}
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(**fields))
    (problem,) = gather(_settings(world), now=world.clock()).problems
    assert "read-only" in problem.what


async def test_another_database_in_the_settings_is_told(world: World) -> None:
    """Until something is brought there, what is in step is so with the one before."""
    remember_named(world.store, _settings(world).notion_database_id)
    assert gather(_settings(world), now=world.clock()).problems == ()
    other = replace(_settings(world), notion_database_id="00000000-0000-4000-8000-00000000000a")
    (problem,) = gather(other, now=world.clock()).problems
    assert "another database" in problem.what
    assert "backfill" in problem.hint
    assert not problem.needs_a_person
    with StateLock(world.state_dir):
        (problem,) = gather(other, now=world.clock()).problems
    assert "restart" in problem.hint


async def test_a_look_costs_each_log_the_same(world: World) -> None:
    """Functions called a log, counted, so the same on any machine: flat, and few."""
    settings, costs = _settings(world), []
    for count in (500, 2_500):
        paths = [f"{number}.md" for number in range(count)]
        for path in paths:
            (world.root / path).touch()
        world.store.save_all(_in_step(world, LogPath(path)) for path in paths)
        with counting_calls() as calls:
            report = gather(settings, now=world.clock())
        assert _counts(report) == (count, count, 0, 0, 0)
        costs.append(calls.count / count)
    assert costs[1] <= 1.2 * costs[0]
    assert costs[1] <= 12


def _in_step(world: World, path: LogPath) -> PageRecord:
    return PageRecord(
        path=path,
        page=Synced(PageId(path), None, None),
        content_hash=Digest("0" * 64),
        edition=edition_of(_settings(world)),
        stamp=Stamp.of((world.root / path).stat()),
        since=world.clock(),
        synced_at=world.clock(),
    )
