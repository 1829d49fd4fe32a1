"""Link the page of each log in a pattern back to the hand-off that tells of it."""

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
from sync.patterns.handoff.log_patterns import patterns_by_log
from sync.reconcile import Reconciler
from sync.rules import Rules
from sync.state.backlinks import Backlinks
from sync.state.backlog import Backlog
from sync.state.store import Store


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """How the pages of logs link to a hand-off.

    Attributes:
        address: The address of the hand-off's page.
        property_id: The property that holds the links.
    """

    address: str
    property_id: str


@dataclass(frozen=True, slots=True)
class Linked:
    """What became of the pages whose links the hand-off changes.

    Attributes:
        done: The number of pages that are up to date.
        listed: The number of pages that are on the daemon's list.
        by_daemon: Whether the daemon is running and works on them.
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
    target: LinkTarget,
    now: Callable[[], datetime],
) -> Linked:
    """Link the pages of logs in a pattern to the hand-off, and unlink those of logs that have left it.

    The links are recorded first and the logs put on the list, where a running daemon does the rest. Without
    one it is done here; what is cut short is done by the next daemon or the next publication.

    Args:
        state_dir: The state directory.
        rules: The rules of reconciliation.
        gateway: The connected gateway.
        handoff: The hand-off.
        target: How pages link to it.
        now: Returns the current time.

    Raises:
        StateUnusable: The links cannot be recorded.
    """
    try:
        with StateLock(state_dir), open_state(state_dir, now=now()) as store:
            todo = _remembered(store, handoff, target, now=now())
            await _written(store, Reconciler(rules, store, gateway, now), todo)
            left = Backlog(store).waiting(todo)
            return Linked(done=len(todo) - left, listed=left, by_daemon=False)
    except AlreadyRunning:
        with Store.open(state_dir) as store:
            todo = _remembered(store, handoff, target, now=now())
            return Linked(done=0, listed=len(todo), by_daemon=True)


def _remembered(store: Store, handoff: Handoff, target: LinkTarget, *, now: datetime) -> Collection[LogPath]:
    told = {
        path: Links(tuple(Link(line, target.address) for line in lines))
        for path, lines in patterns_by_log(handoff).items()
    }
    read = [log.path for log in handoff.extraction.window.logs]
    todo = Backlinks(store).tell(told, read=read, into=target.property_id)
    Backlog(store).touch(todo, lane=Lane.BACKFILL, now=now)
    return todo


async def _written(store: Store, reconciler: Reconciler, todo: Collection[LogPath]) -> None:
    """Sync the logs one by one; what fails stays on the list for the daemon."""
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
