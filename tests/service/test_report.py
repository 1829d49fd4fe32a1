"""How things stand: counted from files and state alone, with what a person can do."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from daemon.config.settings import Settings, load
from daemon.report import Report, gather
from sync.errors import Transient
from sync.names import LogPath
from sync.state.records import Standing

if TYPE_CHECKING:
    from tests.service.conftest import World

LOG = "# Execution Log: T-{}\n\nText.\n"


def _settings(world: "World") -> Settings:
    environ = {"AI_TRACES_LOGS_DIR": str(world.root), "AI_TRACES_STATE_DIR": str(world.state_dir)}
    return load(environ, directory=world.root, config_dir=world.root)


def _counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.files, report.synced, report.pending, report.quarantined, report.trashed


async def test_every_log_is_counted_once(world: "World") -> None:
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
    report = gather(_settings(world))
    assert _counts(report) == (7, 3, 2, 1, 1)
    assert report.pid is None
    assert report.needs_a_person
    told = {problem.path: problem for problem in report.problems}
    assert (told["5.md"].what, told["5.md"].hint) == ("Notion refused it", "Reword it")
    assert told["4.md"].url.endswith(world.record("4.md").url.rsplit("/", 1)[-1])
    assert "ai-traces retry 4.md" in told["4.md"].hint
    assert not told["4.md"].needs_a_person


async def test_all_in_step_needs_nobody(world: "World") -> None:
    """Without a daemon and with nothing waiting there is nothing to say."""
    await world.sync("a.md", LOG.format(1))
    report = gather(_settings(world))
    assert _counts(report) == (1, 1, 0, 0, 0)
    assert not report.needs_a_person
    assert report.last_sync == world.clock()


async def test_before_the_first_run_everything_waits(world: "World") -> None:
    """Without a state every file is pending, and none is made by looking."""
    world.write("a.md", LOG.format(1))
    world.stop()
    world.lose_state()
    world.state_dir.rmdir()
    report = gather(_settings(world))
    assert _counts(report) == (1, 0, 1, 0, 0)
    assert not world.state_dir.exists()
    assert any("ai-traces run" in problem.hint for problem in report.problems)


async def test_a_failing_log_is_told_with_its_reason(world: "World") -> None:
    """What is tried again by itself needs no person, but is not silent."""
    world.write("a.md", LOG.format(1))
    world.event("a.md")
    (item,) = world.backlog.due(now=world.clock(), limit=1, working=())
    failure = Transient("Notion is overloaded", "Nothing to do")
    world.backlog.postpone(item, due_at=world.clock(), what=failure.what, hint=failure.hint, failed=True)
    told = {problem.path: problem for problem in gather(_settings(world)).problems}
    assert (told["a.md"].what, told["a.md"].needs_a_person) == ("Notion is overloaded", False)


async def test_a_missing_logs_directory_is_told(world: "World") -> None:
    """Nothing is counted, and a person is asked to mend it."""
    settings = _settings(world)
    world.root.rename(world.root.with_name("away"))
    report = gather(settings)
    assert report.files == 0
    assert report.needs_a_person
    assert any(str(world.root) in problem.what for problem in report.problems)


@pytest.mark.parametrize("standing", [Standing.TRACKED, Standing.RESTORING])
async def test_a_released_log_waits_again(world: "World", standing: Standing) -> None:
    """After `retry` it is pending until it was looked at."""
    await world.sync("a.md", LOG.format(1))
    world.store.save(replace(world.record("a.md"), standing=standing, stamp=None, content_hash=None))
    assert _counts(gather(_settings(world))) == (1, 0, 1, 0, 0)
