"""A scan that finds what the last one found looks nothing up, and misses nothing that a look would tell."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.watching.compare import Comparison, Judgement
from daemon.watching.familiar import Familiar
from daemon.watching.scan import PIECE, Found
from sync.files import Stamp
from sync.names import Digest, LogPath, PageId
from sync.planning.page_state import Synced
from sync.state.records import PageRecord, Standing
from sync.state.store import Store
from tests.worlds.scanned import in_pieces

NOW = datetime(2026, 1, 10, tzinfo=UTC)
EDITION = "1-a"
ASKS_WHETHER_ANYTHING_CHANGED = "PRAGMA data_version"


def _record(path: LogPath, stamp: Stamp, standing: Standing = Standing.TRACKED) -> PageRecord:
    return PageRecord(
        path=path,
        page=Synced(PageId(f"page of {path}"), "f", ()),
        content_hash=Digest("0" * 64),
        edition=EDITION,
        stamp=stamp,
        standing=standing,
        since=NOW,
    )


@dataclass(slots=True)
class Life:
    """Logs on a disk, what a daemon remembers of them, and another process beside it.

    Attributes:
        store: The daemon's own.
        beside: The other process's, on the same state.
    """

    store: Store
    beside: Store
    familiar: Familiar
    disk: dict[LogPath, Stamp] = field(default_factory=dict)

    def stamp(self, path: LogPath) -> Stamp:
        """Return that of a log, or of one that is about to appear."""
        return self.disk.get(path, Stamp(1, 1, 1))

    def by(self, number: int) -> Store:
        """Return the state as one of the two has it open."""
        return self.store if number % 2 else self.beside

    def scanned(
        self, *, piece: int, familiar: Familiar | None
    ) -> tuple[Mapping[LogPath, Judgement], tuple[LogPath, ...]]:
        """Return what a scan in such pieces tells: what is not in step, and what is absent."""
        comparison = Comparison(self.store, edition=EDITION, familiar=familiar)
        # Made anew each time, as a scan does: equal, and never the same objects.
        files = [Found(LogPath("".join(path)), *self.disk[path]) for path in sorted(self.disk)]
        out: dict[LogPath, Judgement] = {}
        for begin in range(0, len(files), piece):
            out.update(comparison.out_of_step(files[begin : begin + piece]))
        return out, comparison.absent()


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """A state, opened by two."""
    directory = tmp_path_factory.mktemp("state")
    with Store.open(directory) as ours, Store.open(directory) as beside:
        yield ours, beside


def _left_alone(life: Life, path: LogPath, number: int) -> None:
    """Nothing happens."""


def _grows(life: Life, path: LogPath, number: int) -> None:
    life.disk[path] = life.stamp(path)._replace(size=life.stamp(path).size + number)


def _is_written_in_place(life: Life, path: LogPath, number: int) -> None:
    life.disk[path] = life.stamp(path)._replace(mtime_ns=life.stamp(path).mtime_ns + number)


def _is_replaced(life: Life, path: LogPath, number: int) -> None:
    life.disk[path] = life.stamp(path)._replace(inode=life.stamp(path).inode + number)


def _goes(life: Life, path: LogPath, _: int) -> None:
    life.disk.pop(path, None)


def _is_synced(life: Life, path: LogPath, number: int) -> None:
    life.by(number).save(_record(path, life.stamp(path)))


def _is_quarantined(life: Life, path: LogPath, number: int) -> None:
    life.by(number).save(_record(path, life.stamp(path), Standing.QUARANTINED))


def _is_doubted(life: Life, path: LogPath, number: int) -> None:
    life.by(number).doubt([path])


def _is_forgotten(life: Life, path: LogPath, number: int) -> None:
    life.by(number).forget(path)


EVENTS = st.sampled_from(
    [
        _left_alone,
        _grows,
        _is_written_in_place,
        _is_replaced,
        _goes,
        _is_synced,
        _is_quarantined,
        _is_doubted,
        _is_forgotten,
    ]
)
PATHS = st.sampled_from([LogPath(f"{name}.md") for name in ("a", "b", "b/c", "d", "é", "z")])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    events=st.lists(st.tuples(EVENTS, PATHS, st.integers(1, 3)), max_size=12),
    absent=st.sets(PATHS, max_size=2),
    piece=st.integers(1, 4),
)
def test_what_is_familiar_is_never_what_has_changed(
    states: tuple[Store, Store],
    events: list[tuple[Callable[[Life, LogPath, int], None], LogPath, int]],
    absent: set[LogPath],
    piece: int,
) -> None:
    """Whatever happens to a log, or to what is remembered of it: a scan tells what a look would have told."""
    store, beside = states
    with store.transaction() as connection:
        connection.execute("DELETE FROM pages")
    life = Life(store, beside, Familiar(store))
    for name in ("a", "b", "b/c", "d", "é"):
        path = LogPath(f"{name}.md")
        store.save(_record(path, Stamp(10, 20, 30)))
        if path not in absent:
            life.disk[path] = Stamp(10, 20, 30)
    for happens, path, number in [(_left_alone, LogPath("a.md"), 0), *events]:
        happens(life, path, number)
        for _ in range(2):
            seen = life.scanned(piece=piece, familiar=life.familiar)
            assert seen == life.scanned(piece=piece, familiar=None)


def _asked(store: Store, familiar: Familiar, stamps: Mapping[LogPath, Stamp]) -> Counter[str]:
    """Return what one scan asks the database; each log is in step."""
    asked: Counter[str] = Counter()
    store.connection.set_trace_callback(lambda statement: asked.update([" ".join(statement.split())]))
    comparison = Comparison(store, edition=EDITION, familiar=familiar)
    for piece in in_pieces([Found(LogPath(f"{path}"), *stamps[path]) for path in sorted(stamps)]):
        assert comparison.out_of_step(piece) == {}
    assert comparison.absent() == ()
    store.connection.set_trace_callback(None)
    return asked


def test_a_scan_after_no_change_reads_no_row(states: tuple[Store, Store]) -> None:
    """It asks once for each piece whether anything has changed, and once what comes after the last log."""
    store, _ = states
    with store.transaction() as connection:
        connection.execute("DELETE FROM pages")
    count = 2 * PIECE + 1
    stamps = {LogPath(f"{number:04}.md"): Stamp(number, 2**62 + number, 2**62) for number in range(count)}
    store.save_all(_record(path, stamp) for path, stamp in stamps.items())
    familiar = Familiar(store)
    first, second = (_asked(store, familiar, stamps) for _ in range(2))
    assert first.total() - first[ASKS_WHETHER_ANYTHING_CHANGED] == 4
    (last,) = set(second) - {ASKS_WHETHER_ANYTHING_CHANGED}
    assert second == {ASKS_WHETHER_ANYTHING_CHANGED: 3, last: 1}
    assert f"path > '{max(stamps)}'" in last
