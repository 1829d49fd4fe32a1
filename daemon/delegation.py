"""Wait for work that is on the list of the daemon that is already running."""

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from enum import StrEnum
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
"""Attempts at a log that fails for a reason of its own, until nobody waits for it any longer."""

GIVE_UP_AFTER = timedelta(minutes=10)
"""How long Notion may stay out of reach; the list is kept, and who comes next goes on with it."""

_LOOK = 0.2
"""Seconds between two looks at how far the daemon is."""


class Ending(StrEnum):
    """Why the waiting ended."""

    DONE = "done"
    """With every log, or as far as it goes without a person."""
    STOPPED = "stopped"
    UNREACHABLE = "unreachable"
    """Notion was out of reach for too long; the daemon goes on trying."""
    DAEMON_ENDED = "daemon ended"


async def done_by_daemon(
    state_dir: Path,
    store: Store,
    paths: Collection[LogPath],
    *,
    stop: asyncio.Event,
    settle: Callable[[LogPath, bool], None],
    show: Callable[[str], None],
) -> Ending:
    """Wait until the daemon has dealt with these logs.

    Args:
        state_dir: Its state directory.
        store: The state, beside the daemon.
        paths: Logs that are on its list.
        stop: Ends the waiting early; the daemon works on.
        settle: Told once of each log that is dealt with, and whether it is off the list: what is held back
            for a person, or fails again and again, is not.
        show: Told now and then what keeps the daemon from working; empty when nothing does.

    Raises:
        AccessLost: The daemon can write no page before a person has done something.
    """
    backlog, left = Backlog(store), set(paths)
    while True:
        listed, working = backlog.listed(), at_work(state_dir)
        trouble = None if working is None or working.pulse is None else working.pulse.outage
        for path in sorted(left - listed.keys()):
            settle(path, True)  # noqa: FBT003 - the callback says what it is
        hopeless = {path for path in left & listed.keys() if _is_hopeless(listed[path], store, trouble)}
        for path in sorted(hopeless):
            settle(path, False)  # noqa: FBT003 - same
        left &= listed.keys() - hopeless
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


def _is_hopeless(item: Pending, store: Store, trouble: Outage | None) -> bool:
    """Tell whether a log stays on the list: its departure is held back, or it fails again and again."""
    if trouble is None and item.attempts >= PATIENCE:
        return True
    if item.due_at <= utc_now():
        return False
    record = store.page(item.path)
    return record is not None and record.standing is Standing.VANISHED and bool(record.what)


def _seconds_until(moment: datetime) -> float:
    return max(0.0, (moment - utc_now()).total_seconds())
