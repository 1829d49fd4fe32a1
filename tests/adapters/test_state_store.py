"""The state store: durable, all or nothing, exact, and small."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import StateFull
from sync.files import Stamp
from sync.names import BlockId, Digest, LogPath, PageId
from sync.planning.outline import Outline, OwnedBlock
from sync.planning.page_state import Absent, PageState, Synced, Uncertain
from sync.state.backlog import Backlog
from sync.state.records import PageRecord, Standing, to_record, to_row
from sync.state.store import Store
from tests.worlds.page_records import NOW, record_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new store."""
    with Store.open(tmp_path / "state") as store:
        yield store


def test_a_commit_is_on_the_disk_before_it_returns(store: Store) -> None:
    """WAL keeps readers going; synchronous=FULL makes each commit survive a power cut."""
    (mode,) = store.connection.execute("PRAGMA journal_mode").fetchone()
    (synchronous,) = store.connection.execute("PRAGMA synchronous").fetchone()
    assert (mode, synchronous) == ("wal", 2)


def test_only_what_a_scan_finds_again_does_not_wait_for_the_disk(store: Store) -> None:
    """The commit of a log that was heard is light; what follows is durable again, also after a failure."""
    statements: list[str] = []
    store.connection.set_trace_callback(statements.append)
    Backlog(store).hear([LogPath("a.md")], lane=0, now=NOW)
    with pytest.raises(RuntimeError), store.light_transaction():
        raise RuntimeError
    store.connection.set_trace_callback(None)
    begins = [statements[at - 1] for at, said in enumerate(statements) if said.startswith("BEGIN")]
    assert begins == ["PRAGMA synchronous = NORMAL"] * 2
    (synchronous,) = store.connection.execute("PRAGMA synchronous").fetchone()
    assert synchronous == 2


@pytest.mark.parametrize("count", [0, 1, 899, 900, 901, 2_000])
def test_any_number_of_logs_can_be_asked_for_at_once(store: Store, count: int) -> None:
    """An older SQLite takes few values in one query; a scan has more logs than that."""
    store.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
    paths = [LogPath(f"{number:04}.md") for number in range(count)]
    store.save_all(map(record_of, paths))
    assert list(store.pages([*paths, LogPath("unknown.md")])) == paths


def test_a_full_disk_is_called_by_its_name(tmp_path: Path) -> None:
    """What went wrong is told, not what followed from it; with room again, work goes on."""
    with Store.open(tmp_path) as store:
        (pages,) = store.connection.execute("PRAGMA page_count").fetchone()
        store.connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StateFull, match="full"):
            store.save_all(replace(record_of(f"{number}.md"), what="x" * 2_000) for number in range(100))
        store.connection.execute(f"PRAGMA max_page_count = {pages + 1_000}")
        store.save(record_of("a.md"))
        assert [record.path for record in store.known()] == ["a.md"]


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    """All of several changes, or none."""

    def failing() -> Iterator[PageRecord]:
        yield record_of("a.md")
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        store.save_all(failing())
    assert store.page(LogPath("a.md")) is None
    store.save(record_of("a.md"))
    assert store.page(LogPath("a.md")) is not None


def test_what_is_saved_outlives_the_process(tmp_path: Path) -> None:
    """Records and facts are read back by the next one; the latest counts."""
    with Store.open(tmp_path) as store:
        store.remember("colour", "red")
        store.remember("colour", "blue")
        store.save(record_of("a.md"))
        store.save(record_of("a.md", Synced(PageId("p"), "f", ())))
    with Store.open(tmp_path) as store:
        assert store.fact("colour") == "blue"
        assert store.fact("shape") is None
        assert store.page(LogPath("a.md")) == record_of("a.md", Synced(PageId("p"), "f", ()))
        assert store.path_of(PageId("p")) == "a.md"


def test_another_process_is_noticed(tmp_path: Path) -> None:
    """The version changes by another connection's write, and not by our own."""
    with Store.open(tmp_path) as ours, Store.open(tmp_path) as theirs:
        before = ours.version()
        ours.save(record_of("a.md"))
        assert ours.version() == before
        theirs.save(record_of("b.md"))
        assert ours.version() != before


def test_paths_are_told_apart_to_the_letter(store: Store) -> None:
    """Two paths that differ in case alone are two logs."""
    store.save_all((record_of("a.md"), record_of("A.md", Synced(PageId("p"), None, None))))
    assert store.page(LogPath("a.md")) == record_of("a.md")
    assert set(store.pages([LogPath("a.md"), LogPath("A.md"), LogPath("á.md")])) == {"a.md", "A.md"}


def test_forgetting_the_pages_keeps_the_logs(store: Store) -> None:
    """After a change of the database no page, no outline and no doubt of the old one is left."""
    doubt = Uncertain(None, NOW + timedelta(seconds=65))
    trashed = record_of("a.md", Synced(PageId("p"), "f", ()))
    store.save_all((
        replace(trashed, standing=Standing.TRASHED, what="x", url="u"),
        record_of("b.md", doubt),
    ))  # fmt: skip
    store.forget_pages()
    for path in ("a.md", "b.md"):
        record = store.page(LogPath(path))
        assert record == record_of(path)


owned_blocks: st.SearchStrategy[OwnedBlock] = st.deferred(
    lambda: st.builds(
        OwnedBlock,
        st.none() | st.text(min_size=1).map(BlockId),
        st.text(min_size=1),
        st.text(min_size=1),
        st.none() | outlines,
    )
)
outlines: st.SearchStrategy[Outline] = st.lists(owned_blocks, max_size=3).map(tuple)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive by contract
page_ids = st.text(min_size=1).map(PageId)


@given(
    page=st.one_of(
        st.just(Absent()),
        st.builds(Synced, page_ids, st.none() | st.text(min_size=1), st.none() | outlines),
        st.builds(Uncertain, st.none() | page_ids, moments, st.none() | owned_blocks),
    ),
    standing=st.sampled_from(Standing),
    stamp=st.none() | st.builds(Stamp, *[st.integers(0, 2**63 - 1)] * 3),
    content_hash=st.none() | st.just(Digest("0" * 64)),
    words=st.text(),
    moment=moments,
)
def test_a_record_is_read_back_as_it_was_saved(
    page: PageState,
    standing: Standing,
    stamp: Stamp | None,
    content_hash: Digest | None,
    words: str,
    moment: datetime,
) -> None:
    """Every state of a page, and every outline however deep, survives the way to its row and back."""
    record = PageRecord(
        path=LogPath(f"{words}.md"),
        page=page,
        url=words,
        content_hash=content_hash,
        edition=words,
        stamp=stamp,
        standing=standing,
        what=words,
        hint=words,
        since=moment,
        synced_at=moment,
    )
    assert to_record({**to_row(record), "doubts": 0}) == record


def test_a_large_outline_is_kept_small(store: Store) -> None:
    """A thousand blocks take less than a hundred bytes each."""
    outline: Outline = tuple(
        OwnedBlock(BlockId(f"{number:036}"), "paragraph", "f" * 20) for number in range(1_000)
    )
    store.save(record_of("a.md", Synced(PageId("p"), "f", outline)))
    (size,) = store.connection.execute("SELECT length(outline) FROM pages").fetchone()
    assert size < 100_000
    assert store.page(LogPath("a.md")) == record_of("a.md", Synced(PageId("p"), "f", outline))
