"""Opening a state: private, brought to this version, refused in words where it cannot be trusted."""

import os
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sync.errors import StateDamaged, StateUnusable
from sync.names import LogPath, PageId
from sync.planning.page_state import Synced
from sync.state.database import translated
from sync.state.migrations import STEPS
from sync.state.records import Standing
from sync.state.state_file import DATABASE_NAME
from sync.state.store import Store
from tests.worlds.page_records import record_of


def _permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_else_can_read_the_state(tmp_path: Path) -> None:
    """Directory 0700, every file of the database 0600, whatever the umask."""
    before = os.umask(0)
    try:
        with Store.open(tmp_path / "state") as store:
            store.save(record_of("a.md"))
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


def test_a_page_that_she_had_put_away_stays_unwanted(tmp_path: Path) -> None:
    """Versions before the standing told such a page by the text that says so."""
    connection = sqlite3.connect(tmp_path / DATABASE_NAME, isolation_level=None)
    before = 6
    for step in STEPS[:before]:
        connection.executescript(step)
    connection.execute(f"PRAGMA user_version = {before}")
    for path, what in (("a.md", "The page was moved to Notion's trash by a person"), ("b.md", "")):
        connection.execute(
            "INSERT INTO pages (path, page_id, standing, since, what) VALUES (?, ?, 'departed', 1, ?)",
            (path, path, what),
        )
    connection.close()
    with Store.open(tmp_path) as store:
        found = {record.path: record.standing for record in store.known()}
    assert found == {"a.md": Standing.UNWANTED, "b.md": Standing.DEPARTED}


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


def test_two_processes_may_make_the_database_at_once(tmp_path: Path) -> None:
    """Whoever comes second finds it made."""
    (tmp_path / DATABASE_NAME).touch()
    with Store.open(tmp_path) as first, Store.open(tmp_path) as second:
        first.save(record_of("a.md"))
        assert second.page(LogPath("a.md")) == record_of("a.md")


@pytest.mark.parametrize("damage", ["garbage", "head", "page"])
def test_a_damaged_database_is_told_in_words(tmp_path: Path, damage: str) -> None:
    """Damage is StateUnusable wherever it is met: on opening, on checking, on reading or on writing."""
    with Store.open(tmp_path) as store:
        store.save_all(record_of(f"{number:04}.md") for number in range(2_000))
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
            store.save(record_of("0007.md"))

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


def test_several_processes_may_open_a_new_state_at_once(tmp_path: Path) -> None:
    """The first of them sets it up; the others find it as it should be."""

    def open_one(number: int) -> None:
        Store.open(tmp_path / str(number)).close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(open_one, [place // 8 for place in range(160)]))


@pytest.mark.parametrize(
    "code", [sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CORRUPT_INDEX, sqlite3.SQLITE_NOTADB], ids=str
)
def test_every_kind_of_damage_is_damage(code: int) -> None:
    """That of an index, too, which no start notices: the state is begun anew, and not every start ended."""
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorcode = code
    with pytest.raises(StateDamaged), translated(None):
        raise error
