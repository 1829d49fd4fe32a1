"""Wait until the running daemon has worked off the logs on its list."""

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from pathlib import Path

from daemon.clock import utc_now
from daemon.presence.pulse import Outage, at_work
from daemon.stopping import unless
from sync.errors import AccessLost
from sync.names import LogPath
from sync.state.backlog import Backlog
from sync.state.records import Pending, Standing
from sync.state.store import Store

PATIENCE = 3
"""Failed attempts after which nobody waits for a log any longer."""

GIVE_UP_AFTER = timedelta(minutes=10)
"""How long Notion may be unreachable before the waiting ends; the logs stay on the list."""

_LOOK = 0.2
"""Seconds between two looks at the daemon's progress."""


class Ending(StrEnum):
    """Why the waiting ended."""

    DONE = "done"
    """Every log is dealt with, as far as that is possible without a person."""
    STOPPED = "stopped"
    UNREACHABLE = "unreachable"
    """Notion was unreachable for too long; the daemon goes on trying."""
    DAEMON_ENDED = "daemon ended"


class Dealt(Enum):
    """How the daemon has dealt with a log."""

    WORKED_OFF = auto()
    """It is off the list."""
    STUCK = auto()
    """It stays on the list: it waits for a person, or fails again and again."""


async def done_by_daemon(
    state_dir: Path,
    store: Store,
    paths: Collection[LogPath],
    *,
    stop: asyncio.Event,
    settle: Callable[[LogPath, Dealt], None],
    show: Callable[[str], None],
) -> Ending:
    """Wait until the daemon has dealt with these logs.

    Args:
        state_dir: The daemon's state directory.
        store: The state, opened beside the daemon.
        paths: The logs to wait for; all are on the daemon's list.
        stop: Ends the waiting early; the daemon goes on.
        settle: Called once for each log that is dealt with.
        show: Called several times a second with what keeps the daemon from working; empty if nothing does.

    Raises:
        AccessLost: The daemon can write no page before a person has done something.
    """
    backlog, left = Backlog(store), set(paths)
    while True:
        listed, working = backlog.listed(), at_work(state_dir)
        trouble = None if working is None or working.pulse is None else working.pulse.outage
        for path in sorted(left - listed.keys()):
            settle(path, Dealt.WORKED_OFF)
        stuck = {path for path in left & listed.keys() if _is_stuck(listed[path], store, trouble)}
        for path in sorted(stuck):
            settle(path, Dealt.STUCK)
        left &= listed.keys() - stuck
        if not left:
            return Ending.DONE
        if working is None and not stop.is_set():
            return Ending.DAEMON_ENDED
        if (ending := _interrupted(trouble, stop)) is not None:
            return ending
        show("" if trouble is None else trouble.what)
        await unless(stop, asyncio.sleep(_LOOK))


def _interrupted(trouble: Outage | None, stop: asyncio.Event) -> Ending | None:
    if stop.is_set():
        return Ending.STOPPED
    if trouble is not None and trouble.needs_a_person:
        seconds = _seconds_until(trouble.until)
        raise AccessLost(trouble.what, f"{trouble.hint}. The daemon tries again by itself in {seconds:.0f} s")
    if trouble is not None and utc_now() - trouble.since > GIVE_UP_AFTER:
        return Ending.UNREACHABLE
    return None


def _is_stuck(item: Pending, store: Store, trouble: Outage | None) -> bool:
    """Tell whether a log stays on the list: its departure is held back, or it fails again and again."""
    if trouble is None and item.attempts >= PATIENCE:
        return True
    if item.due_at <= utc_now():
        return False
    record = store.page(item.path)
    return record is not None and record.standing is Standing.VANISHED and bool(record.what)


def _seconds_until(moment: datetime) -> float:
    return max(0.0, (moment - utc_now()).total_seconds())
