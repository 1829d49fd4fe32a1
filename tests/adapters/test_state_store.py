"""The state store: durable, private, refusing what it cannot trust, and free of any log's text."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import StateFull, StateUnusable
from sync.files import Stamp
from sync.names import BlockId, Digest, LogPath, PageId
from sync.planning.outline import Outline, OwnedBlock
from sync.planning.page_state import Absent, PageState, Synced, Uncertain
from sync.state.backlog import Backlog
from sync.state.migrations import STEPS
from sync.state.records import PageRecord, Standing, to_record, to_row
from sync.state.state_file import DATABASE_NAME
from sync.state.store import Store

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new store."""
    with Store.open(tmp_path / "state") as store:
        yield store


def _record(path: str, page: PageState | None = None) -> PageRecord:
    return PageRecord(path=LogPath(path), page=page or Absent(), since=NOW)


def _permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


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


def test_nobody_else_can_read_the_state(tmp_path: Path) -> None:
    """Directory 0700, every file of the database 0600, whatever the umask."""
    before = os.umask(0)
    try:
        with Store.open(tmp_path / "state") as store:
            store.save(_record("a.md"))
            files = list((tmp_path / "state").iterdir())
            assert len(files) == 3
            assert {_permissions(file) for file in files} == {0o600}
        assert _permissions(tmp_path / "state") == 0o700
    finally:
        os.umask(before)


def test_an_empty_database_is_brought_to_this_version(tmp_path: Path) -> None:
    """A file that is empty, as after a death right behind its making, is no damage."""
    directory = tmp_path / "state"
    directory.mkdir()
    (directory / DATABASE_NAME).touch()
    with Store.open(directory) as store:
        (version,) = store.connection.execute("PRAGMA user_version").fetchone()
        assert version == len(STEPS)
        store.check()


def test_every_older_version_is_brought_forward_with_its_content(tmp_path: Path) -> None:
    """A database of each earlier version opens, and its records are still there."""
    for version in range(1, len(STEPS)):
        directory = tmp_path / str(version)
        directory.mkdir()
        connection = sqlite3.connect(directory / DATABASE_NAME, isolation_level=None)
        for step in STEPS[:version]:
            connection.executescript(step)
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute(
            "INSERT INTO pages (path, page_id, standing, since) VALUES ('a.md', 'p', 'tracked', 1)"
        )
        connection.close()
        with Store.open(directory) as store:
            record = store.page(LogPath("a.md"))
            assert record is not None
            assert record.page == Synced(PageId("p"), None, None)


def test_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    """A state of a newer ai-traces is not touched, and the error says what to do."""
    with Store.open(tmp_path) as store:
        store.connection.execute("PRAGMA user_version = 9999")
    before = (tmp_path / DATABASE_NAME).read_bytes()
    for opened in (Store.open, Store.open_existing):
        with pytest.raises(StateUnusable) as refusal:
            opened(tmp_path)
        assert "9999" in refusal.value.what
        assert "Upgrade" in refusal.value.hint
    assert (tmp_path / DATABASE_NAME).read_bytes() == before


def test_who_only_looks_leaves_an_older_version_as_it_is(tmp_path: Path) -> None:
    """`status` and `doctor` of a new version read the state of the daemon that still runs in the old one."""
    connection = sqlite3.connect(tmp_path / DATABASE_NAME, isolation_level=None)
    for step in STEPS[:2]:
        connection.executescript(step)
    connection.execute("PRAGMA user_version = 2")
    connection.execute(
        "INSERT INTO pages (path, page_id, standing, since) VALUES ('a.md', 'p', 'tracked', 1)"
    )
    connection.close()
    before = (tmp_path / DATABASE_NAME).read_bytes()
    store = Store.open_existing(tmp_path)
    assert store is not None
    with store:
        store.check()
        assert [record.path for record in store.known()] == ["a.md"]
    assert (tmp_path / DATABASE_NAME).read_bytes() == before


def test_a_full_disk_is_called_by_its_name(tmp_path: Path) -> None:
    """What went wrong is told, not what followed from it; with room again, work goes on."""
    with Store.open(tmp_path) as store:
        (pages,) = store.connection.execute("PRAGMA page_count").fetchone()
        store.connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StateFull, match="full"):
            store.save_all(replace(_record(f"{number}.md"), what="x" * 2_000) for number in range(100))
        store.connection.execute(f"PRAGMA max_page_count = {pages + 1_000}")
        store.save(_record("a.md"))
        assert [record.path for record in store.known()] == ["a.md"]


def test_two_processes_may_make_the_database_at_once(tmp_path: Path) -> None:
    """Whoever comes second finds it made."""
    (tmp_path / DATABASE_NAME).touch()
    with Store.open(tmp_path) as first, Store.open(tmp_path) as second:
        first.save(_record("a.md"))
        assert second.page(LogPath("a.md")) == _record("a.md")


@pytest.mark.parametrize("damage", ["garbage", "head", "page"])
def test_a_damaged_database_is_told_in_words(tmp_path: Path, damage: str) -> None:
    """Damage is StateUnusable wherever it is met: on opening, on checking, on reading or on writing."""
    with Store.open(tmp_path) as store:
        store.save_all(_record(f"{number:04}.md") for number in range(2_000))
    file = tmp_path / DATABASE_NAME
    content = bytearray(file.read_bytes())
    match damage:
        case "garbage":
            content[:] = b"not a database, " * 1000
        case "head":
            content[16:100] = bytes(84)
        case _:
            content[8192:] = b"\xa5" * (len(content) - 8192)
    file.write_bytes(content)

    def read_and_write() -> None:
        with Store.open(tmp_path) as store:
            for number in range(2_000):
                store.page(LogPath(f"{number:04}.md"))
            store.save(_record("0007.md"))

    def check() -> None:
        with Store.open(tmp_path) as store:
            store.check()

    for use in (read_and_write, check):
        with pytest.raises(StateUnusable) as failure:
            use()
        assert failure.value.hint


def test_a_state_directory_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    """A file where the directory should be is no traceback."""
    (tmp_path / "state").write_text("", encoding="utf-8")
    with pytest.raises(StateUnusable) as failure:
        Store.open(tmp_path / "state")
    assert "AI_TRACES_STATE_DIR" in failure.value.hint


def test_looking_where_no_state_can_be_is_told(tmp_path: Path) -> None:
    """`status` says what is wrong with the directory, instead of ending with a traceback."""
    with pytest.raises(StateUnusable) as failure:
        Store.open_existing(tmp_path / ("a" * 300))
    assert "AI_TRACES_STATE_DIR" in failure.value.hint


def test_looking_at_a_state_that_is_not_there_makes_none(tmp_path: Path) -> None:
    """`status` before the first run leaves nothing behind."""
    assert Store.open_existing(tmp_path / "state") is None
    assert list(tmp_path.iterdir()) == []


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    """All of several changes, or none."""

    def failing() -> Iterator[PageRecord]:
        yield _record("a.md")
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        store.save_all(failing())
    assert store.page(LogPath("a.md")) is None
    store.save(_record("a.md"))
    assert store.page(LogPath("a.md")) is not None


def test_what_is_saved_outlives_the_process(tmp_path: Path) -> None:
    """Records and facts are read back by the next one; the latest counts."""
    with Store.open(tmp_path) as store:
        store.remember("colour", "red")
        store.remember("colour", "blue")
        store.save(_record("a.md"))
        store.save(_record("a.md", Synced(PageId("p"), "f", ())))
    with Store.open(tmp_path) as store:
        assert store.fact("colour") == "blue"
        assert store.fact("shape") is None
        assert store.page(LogPath("a.md")) == _record("a.md", Synced(PageId("p"), "f", ()))
        assert store.path_of(PageId("p")) == "a.md"


def test_another_process_is_noticed(tmp_path: Path) -> None:
    """The version changes by another connection's write, and not by our own."""
    with Store.open(tmp_path) as ours, Store.open(tmp_path) as theirs:
        before = ours.version()
        ours.save(_record("a.md"))
        assert ours.version() == before
        theirs.save(_record("b.md"))
        assert ours.version() != before


def test_paths_are_told_apart_to_the_letter(store: Store) -> None:
    """Two paths that differ in case alone are two logs."""
    store.save_all((_record("a.md"), _record("A.md", Synced(PageId("p"), None, None))))
    assert store.page(LogPath("a.md")) == _record("a.md")
    assert set(store.pages([LogPath("a.md"), LogPath("A.md"), LogPath("á.md")])) == {"a.md", "A.md"}


def test_forgetting_the_pages_keeps_the_logs(store: Store) -> None:
    """After a change of the database no page, no outline and no doubt of the old one is left."""
    doubt = Uncertain(None, NOW + timedelta(seconds=65))
    store.save_all((
        replace(_record("a.md", Synced(PageId("p"), "f", ())), standing=Standing.TRASHED, what="x", url="u"),
        _record("b.md", doubt),
    ))  # fmt: skip
    store.forget_pages()
    for path in ("a.md", "b.md"):
        record = store.page(LogPath(path))
        assert record == _record(path)


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
    store.save(_record("a.md", Synced(PageId("p"), "f", outline)))
    (size,) = store.connection.execute("SELECT length(outline) FROM pages").fetchone()
    assert size < 100_000
    assert store.page(LogPath("a.md")) == _record("a.md", Synced(PageId("p"), "f", outline))


def test_several_processes_may_open_a_new_state_at_once(tmp_path: Path) -> None:
    """The first of them sets it up; the others find it as it should be."""

    def open_one(number: int) -> None:
        Store.open(tmp_path / str(number)).close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(open_one, [place // 8 for place in range(160)]))
