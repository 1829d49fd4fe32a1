"""The database file below the state store: how it is opened, and what its failures are for a person."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from sync.errors import StateDamaged, StateUnusable

_CACHE_KILOBYTES = 512
"""Enough for what is asked often; the daemon keeps it for good, and a quarter of SQLite's own choice."""

_DAMAGE = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))


@retry(
    retry=retry_if_exception_type(sqlite3.OperationalError),
    stop=stop_after_delay(5),
    wait=wait_fixed(0.02),
    reraise=True,
)
def log_ahead(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging. SQLite does not wait by itself when two processes do that at once."""
    connection.execute("PRAGMA journal_mode = WAL")


def connect(path: Path) -> sqlite3.Connection:
    """Open a database whose commits are on the disk when they return."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KILOBYTES}")
    return connection


@contextmanager
def translated(directory: Path | None) -> Iterator[None]:
    """Turn what SQLite and the system say into words for a person."""
    place = f"The state directory {directory}" if directory else "The state database"
    try:
        yield
    except sqlite3.DatabaseError as error:
        kind = StateDamaged if error.sqlite_errorcode in _DAMAGE else StateUnusable
        raise kind(
            f"{place} cannot be used: {error}",
            "Check free space and permissions; a damaged state may be moved away, pages are found again",
        ) from error
    except OSError as error:
        raise StateUnusable(
            f"{place} cannot be used: {error.strerror}",
            "Make it writable for this user, or set AI_TRACES_STATE_DIR to a directory that is",
        ) from error
