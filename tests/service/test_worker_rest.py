"""What the worker does while there is nothing to do: next to nothing, and never too late."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from daemon import worker
from daemon.clock import utc_now
from daemon.config.settings import load
from daemon.job import Job
from daemon.session import Session, open_session
from daemon.worker import MOST_IN_FLIGHT
from sync.names import LogPath
from sync.notion.emulator import DEMO_TOKEN, Emulator, EmulatorTransport
from sync.notion.limiter import Lane
from sync.state.backlog import Backlog
from sync.state.store import Store
from tests.worlds.patience import until


@dataclass(slots=True)
class Work:
    """A session whose worker runs, and what it has told."""

    session: Session
    emulator: Emulator
    jobs: list[Job]


@asynccontextmanager
async def _working(directory: Path, *, latency: float) -> AsyncIterator[Work]:
    jobs: list[Job] = []
    emulator, stop = Emulator(latency=latency), asyncio.Event()
    emulator.create_database()
    settings = load(
        {
            "NOTION_TOKEN": DEMO_TOKEN,
            "AI_TRACES_LOGS_DIR": str(directory / "logs"),
            "AI_TRACES_STATE_DIR": str(directory / "state"),
            "AI_TRACES_REQUESTS_PER_MINUTE": "60000",
        },
        directory=directory,
        config_dir=directory,
    )
    settings.logs_dir.mkdir()
    token, transport = settings.notion_token, EmulatorTransport(emulator)
    assert token is not None
    with Store.open(settings.state_dir) as store:
        async with open_session(settings, token, store, transport=transport, note=jobs.append) as session:
            await session.connect()
            working = asyncio.create_task(session.worker.work(stop, enough=lambda: False))
            try:
                yield Work(session, emulator, jobs)
            finally:
                stop.set()
                await working


@pytest.fixture(autouse=True)
def restless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the worker look more often than every seven seconds whether another process called for it."""
    monkeypatch.setattr(worker, "AT_REST", 0.2)


async def _is_at_rest(work: Work) -> None:
    """Wait until the worker has looked at the list, and has nothing to do."""
    await until(lambda: work.session.worker.ticked is not None)


def _write(work: Work, count: int) -> list[LogPath]:
    paths = [LogPath(f"{number:02}.md") for number in range(count)]
    for path in paths:
        (work.session.settings.logs_dir / path).write_text(f"# Execution Log: {path}\n", encoding="utf-8")
    return paths


async def test_what_another_process_puts_on_the_list_is_found_without_a_word(tmp_path: Path) -> None:
    """`retry` and `backfill` beside a resting daemon write to the list and call nobody."""
    async with _working(tmp_path, latency=0.0) as work:
        paths = _write(work, 1)
        await _is_at_rest(work)
        with Store.open(work.session.settings.state_dir) as another:
            Backlog(another).touch(paths, lane=Lane.LIVE, now=utc_now())
        await until(lambda: len(work.jobs) == 1)
    assert len(work.emulator.dump()) == 1


async def test_a_resting_worker_only_asks_whether_anything_changed(tmp_path: Path) -> None:
    """A look at an unchanged list is one number, not a search."""
    async with _working(tmp_path, latency=0.0) as work:
        await _is_at_rest(work)
        statements: Counter[str] = Counter()
        connection = work.session.store.connection
        connection.set_trace_callback(lambda statement: statements.update([statement]))
        await until(lambda: statements.total() > 2)
        connection.set_trace_callback(None)
        assert set(statements) == {"PRAGMA data_version"}


async def test_a_worker_with_its_hands_full_waits_for_one_to_come_free(tmp_path: Path) -> None:
    """While all places are taken, work that is due is no reason to look again and again."""
    async with _working(tmp_path, latency=0.5) as work:
        paths = _write(work, MOST_IN_FLIGHT + 8)
        work.session.backlog.note(paths, lane=Lane.BACKFILL, now=utc_now())
        looks: Counter[bool] = Counter()
        work.session.store.connection.set_trace_callback(
            lambda statement: looks.update(["FROM pending" in statement and "SELECT" in statement])
        )
        work.session.worker.poke()
        await until(lambda: len(work.jobs) == len(paths))
        work.session.store.connection.set_trace_callback(None)
    assert looks[True] <= 2 * len(paths) + 10
