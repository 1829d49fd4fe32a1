"""The state database as a file: how it is opened, read and changed, whatever it holds."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from sync.state.database import damaged, log_ahead, open_database, translated
from sync.state.migrations import has_known_shape, is_current, migrate

DATABASE_NAME = "state.db"


class StateFile:
    """An open state database. A change is on disk when its method returns, unless it is a light one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open the database in the state directory, making both where they are missing.

        Raises:
            StateUnusable: It cannot be made, read or written, is damaged, or is of a newer version.
        """
        with translated(directory), ExitStack() as unless_returned:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = directory / DATABASE_NAME
            os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
            connection = unless_returned.enter_context(closing(open_database(path)))
            log_ahead(connection)
            migrate(connection)
            unless_returned.pop_all()
        return cls(connection)

    @classmethod
    def open_existing(cls, directory: Path) -> Self | None:
        """Open the database beside the process that owns it, for reading; None when there is none yet.

        One of an older version is left as it is, as that process may be older too: a copy is migrated.

        Raises:
            StateUnusable: It cannot be read, is damaged, or is of a newer version.
        """
        path = directory / DATABASE_NAME
        with translated(directory), ExitStack() as unless_returned:
            if not path.exists():
                return None
            connection = unless_returned.enter_context(closing(open_database(path)))
            if is_current(connection):
                unless_returned.pop_all()
                return cls(connection)
        return cls.copy_of(directory)

    @classmethod
    def copy_of(cls, directory: Path) -> Self:
        """Return a copy of the database in memory, for what must leave no trace.

        Where there is no database yet, the copy is empty, and no database is made.
        """
        with translated(directory):
            copy = open_database(Path(":memory:"))
            path = directory / DATABASE_NAME
            if path.exists():
                with closing(open_database(path)) as original:
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
        """Read through the database quickly; raise StateDamaged when it is damaged."""
        with translated(None):
            (verdict,) = self.connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise damaged(f"The state database is damaged: {verdict}")
        if not has_known_shape(self.connection):
            raise damaged("The state database is damaged: its tables are not those of this version")

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
        """Return all rows of a query; damage that only a read comes across is reported like any other."""
        with translated(None):
            return self.connection.execute(statement, values).fetchall()

    def select_one(self, statement: str, values: Sequence[object] = ()) -> sqlite3.Row | None:
        """Return the first row of a query; None when there is none."""
        return next(iter(self.select(statement, values)), None)

    def fact(self, name: str) -> str | None:
        """Return a remembered fact; None when it never was."""
        row = self.select_one("SELECT value FROM facts WHERE name = ?", (name,))
        return None if row is None else str(row["value"])

    def remember(self, name: str, value: str) -> None:
        """Remember a fact in place of its last value; one that has not changed costs no write."""
        if self.fact(name) == value:
            return
        with self.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def version(self) -> int:
        """Return a number that changes whenever another process has changed the database."""
        ((version,),) = self.select("PRAGMA data_version")
        return int(version)

    def changes(self) -> tuple[int, int]:
        """Return what differs whenever this process or another one has changed the database."""
        return self.version(), self.connection.total_changes
