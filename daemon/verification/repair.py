"""Repair the differences that were found, by the same reconciliation as everything else."""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace

from daemon.breaker import FailureCause, Open
from daemon.clock import utc_now
from daemon.delegation import Ending, done_by_daemon
from daemon.session import Session
from sync.comparison.differences import Findings
from sync.convergence.duplicates import is_plain_copy, tracking
from sync.errors import AccessLost, AlreadyRunning, PageGone
from sync.names import LogPath, PageId
from sync.notion.limiter import Lane
from sync.notion.model import PageRow
from sync.planning.page_state import Absent, page_id_of
from sync.state.backlog import Backlog
from sync.state.duplicates import Duplicate, Duplicates
from sync.state.records import Standing
from sync.state.store import Store


@dataclass(frozen=True, slots=True)
class Copies:
    """What became of surplus pages of logs.

    Attributes:
        trashed: How many were moved to the trash.
        kept: The URLs of those that hold something that a person wrote, so that she has to decide.
    """

    trashed: int
    kept: tuple[str, ...]


def put_on_list(store: Store, findings: Findings) -> tuple[LogPath, ...]:
    """Put on the list, and return, the logs that reconciling can repair."""
    now = utc_now()
    paths = tuple(path for path in findings.paths if path not in findings.quarantined)
    for path in paths:
        if (pages := findings.pages.get(path)) is None:
            continue
        record = store.page(path)
        if record is None or record.page == Absent():
            store.save(record := tracking(path, pages[0], now))
        elif record.standing is Standing.TRASHED:  # she has taken the page out again
            store.save(replace(record, standing=Standing.TRACKED, what="", hint="", since=now))
        known = page_id_of(record.page)
        others = [Duplicate(path, row.page_id, row.url) for row in pages if row.page_id != known]
        Duplicates(store).settle(path, ())
        Duplicates(store).add(others if known else ())
    store.doubt([path for path in paths if _is_in_doubt(path, findings, store)])
    Backlog(store).touch(paths, lane=Lane.BACKFILL, now=now)
    return paths


def _is_in_doubt(path: LogPath, findings: Findings, store: Store) -> bool:
    """Return whether the page may have changed, rather than only the file."""
    if path in {*findings.edited, *findings.duplicate, *findings.missing}:
        return True
    record = store.page(path)
    left = "" if record is None else record.content_hash
    return path in findings.stale and all(row.content_hash != left for row in findings.pages[path])


async def work_off(session: Session, paths: Collection[LogPath], *, stop: asyncio.Event) -> None:
    """Reconcile these logs until they are off the list, nothing more is due, or somebody stops it.

    Raises:
        AccessLost: No page can be written until a person acts.
    """
    worker = session.worker

    def refusal() -> FailureCause | None:
        breaker = worker.breaker
        return breaker.cause if isinstance(breaker, Open) and breaker.cause.needs_a_person else None

    def enough() -> bool:
        return bool(refusal()) or not session.backlog.waiting(paths) or _all_postponed(session, paths)

    await worker.work(stop, enough=enough)
    if (cause := refusal()) is not None:
        raise AccessLost(cause.what, cause.hint)


def _all_postponed(session: Session, paths: Collection[LogPath]) -> bool:
    """Return whether none of these logs is due now; those that wait for a later time are left to others."""
    due = session.backlog.due(now=utc_now(), limit=1, working=())
    return not any(item.path in paths for item in due) and not isinstance(session.worker.breaker, Open)


async def wait_for_daemon(
    session: Session, store: Store, paths: Collection[LogPath], *, stop: asyncio.Event
) -> None:
    """Wait until the running daemon has worked off these logs, or a person stops the waiting.

    Raises:
        AccessLost: The daemon cannot write any page until a person acts.
        AlreadyRunning: The daemon has ended meanwhile.
    """
    ending = await done_by_daemon(
        session.settings.state_dir,
        store,
        paths,
        stop=stop,
        settle=lambda _path, _dealt: None,
        show=lambda _trouble: None,
    )
    if ending is Ending.DAEMON_ENDED:
        raise AlreadyRunning(
            "The daemon that was to mend it has ended", "Run `ai-traces verify --repair` again"
        )


async def trash_duplicates(session: Session, store: Store, findings: Findings) -> Copies:
    """Move surplus pages of logs to the trash, except those that hold something that a person wrote."""
    trashed, places = 0, list[str]()
    for path in findings.duplicate:
        record = store.page(path)
        known = None if record is None else page_id_of(record.page)
        others = [row for row in findings.pages[path] if row.page_id != known]
        kept = [row for row in others if not await _is_away(session, path, row, of=known)]
        Duplicates(store).settle(path, [Duplicate(path, row.page_id, row.url) for row in kept])
        trashed += len(others) - len(kept)
        places.extend(row.url or row.page_id for row in kept)
    return Copies(trashed, tuple(places))


async def _is_away(session: Session, path: LogPath, row: PageRow, *, of: PageId | None) -> bool:
    """Move a surplus page to the trash if it is a plain copy; return whether it is gone now."""
    gateway = session.gateway
    draft = await session.reconciler.draft(path)
    with suppress(PageGone):
        if (await gateway.retrieve_page(row.page_id, lane=Lane.CHECK)).in_trash:
            return True
        if draft is None or of is None:
            return False
        if not await is_plain_copy(gateway, row.page_id, draft, of=of, lane=Lane.CHECK):
            return False
        await gateway.set_in_trash(row.page_id, in_trash=True, lane=Lane.CHECK)
    return True
