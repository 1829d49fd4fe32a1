"""What the stamps alone tell of a log and its page."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.watching.compare import Comparison, Judgement, by_lane
from daemon.watching.scan import PIECE, Found
from sync.files import Stamp
from sync.names import Digest, LogPath, PageId
from sync.notion.limiter import Lane
from sync.planning.page_state import Absent, PageState, Synced, Uncertain
from sync.state.records import PageRecord, Standing
from sync.state.store import Store
from tests.worlds.scanned import in_pieces

NOW = datetime(2026, 1, 10, tzinfo=UTC)
PAGE = PageId("p")
HASH = Digest("0" * 64)
STAMP, OTHER = Stamp(10, 20, 30), Stamp(10, 21, 30)
EDITION = "1-a"
STATES: tuple[PageState, ...] = (
    Absent(),
    Synced(PAGE, None, None),
    Synced(PAGE, "f", ()),
    Uncertain(None, NOW + timedelta(seconds=9)),
    Uncertain(PAGE, NOW + timedelta(seconds=9)),
)
PATHS = st.text("ab/.é", min_size=1, max_size=4)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty state."""
    with Store.open(tmp_path) as opened:
        yield opened


def _every_record() -> Iterator[PageRecord]:
    choices = product(Standing, STATES, (None, HASH), ("", EDITION, "0-z"), (None, STAMP, OTHER))
    for number, (standing, page, content_hash, edition, stamp) in enumerate(choices):
        yield PageRecord(
            path=LogPath(f"{number}.md"),
            page=page,
            content_hash=content_hash,
            edition=edition,
            stamp=stamp,
            standing=standing,
            since=NOW,
        )


def _expected(record: PageRecord) -> Judgement:
    """Say it in words that know nothing of indexes."""
    dealt_with = record.stamp == STAMP and record.edition == EDITION
    written = record.content_hash is not None and isinstance(record.page, Synced)
    if record.standing is Standing.TRASHED:
        return Judgement.TRASHED
    if record.standing is Standing.QUARANTINED and dealt_with:
        return Judgement.QUARANTINED
    if record.standing is Standing.TRACKED and dealt_with and written:
        return Judgement.IN_STEP
    if record.standing is Standing.TRACKED and record.stamp == STAMP and written:
        return Judgement.OUTDATED
    return Judgement.DIFFERS


def test_a_log_is_in_step_only_when_all_that_is_remembered_says_so(store: Store) -> None:
    """Every combination of standing, page, hash, edition and stamp, and a log that nothing is known of."""
    records = {record.path: record for record in _every_record()}
    store.save_all(records.values())
    expected = {path: _expected(record) for path, record in records.items()}
    assert set(expected.values()) == set(Judgement)
    expected[LogPath("new.md")] = Judgement.DIFFERS
    seen: dict[LogPath, Judgement] = {}
    comparison = Comparison(store, edition=EDITION)
    for piece in in_pieces([Found(path, *STAMP) for path in sorted(expected)]):
        seen.update(comparison.judged(piece))
    assert seen == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    remembered=st.dictionaries(PATHS, st.sampled_from(Standing)),
    found=st.sets(PATHS),
    piece=st.integers(1, 4),
)
def test_what_the_scan_has_not_come_across_is_absent(
    store: Store, remembered: dict[str, Standing], found: set[str], piece: int
) -> None:
    """However a scan is cut up: what is missing is told at its end, unless its page has left."""
    with store.transaction() as connection:
        connection.execute("DELETE FROM pages")
    store.save_all(
        PageRecord(
            path=LogPath(path),
            page=Synced(PAGE, None, None),
            content_hash=HASH,
            edition=EDITION,
            stamp=STAMP,
            standing=standing,
            since=NOW,
        )
        for path, standing in remembered.items()
    )
    comparison, ordered = Comparison(store, edition=EDITION), sorted(found)
    for begin in range(0, len(ordered), piece):
        comparison.judged([Found(LogPath(path), *STAMP) for path in ordered[begin : begin + piece]])
    left = {Standing.TRASHED, Standing.DEPARTED, Standing.UNWANTED}
    expected = {path for path, standing in remembered.items() if standing not in left} - found
    assert sorted(comparison.absent()) == sorted(expected)


def test_the_order_of_the_scan_is_kept(store: Store) -> None:
    """What differs goes on the list in the order in which it was found."""
    paths = [LogPath(f"{number}.md") for number in (1, 2, 3)]
    judgements = Comparison(store, edition=EDITION).judged([Found(path, *STAMP) for path in paths])
    assert by_lane(judgements) == {Lane.BACKFILL: tuple(paths), Lane.CHECK: ()}


def test_a_scan_of_logs_in_step_reads_their_index_alone(store: Store) -> None:
    """One query a piece and one at the end, and none of the long rows."""
    count = 2 * PIECE
    records: Mapping[LogPath, PageRecord] = {
        LogPath(f"{number:04}.md"): PageRecord(
            path=LogPath(f"{number:04}.md"),
            page=Synced(PAGE, "f", ()),
            content_hash=HASH,
            edition=EDITION,
            stamp=STAMP,
            since=NOW,
        )
        for number in range(count)
    }
    store.save_all(records.values())
    statements: list[str] = []
    store.connection.set_trace_callback(statements.append)
    comparison = Comparison(store, edition=EDITION)
    for piece in in_pieces([Found(path, *STAMP) for path in records]):
        assert not any(by_lane(comparison.judged(piece)).values())
    assert comparison.absent() == ()
    store.connection.set_trace_callback(None)
    assert len(statements) == 3
    plan = store.connection.execute(f"EXPLAIN QUERY PLAN {statements[0]}").fetchall()
    assert any("COVERING INDEX pages_by_stamp" in row["detail"] for row in plan), [
        row["detail"] for row in plan
    ]
