"""Open the state at start, replacing a damaged one by a new one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import structlog

from sync.errors import StateDamaged
from sync.state.database import translated
from sync.state.state_file import DATABASE_NAME
from sync.state.store import Store

log = structlog.get_logger("daemon")


def open_state(directory: Path, *, now: datetime) -> Store:
    """Open the state database for the process that holds its lock.

    A damaged database is moved aside and replaced by an empty one: all pages are found again by their
    keys, and none is made twice.

    Raises:
        StateUnusable: The database cannot be created, read or written, or is of a newer version.
    """
    try:
        return _checked(directory)
    except StateDamaged as damage:
        _move_aside(directory, now=now, damage=damage)
        return _checked(directory)


@contextmanager
def damage_set_aside(directory: Path, *, now: Callable[[], datetime]) -> Iterator[None]:
    """Move the state aside if it turns out to be damaged while in use, so that the next start replaces it.

    The caller holds the lock, and closes the state within this context.
    """
    try:
        yield
    except (StateDamaged, ExceptionGroup) as trouble:
        if (damage := _damage_in(trouble)) is not None:
            _move_aside(directory, now=now(), damage=damage)
        raise


def _damage_in(trouble: StateDamaged | ExceptionGroup[Exception]) -> StateDamaged | None:
    if isinstance(trouble, StateDamaged):
        return trouble
    for each in trouble.exceptions:
        if isinstance(each, StateDamaged | ExceptionGroup) and (damage := _damage_in(each)) is not None:
            return damage
    return None


def _checked(directory: Path) -> Store:
    store = Store.open(directory)
    try:
        store.check()
    except BaseException:
        store.close()
        raise
    return store


def _move_aside(directory: Path, *, now: datetime, damage: StateDamaged) -> None:
    """Rename the database and its companion files; nothing is deleted."""
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    aside = directory / f"{DATABASE_NAME}.damaged-{stamp}"
    for suffix in ("", "-wal", "-shm"):
        with translated(directory), suppress(FileNotFoundError):
            (directory / f"{DATABASE_NAME}{suffix}").rename(f"{aside}{suffix}")
    log.warning("state.damaged", what=damage.what, moved_to=str(aside))
