"""The database file below the state store: how it is opened, and what its failures are for a person."""

import errno
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sync.errors import StateDamaged, StateFull, StateUnusable

_CACHE_KILOBYTES = 512
"""Enough for what is asked often; the daemon keeps it for good, and a quarter of SQLite's own choice."""

_PATIENCE, _PAUSE = 5.0, 0.02
"""Seconds until it is given up to wait for another process, and between two attempts."""

_DAMAGE = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))

# SHMSIZE: the index of the write-ahead log could not be made as large as it has to be, even for reading.
_FULL = frozenset((sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE))


def log_ahead(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging. SQLite does not wait by itself when two processes do that at once."""
    # `status` opens the state, too, and would wait longer for a library that repeats than for this.
    give_up = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(_PAUSE)
        else:
            return


def open_database(path: Path) -> sqlite3.Connection:
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
        if error.sqlite_errorcode in _FULL:
            raise full(place) from error
        kind = StateDamaged if error.sqlite_errorcode in _DAMAGE else StateUnusable
        raise kind(
            f"{place} cannot be used: {error}",
            "Check free space and permissions; a damaged state may be moved away, pages are found again",
        ) from error
    except OSError as error:
        if has_no_room(error):
            raise full(place) from error
        raise StateUnusable(
            f"{place} cannot be used: {error.strerror}",
            "Make it writable for this user, or set AI_TRACES_STATE_DIR to a directory that is",
        ) from error


def has_no_room(error: OSError) -> bool:
    """Tell whether the disk, or what this user may take of it, is used up."""
    return error.errno in {errno.ENOSPC, errno.EDQUOT}


def full(place: str) -> StateFull:
    """Return that nothing can be written to a place: its disk is full."""
    return StateFull(
        f"{place} cannot be written to: its disk is full",
        "Make room on its disk, or set AI_TRACES_STATE_DIR to another one",
    )
