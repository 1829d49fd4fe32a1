"""Open the state at a start: as it is, or anew when it is damaged."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

import structlog

from sync.errors import StateDamaged
from sync.state.state_file import DATABASE_NAME
from sync.state.store import Store

log = structlog.get_logger("daemon")


def open_state(directory: Path, *, now: datetime) -> Store:
    """Open the state database for the process that holds its lock.

    A damaged one is moved aside and begun anew: the pages are found again by their keys, none is made twice.

    Raises:
        StateUnusable: It cannot be made, read or written, or is of a newer version.
    """
    try:
        return _checked(directory)
    except StateDamaged as damage:
        aside = _move_aside(directory, now=now)
        log.warning("state.damaged", what=damage.what, moved_to=str(aside))
        return _checked(directory)


def _checked(directory: Path) -> Store:
    store = Store.open(directory)
    try:
        store.check()
    except BaseException:
        store.close()
        raise
    return store


def _move_aside(directory: Path, *, now: datetime) -> Path:
    """Rename the database and what belongs to it; nothing is deleted."""
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    aside = directory / f"{DATABASE_NAME}.damaged-{stamp}"
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            (directory / f"{DATABASE_NAME}{suffix}").rename(f"{aside}{suffix}")
    return aside
