"""What one log costs does not grow with how many there are: counted, so the same on any machine."""

import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from daemon.breaker import Closed
from daemon.presence.status_line import StatusLine
from daemon.watching.compare import Comparison, by_lane
from daemon.watching.health import Healthy
from daemon.watching.scan import pieces
from sync.files import Stamp
from sync.names import Digest, LogPath, PageId
from sync.notion.limiter import Lane
from sync.planning.page_state import Synced
from sync.state.backlog import Backlog
from sync.state.records import PageRecord
from sync.state.store import Store
from tests.worlds.growth import counting_calls

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
EDITION = "1-a"
FEW, MANY = 1_000, 8_000
ALLOWED = 1.2
"""By how much a log may cost more among many."""


class Household:
    """So many logs in step, in a hundred directories and in one that is flat."""

    def __init__(self, directory: Path, count: int) -> None:
        self.root, self.count = directory / "logs", count
        self.store = Store.open(directory / "state")
        self.paths = [LogPath(f"{number % 100:02}/{number:06}.md") for number in range(count // 2)]
        self.paths += [LogPath(f"flat/{number:06}.md") for number in range(count - count // 2)]
        self.store.save_all(map(self._record, self.paths))

    def _record(self, path: LogPath) -> PageRecord:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
        return PageRecord(
            path=path,
            page=Synced(PageId(path), "f", ()),
            content_hash=Digest("0" * 64),
            edition=EDITION,
            stamp=Stamp.of(place.stat()),
            since=NOW,
        )

    def rescan(self) -> None:
        """Find that nothing differs."""
        comparison = Comparison(self.store, edition=EDITION)
        for piece in pieces(self.root, unlistable=lambda _: None):
            assert not any(by_lane(comparison.out_of_step(piece)).values())
        assert comparison.absent() == ()


@pytest.fixture(scope="module")
def households(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Household, Household]]:
    """One with few logs, and one with many."""
    few, many = (Household(tmp_path_factory.mktemp(str(count)), count) for count in (FEW, MANY))
    yield few, many
    for household in (few, many):
        household.store.close()


def _counts(household: Household, work: Callable[[Household], None]) -> list[float]:
    """Return how many functions are called, and how many steps SQLite's machine takes."""
    steps = 0

    def ten_steps() -> int:
        nonlocal steps
        steps += 10
        return 0

    work(household)  # what is only done the first time
    household.store.connection.set_progress_handler(ten_steps, 10)
    with counting_calls() as calls:
        work(household)
    household.store.connection.set_progress_handler(None, 0)
    return [float(calls.count), float(steps)]


def test_a_rescan_costs_each_log_the_same(households: tuple[Household, Household]) -> None:
    """Functions called and steps of the database a log: flat."""
    few, many = (
        [each / household.count for each in _counts(household, Household.rescan)] for household in households
    )
    assert all(after <= ALLOWED * before for before, after in zip(few, many, strict=True)), (few, many)
    assert few[0] <= 32
    assert few[1] <= 40


def test_a_rescan_needs_no_more_memory(households: tuple[Household, Household]) -> None:
    """What it holds at once is a piece of the logs, and the names of a directory."""
    peaks = []
    for household in households:
        household.rescan()
        tracemalloc.start()
        household.rescan()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    names = (MANY - FEW) // 2 * 250
    assert peaks[1] <= ALLOWED * peaks[0] + names


def _choose(household: Household) -> None:
    backlog = Backlog(household.store)
    working = frozenset(household.paths[:16])
    assert len(backlog.due(now=NOW, limit=4, working=working)) == 4
    assert backlog.next_due(working=working) == NOW


def _finish_one(household: Household) -> None:
    backlog = Backlog(household.store)
    (item,) = backlog.due(now=NOW, limit=1, working=())
    record = household.store.page(item.path)
    assert record is not None
    household.store.save(record)
    backlog.done(item)
    backlog.hear([item.path], lane=Lane.BACKFILL, now=NOW)


@pytest.mark.parametrize("work", [_choose, _finish_one])
def test_the_work_on_one_log_does_not_ask_how_many_wait(
    households: tuple[Household, Household], work: Callable[[Household], None]
) -> None:
    """To choose it, to record it, to take it off the list: as many steps among a thousand as among many."""
    for household in households:
        Backlog(household.store).note(household.paths, lane=Lane.BACKFILL, now=NOW)
    few, many = (_counts(household, work) for household in households)
    assert all(after <= ALLOWED * before + 20 for before, after in zip(few, many, strict=True)), (few, many)


def _tell(line: StatusLine, _: Household) -> None:
    assert line.text(Closed(), Healthy())


def test_a_daemon_at_rest_counts_nothing_twice(households: tuple[Household, Household]) -> None:
    """Its line for systemd takes two numbers of the database, until that has changed."""
    for household in households:
        line = StatusLine(household.store)
        counts = [_counts(household, partial(_tell, line))[1] for _ in range(3)]
        assert max(counts) <= 100
        Backlog(household.store).hear([LogPath("new.md")], lane=Lane.LIVE, now=NOW + timedelta(seconds=1))
        assert "log" in line.text(Closed(), Healthy())
