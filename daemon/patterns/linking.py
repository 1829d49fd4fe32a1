"""The way back: the page of each log that is in a pattern leads to the hand-off that tells of it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from daemon.presence.lock import StateLock
from daemon.state_dir import open_state
from sync.errors import AccessLost, AlreadyRunning, StateUnusable, SyncError, Transient
from sync.names import LogPath
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.page.draft import Link, Links
from sync.patterns.handoff.handoff import Handoff
from sync.patterns.handoff.told import told_of
from sync.reconcile import Reconciler
from sync.rules import Rules
from sync.state.backlinks import Backlinks
from sync.state.backlog import Backlog
from sync.state.store import Store


@dataclass(frozen=True, slots=True)
class Way:
    """The way from the pages of logs to a hand-off.

    Attributes:
        address: Where its page is.
        property_id: Of the property that holds the links.
    """

    address: str
    property_id: str


@dataclass(frozen=True, slots=True)
class Linked:
    """What became of the pages of logs whose patterns a hand-off tells otherwise than the one before.

    Attributes:
        done: Pages that say so now.
        listed: Pages that are on the daemon's list.
        by_daemon: It is at work, and does them now.
    """

    done: int
    listed: int
    by_daemon: bool


async def link_back(
    state_dir: Path,
    rules: Rules,
    gateway: Gateway,
    handoff: Handoff,
    *,
    way: Way,
    now: Callable[[], datetime],
) -> Linked:
    """Let the pages of logs in a pattern lead to its hand-off, and no longer those of logs that have left it.

    What each page is to say is remembered first, and its log put on the list: a daemon that is at work does
    the rest. Where none is, it is done here; what is cut short is done by the next daemon or the next time.

    Args:
        state_dir: The state directory of the logs' pages.
        rules: What the settings say.
        gateway: Connected.
        handoff: The hand-off.
        way: To its page.
        now: Tells the time.

    Raises:
        StateUnusable: Nothing can be remembered.
    """
    try:
        with StateLock(state_dir), open_state(state_dir, now=now()) as store:
            todo = _remembered(store, handoff, way, now=now())
            await _written(store, Reconciler(rules, store, gateway, now), todo)
            left = Backlog(store).waiting(todo)
            return Linked(done=len(todo) - left, listed=left, by_daemon=False)
    except AlreadyRunning:
        with Store.open(state_dir) as store:
            todo = _remembered(store, handoff, way, now=now())
            return Linked(done=0, listed=len(todo), by_daemon=True)


def _remembered(store: Store, handoff: Handoff, way: Way, *, now: datetime) -> Collection[LogPath]:
    told = {
        path: Links(tuple(Link(line, way.address) for line in lines))
        for path, lines in told_of(handoff).items()
    }
    read = [log.path for log in handoff.extraction.window.logs]
    todo = Backlinks(store).tell(told, read=read, into=way.property_id)
    Backlog(store).touch(todo, lane=Lane.BACKFILL, now=now)
    return todo


async def _written(store: Store, reconciler: Reconciler, todo: Collection[LogPath]) -> None:
    """Bring pages in step one by one; one that cannot be is left on the list, where the daemon finds it."""
    backlog = Backlog(store)
    listed = backlog.listed()
    for path in todo:
        try:
            end = await reconciler.reconcile(path, Lane.BACKFILL)
        except (Transient, AccessLost, StateUnusable):
            return
        except SyncError:
            continue
        if end.until is None:
            backlog.done(listed[path])
