"""The state store: durable knowledge of pages and pending work, none of a log's text."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sync.errors import StateDamaged
from sync.names import Digest, LogPath, PageId
from sync.state.database import connect, log_ahead, translated
from sync.state.migrations import is_current, migrate
from sync.state.records import PageRecord, Standing, moment, to_record, to_row

DATABASE_NAME = "state.db"
_LIGHT = (
    "path, page_id, url, content_hash, edition, properties, settles_at,"
    " size, mtime_ns, inode, standing, what, hint, since, synced_at, looked_at, edited, doubts,"
    " NULL AS outline"
)
_SAVE = """
    INSERT INTO pages (
        path, page_id, url, content_hash, edition, properties, settles_at,
        size, mtime_ns, inode, standing, what, hint, since, synced_at, looked_at, edited, outline)
    VALUES (
        :path, :page_id, :url, :content_hash, :edition, :properties, :settles_at,
        :size, :mtime_ns, :inode, :standing, :what, :hint, :since, :synced_at, :looked_at, :edited, :outline)
    ON CONFLICT (path) DO UPDATE SET
        page_id = excluded.page_id, url = excluded.url, content_hash = excluded.content_hash,
        edition = excluded.edition, properties = excluded.properties, outline = excluded.outline,
        settles_at = excluded.settles_at, size = excluded.size, mtime_ns = excluded.mtime_ns,
        inode = excluded.inode, standing = excluded.standing, what = excluded.what, hint = excluded.hint,
        since = excluded.since, synced_at = excluded.synced_at, looked_at = excluded.looked_at,
        edited = excluded.edited
"""


class Store:
    """An open state database. Every change is on the disk when its method returns, but for light ones."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open the database in the state directory, making both where they are missing.

        Raises:
            StateUnusable: It cannot be made, read or written, is damaged, or is of a newer version.
        """
        with translated(directory):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = directory / DATABASE_NAME
            os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
            connection = connect(path)
            log_ahead(connection)
            migrate(connection)
        return cls(connection)

    @classmethod
    def open_existing(cls, directory: Path) -> "Store | None":
        """Open the database beside the process that owns it, to look; None when there is none yet.

        One of an older version stays as it is, for that process may be older too: a copy is brought forward.

        Raises:
            StateUnusable: It cannot be read, is damaged, or is of a newer version.
        """
        path = directory / DATABASE_NAME
        with translated(directory), ExitStack() as unless_returned:
            if not path.exists():
                return None
            connection = unless_returned.enter_context(closing(connect(path)))
            if is_current(connection):
                unless_returned.pop_all()
                return cls(connection)
        return cls.copy_of(directory)

    @classmethod
    def copy_of(cls, directory: Path) -> Self:
        """Return a copy in memory of the database in the state directory: for what must leave no trace.

        Where there is no database yet, the copy is empty and none is made.
        """
        with translated(directory):
            copy = connect(Path(":memory:"))
            path = directory / DATABASE_NAME
            if path.exists():
                with closing(connect(path)) as original:
                    original.backup(copy)
            migrate(copy)
        return cls(copy)

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
        with translated(None):
            (verdict,) = self.connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise StateDamaged(
                f"The state database is damaged: {verdict}", "It is set up anew at the next start"
            )

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Make several changes at once: all of them, or none."""
        with translated(None):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:  # SQLite itself takes all back when the disk is full
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def light_transaction(self) -> Iterator[sqlite3.Connection]:
        """Make changes without waiting for the disk: a power failure may take them back, nothing else."""
        with translated(None):
            self.connection.execute("PRAGMA synchronous = NORMAL")
        try:
            with self.transaction() as connection:
                yield connection
        finally:
            with translated(None):
                self.connection.execute("PRAGMA synchronous = FULL")

    def select(self, statement: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        """Return all rows of a query; damage that only reading meets is told like any other."""
        with translated(None):
            return self.connection.execute(statement, values).fetchall()

    def page(self, path: LogPath) -> PageRecord | None:
        """Return what is remembered of a log."""
        row = next(iter(self.select("SELECT * FROM pages WHERE path = ?", (path,))), None)
        return None if row is None else to_record(row)

    def pages(self, paths: Sequence[LogPath]) -> Mapping[LogPath, PageRecord]:
        """Return what is remembered of several logs, without their outlines."""
        marks = ",".join("?" * len(paths))
        rows = self.select(
            f"SELECT {_LIGHT} FROM pages WHERE path IN ({marks})",  # noqa: S608 - column names and question marks
            tuple(paths),
        )
        return {LogPath(row["path"]): to_record(row) for row in rows}

    def knows(self, path: LogPath) -> bool:
        """Tell whether anything is remembered of a log, or of one below a directory."""
        row = next(
            iter(
                self.select(
                    "SELECT 1 FROM pages WHERE path = ?1 OR (path > ?1 || '/' AND path < ?1 || '0') LIMIT 1",
                    (path,),
                )
            ),
            None,
        )
        return row is not None

    def path_of(self, page_id: PageId) -> LogPath | None:
        """Return the log that a page belongs to."""
        row = next(iter(self.select("SELECT path FROM pages WHERE page_id = ?", (page_id,))), None)
        return None if row is None else LogPath(row["path"])

    def with_content(self, content_hash: Digest) -> tuple[PageRecord, ...]:
        """Return the logs whose page shows this content."""
        rows = self.select(
            "SELECT * FROM pages WHERE content_hash = ? AND page_id IS NOT NULL ORDER BY path",
            (content_hash,),
        )
        return tuple(map(to_record, rows))

    def move(self, record: PageRecord, path: LogPath) -> PageRecord:
        """Let a page belong to the same log under its new path, and return the new record.

        The page still bears the old path, so it is not in step.
        """
        moved = replace(record, path=path, content_hash=None)
        with self.transaction() as connection:
            connection.execute("DELETE FROM pages WHERE path IN (?, ?)", (record.path, path))
            connection.execute(_SAVE, to_row(moved))
        return moved

    def rename(self, records: Mapping[LogPath, PageRecord]) -> None:
        """Let pages belong to logs under other paths: records by the paths under which they were known."""
        with self.transaction() as connection:
            connection.executemany("DELETE FROM pages WHERE path = ?", ((path,) for path in records))
            connection.executemany(_SAVE, map(to_row, records.values()))

    def forget(self, path: LogPath) -> None:
        """Forget a log that has no page."""
        with self.transaction() as connection:
            connection.execute("DELETE FROM pages WHERE path = ?", (path,))

    def count(self, *standings: Standing) -> int:
        """Count the logs of these standings that have a page."""
        marks = ",".join("?" * len(standings))
        ((count,),) = self.select(
            f"SELECT COUNT(*) FROM pages WHERE page_id IS NOT NULL AND standing IN ({marks})",  # noqa: S608 - only question marks
            [standing.value for standing in standings],
        )
        return int(count)

    def edited(self) -> tuple[PageRecord, ...]:
        """Return the logs whose page shows a person's edit of ours, and is to."""
        which = "edited AND standing = 'tracked'"
        rows = self.select(f"SELECT {_LIGHT} FROM pages WHERE {which} ORDER BY path")  # noqa: S608 - column names
        return tuple(map(to_record, rows))

    def known(self) -> tuple[PageRecord, ...]:
        """Return what is remembered of every log, without the outlines."""
        return tuple(map(to_record, self.select(f"SELECT {_LIGHT} FROM pages ORDER BY path")))  # noqa: S608 - column names

    def doubt(self, paths: Iterable[LogPath]) -> None:
        """No longer take it for granted that pages are in step: the next look asks Notion."""
        with self.transaction() as connection:
            connection.executemany(
                "UPDATE pages SET content_hash = NULL, looked_at = NULL, doubts = doubts + 1 WHERE path = ?",
                ((path,) for path in paths),
            )

    def reassure(self, record: PageRecord) -> None:
        """Settle the doubts that a record had when it was read; those raised since then stay."""
        with self.transaction() as connection:
            connection.execute(
                "UPDATE pages SET doubts = max(0, doubts - ?) WHERE path = ?", (record.doubts, record.path)
            )

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
        rows = self.select("SELECT * FROM pages WHERE standing = ? ORDER BY since", (standing.value,))
        return tuple(map(to_record, rows))

    def last_sync(self) -> datetime | None:
        """Return when a page was last brought in step."""
        ((latest,),) = self.select("SELECT MAX(synced_at) FROM pages")
        return None if latest is None else moment(latest)

    def fact(self, name: str) -> str | None:
        """Return a remembered fact."""
        row = next(iter(self.select("SELECT value FROM facts WHERE name = ?", (name,))), None)
        return None if row is None else str(row["value"])

    def remember(self, name: str, value: str) -> None:
        """Remember a fact; the latest value counts."""
        with self.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def version(self) -> int:
        """Return a number that changes whenever another process has changed the database."""
        ((version,),) = self.select("PRAGMA data_version")
        return int(version)

    def changes(self) -> tuple[int, int]:
        """Return what differs whenever this process or another one has changed the database."""
        return self.version(), self.connection.total_changes
