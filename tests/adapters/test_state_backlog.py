"""The pending work: one row a log, nothing lost, the most urgent first."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.names import LogPath
from sync.state.backlog import Backlog
from sync.state.migrations import migrate
from sync.state.records import Pending
from sync.state.store import Store

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
LIVE, BACKFILL = 0, 1


def _later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def _paths(*names: str) -> Sequence[LogPath]:
    return [LogPath(name) for name in names]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new state."""
    with Store.open(tmp_path) as store:
        yield store


@pytest.fixture
def backlog(store: Store) -> Backlog:
    """An empty list."""
    return Backlog(store)


def _in_memory() -> Store:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    migrate(connection)
    return Store(connection)


def _due(backlog: Backlog, at: float = 0, *, limit: int = 100, working: Sequence[LogPath] = ()) -> list[str]:
    return [item.path for item in backlog.due(now=_later(at), limit=limit, working=working)]


def test_a_thousand_touches_are_one_piece_of_work(backlog: Backlog) -> None:
    """However often a log is reported, it is worked on once."""
    backlog.touch(_paths(*["a.md"] * 1_000), lane=LIVE, now=NOW)
    assert backlog.count() == 1
    (item,) = backlog.due(now=NOW, limit=10, working=())
    backlog.done(item)
    assert backlog.count() == 0
    assert backlog.next_due(working=()) is None


def test_the_list_outlives_the_process(tmp_path: Path) -> None:
    """What was to be done is still to be done after a restart."""
    with Store.open(tmp_path) as store:
        Backlog(store).touch(_paths("a.md"), lane=LIVE, now=NOW)
    with Store.open(tmp_path) as store:
        assert _due(Backlog(store)) == ["a.md"]


def test_a_touch_during_the_work_is_not_lost(backlog: Backlog) -> None:
    """Finishing work on an older sight of a log leaves the newer one on the list, due at once."""
    backlog.touch(_paths("a.md"), lane=LIVE, now=NOW)
    (item,) = backlog.due(now=NOW, limit=1, working=())
    backlog.touch(_paths("a.md"), lane=LIVE, now=_later(1))
    backlog.done(item)
    assert _due(backlog, 1) == ["a.md"]
    (newer,) = backlog.due(now=_later(1), limit=1, working=())
    backlog.done(newer)
    assert backlog.count() == 0


def test_postponing_keeps_a_newer_touch_due(backlog: Backlog) -> None:
    """A failure on an older sight does not delay the newer one, nor count against it."""
    backlog.touch(_paths("a.md"), lane=LIVE, now=NOW)
    (item,) = backlog.due(now=NOW, limit=1, working=())
    backlog.touch(_paths("a.md"), lane=LIVE, now=_later(1))
    backlog.postpone(item, due_at=_later(300), what="x", hint="", failed=True)
    (newer,) = backlog.due(now=_later(1), limit=1, working=())
    assert (newer.attempts, newer.what) == (0, "")


def test_postponed_work_comes_back_at_its_time(backlog: Backlog) -> None:
    """Not before, with its failures counted; a touch makes it due at once and forgets them."""
    backlog.touch(_paths("a.md"), lane=LIVE, now=NOW)
    for attempts in (1, 2):
        (item,) = backlog.due(now=_later(1_000), limit=1, working=())
        backlog.postpone(item, due_at=_later(60), what="no", hint="wait", failed=True)
        assert _due(backlog, 59) == []
        assert backlog.next_due(working=()) == _later(60)
        (again,) = backlog.due(now=_later(60), limit=1, working=())
        assert (again.attempts, again.what, again.hint) == (attempts, "no", "wait")
    assert [each.path for each in backlog.failing()] == ["a.md"]
    backlog.touch(_paths("a.md"), lane=LIVE, now=_later(2))
    (touched,) = backlog.due(now=_later(2), limit=1, working=())
    assert touched.attempts == 0


def test_noting_leaves_a_failure_its_turn(backlog: Backlog) -> None:
    """A scan that finds a log still different does not hammer Notion with it."""
    backlog.touch(_paths("a.md"), lane=BACKFILL, now=NOW)
    (item,) = backlog.due(now=NOW, limit=1, working=())
    backlog.postpone(item, due_at=_later(60), what="no", hint="", failed=True)
    backlog.note(_paths("a.md", "b.md"), lane=BACKFILL, now=_later(1))
    assert _due(backlog, 1) == ["b.md"]
    (item,) = [each for each in backlog.due(now=_later(60), limit=9, working=()) if each.path == "a.md"]
    assert item.attempts == 1


def test_live_changes_go_first_and_the_newest_of_them(backlog: Backlog) -> None:
    """By lane; in the live lane the newest first, in the others by path; a log never falls back a lane."""
    backlog.touch(_paths("3.md", "1.md", "2.md"), lane=BACKFILL, now=NOW)
    for second, name in enumerate(("x.md", "z.md", "y.md"), 1):
        backlog.touch(_paths(name), lane=LIVE, now=_later(second))
    backlog.touch(_paths("2.md"), lane=LIVE, now=_later(9))
    backlog.note(_paths("y.md"), lane=BACKFILL, now=_later(9))
    assert backlog.count(lane=LIVE) == 4
    assert _due(backlog, 9) == ["y.md", "z.md", "x.md", "2.md", "1.md", "3.md"]


def test_what_is_being_worked_on_is_not_handed_out_twice(backlog: Backlog) -> None:
    """The limit counts what is handed out, not what is passed over."""
    backlog.touch(_paths("a.md", "b.md", "c.md"), lane=BACKFILL, now=NOW)
    assert _due(backlog, limit=2, working=_paths("a.md")) == ["b.md", "c.md"]
    assert backlog.next_due(working=_paths("a.md", "b.md", "c.md")) is None
    assert backlog.waiting(frozenset(_paths("a.md", "z.md"))) == 1


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["touch", "note", "take", "done", "postpone"]),
            st.sampled_from(["a.md", "b.md"]),
        ),
        max_size=30,
    )
)
def test_a_touched_log_stays_on_the_list_until_work_that_began_later_is_done(
    events: list[tuple[str, str]],
) -> None:
    """A log is on the list while its last touch was not worked off, whatever the order."""
    with _in_memory() as store:
        backlog = Backlog(store)
        taken: dict[str, tuple[Pending, bool]] = {}
        owed: set[str] = set()
        for second, (event, path) in enumerate(events):
            items = {item.path: item for item in backlog.due(now=_later(10_000), limit=9, working=())}
            match event:
                case "touch":
                    backlog.touch(_paths(path), lane=LIVE, now=_later(second))
                    owed.add(path)
                    if path in taken:
                        taken[path] = (taken[path][0], False)
                case "note":
                    backlog.note(_paths(path), lane=BACKFILL, now=_later(second))
                    owed.add(path)
                case "take" if path in items:
                    taken[path] = (items[LogPath(path)], True)
                case "done" if path in taken:
                    item, is_newest = taken.pop(path)
                    backlog.done(item)
                    if is_newest:
                        owed.discard(path)
                case "postpone" if path in taken:
                    item, _ = taken.pop(path)
                    backlog.postpone(item, due_at=_later(500), what="", hint="", failed=True)
                case _:
                    pass
            held = {item.path for item in backlog.due(now=_later(10_000), limit=9, working=())}
            assert held == owed


def test_finding_the_next_work_takes_no_longer_when_more_waits(store: Store, backlog: Backlog) -> None:
    """Both questions of the worker's loop are answered by an index, in order: nothing is sorted."""
    backlog.touch(_paths(*[f"{number}.md" for number in range(50)]), lane=BACKFILL, now=NOW)
    connection = store.connection
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    backlog.due(now=NOW, limit=3, working=_paths("1.md"))
    backlog.next_due(working=_paths("1.md"))
    connection.set_trace_callback(None)
    for statement in statements:
        plan = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert not any("TEMP B-TREE" in step for step in plan), plan
        assert all("INDEX" in step for step in plan), plan
