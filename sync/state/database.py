"""The database file below the state store: how it is opened, and what its failures are for a person."""

import errno
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from sync.errors import StateDamaged, StateFull, StateUnusable

P = ParamSpec("P")
T = TypeVar("T")

_CACHE_KILOBYTES = 512
"""Enough for what is asked often; the daemon keeps it for good, and a quarter of SQLite's own choice."""

_PATIENCE, _PAUSE = 5.0, 0.02
"""Seconds until it is given up to wait for another process, and between two attempts."""

_PRIMARY = 0xFF
"""What an extended error code has in common with all of its kind, such as damage to an index."""

_DAMAGE = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))

# SHMSIZE: the index of the write-ahead log could not be made as large as it has to be, even for reading.
_FULL = frozenset((sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE))


_NONSENSE = (ArithmeticError, LookupError, OSError, TypeError, ValueError, zlib.error)
"""What a value that was never written by us may raise when it is read."""


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
        if _is_damage(error):
            raise damaged(f"{place} is damaged: {error}") from error
        if error.sqlite_errorcode in _FULL:
            raise full(place) from error
        raise StateUnusable(
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


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    if isinstance(error, sqlite3.OperationalError) and not hasattr(error, "sqlite_errorcode"):
        return True  # SQLite was content with it, and Python found a text that is none
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & _PRIMARY in _DAMAGE


def damaged(what: str) -> StateDamaged:
    """Return that the state does not make sense any more, and what becomes of that."""
    return StateDamaged(
        what,
        "The next start of `ai-traces run` or `ai-traces backfill` moves it aside and begins anew, and all "
        "pages are found again; a service that has ended starts by itself",
    )


def sensible(read: Callable[P, T]) -> Callable[P, T]:
    """Have a function that reads stored values tell of damage where one of them makes no sense."""

    @wraps(read)
    def reading(*args: P.args, **named: P.kwargs) -> T:
        try:
            return read(*args, **named)
        except _NONSENSE as error:
            raise damaged(f"The state database is damaged: a value in it makes no sense ({error})") from error

    return reading


def has_no_room(error: OSError) -> bool:
    """Tell whether the disk, or what this user may take of it, is used up."""
    return error.errno in {errno.ENOSPC, errno.EDQUOT}


def full(place: str) -> StateFull:
    """Return that nothing can be written to a place: its disk is full."""
    return StateFull(
        f"{place} cannot be written to: its disk is full",
        "Make room on its disk, or set AI_TRACES_STATE_DIR to another one",
    )
