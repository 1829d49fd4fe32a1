"""The state store: durable knowledge of pages and pending work, none of a log's text."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sync.errors import StateUnusable
from sync.names import LogPath, PageId
from sync.state.migrations import migrate
from sync.state.records import PageRecord, Standing, moment, to_record, to_row

DATABASE_NAME = "state.db"

_LIGHT = (
    "path, page_id, url, content_hash, edition, properties, NULL AS outline, settles_at,"
    " size, mtime_ns, inode, standing, what, hint, since, synced_at"
)
_SAVE = """
    INSERT INTO pages VALUES (
        :path, :page_id, :url, :content_hash, :edition, :properties, :outline, :settles_at,
        :size, :mtime_ns, :inode, :standing, :what, :hint, :since, :synced_at)
    ON CONFLICT (path) DO UPDATE SET
        page_id = excluded.page_id, url = excluded.url, content_hash = excluded.content_hash,
        edition = excluded.edition, properties = excluded.properties, outline = excluded.outline,
        settles_at = excluded.settles_at, size = excluded.size, mtime_ns = excluded.mtime_ns,
        inode = excluded.inode, standing = excluded.standing, what = excluded.what, hint = excluded.hint,
        since = excluded.since, synced_at = excluded.synced_at
"""


class Store:
    """An open state database. Every change is on the disk when its method returns."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open the database in the state directory, making both where they are missing.

        Raises:
            StateUnusable: It cannot be made, read or written, is damaged, or is of a newer version.
        """
        with _translated(directory):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = directory / DATABASE_NAME
            os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
            connection = _connect(path)
            connection.execute("PRAGMA journal_mode = WAL")
            migrate(connection)
        return cls(connection)

    @classmethod
    def open_existing(cls, directory: Path) -> "Store | None":
        """Open the database beside the process that owns it; None when there is none yet."""
        path = directory / DATABASE_NAME
        if not path.exists():
            return None
        with _translated(directory):
            connection = _connect(path)
            migrate(connection)
        return cls(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self.connection.close()

    def check(self) -> None:
        """Read through the database quickly; raise StateUnusable when it is damaged."""
        with _translated(None):
            (verdict,) = self.connection.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise sqlite3.DatabaseError(verdict)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Make several changes at once: all of them, or none."""
        with _translated(None):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    def page(self, path: LogPath) -> PageRecord | None:
        """Return what is remembered of a log."""
        row = self.connection.execute("SELECT * FROM pages WHERE path = ?", (path,)).fetchone()
        return row and to_record(row)

    def pages(self, paths: Sequence[LogPath]) -> Mapping[LogPath, PageRecord]:
        """Return what is remembered of several logs, without their outlines."""
        marks = ",".join("?" * len(paths))
        rows = self.connection.execute(
            f"SELECT {_LIGHT} FROM pages WHERE path IN ({marks})",  # noqa: S608 - column names and question marks
            tuple(paths),
        )
        return {LogPath(row["path"]): to_record(row) for row in rows}

    def path_of(self, page_id: PageId) -> LogPath | None:
        """Return the log that a page belongs to."""
        row = self.connection.execute("SELECT path FROM pages WHERE page_id = ?", (page_id,)).fetchone()
        return row and LogPath(row["path"])

    def save(self, record: PageRecord) -> None:
        """Remember a log."""
        self.save_all((record,))

    def save_all(self, records: Iterable[PageRecord]) -> None:
        """Remember several logs at once."""
        with self.transaction() as connection:
            connection.executemany(_SAVE, map(to_row, records))

    def forget_pages(self) -> None:
        """Forget which page belongs to which log, as after a change of the database."""
        with self.transaction() as connection:
            connection.execute(
                "UPDATE pages SET page_id = NULL, url = '', content_hash = NULL, edition = NULL,"
                " properties = NULL, outline = NULL, settles_at = NULL, size = NULL, mtime_ns = NULL,"
                " inode = NULL, standing = 'tracked', what = '', hint = ''",
            )

    def standing(self, standing: Standing) -> tuple[PageRecord, ...]:
        """Return the logs that are treated in one way, longest first."""
        rows = self.connection.execute(
            "SELECT * FROM pages WHERE standing = ? ORDER BY since", (standing.value,)
        )
        return tuple(map(to_record, rows))

    def last_sync(self) -> datetime | None:
        """Return when a page was last brought in step."""
        (latest,) = self.connection.execute("SELECT MAX(synced_at) FROM pages").fetchone()
        return None if latest is None else moment(latest)

    def fact(self, name: str) -> str | None:
        """Return a remembered fact."""
        row = self.connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return row and str(row["value"])

    def remember(self, name: str, value: str) -> None:
        """Remember a fact; the latest value counts."""
        with self.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def version(self) -> int:
        """Return a number that changes whenever another process has changed the database."""
        (version,) = self.connection.execute("PRAGMA data_version").fetchone()
        return int(version)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA synchronous = FULL")
    return connection


@contextmanager
def _translated(directory: Path | None) -> Iterator[None]:
    """Turn what SQLite and the system say into words for a person."""
    place = f"The state directory {directory}" if directory else "The state database"
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StateUnusable(
            f"{place} cannot be used: {error}",
            "Check free space and permissions; a damaged state may be moved away, pages are found again",
        ) from error
    except OSError as error:
        raise StateUnusable(
            f"{place} cannot be used: {error.strerror}",
            "Make it writable for this user, or set AI_TRACES_STATE_DIR to a directory that is",
        ) from error
