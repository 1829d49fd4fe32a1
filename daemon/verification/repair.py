"""Mend what an audit has found, by the same reconciliation as everything else."""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace

from daemon.breaker import Open
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
    """What became of the further pages of logs.

    Attributes:
        trashed: How many went to the trash.
        kept: Those that hold something of a person's, by their URL: she decides.
    """

    trashed: int
    kept: tuple[str, ...]


def put_on_list(store: Store, findings: Findings) -> tuple[LogPath, ...]:
    """Put on the list what reconciling mends, and return it."""
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
    """Tell whether the page may be otherwise than we left it; where only the file changed, it is not."""
    if path in {*findings.edited, *findings.duplicate, *findings.missing}:
        return True
    record = store.page(path)
    left = "" if record is None else record.content_hash
    return path in findings.stale and all(row.content_hash != left for row in findings.pages[path])


async def work_off(session: Session, paths: Collection[LogPath], *, stop: asyncio.Event) -> None:
    """Reconcile what is on the list for these logs, as long as Notion lets us and nobody stops it.

    Raises:
        AccessLost: No page can be written before a person has done something.
    """
    worker = session.worker

    def enough() -> bool:
        refused = isinstance(worker.breaker, Open) and worker.breaker.access
        return refused or not session.backlog.waiting(paths) or _all_postponed(session, paths)

    await worker.work(stop, enough=enough)
    if isinstance(worker.breaker, Open) and worker.breaker.access:
        raise AccessLost(worker.breaker.what, worker.breaker.hint)


def _all_postponed(session: Session, paths: Collection[LogPath]) -> bool:
    """Tell whether nothing is due any more: what waits for a guard or a person is left to the next look."""
    due = session.backlog.due(now=utc_now(), limit=1, working=())
    return not any(item.path in paths for item in due) and not isinstance(session.worker.breaker, Open)


async def wait_for_daemon(
    session: Session, store: Store, paths: Collection[LogPath], *, stop: asyncio.Event
) -> None:
    """Wait until the running daemon has worked off the list for these logs, or a person stops it.

    Raises:
        AccessLost: The daemon can write no page before a person has done something.
        AlreadyRunning: It has ended meanwhile.
    """
    ending = await done_by_daemon(
        session.settings.state_dir,
        store,
        paths,
        stop=stop,
        settle=lambda _path, _off_the_list: None,
        show=lambda _trouble: None,
    )
    if ending is Ending.DAEMON_ENDED:
        raise AlreadyRunning(
            "The daemon that was to mend it has ended", "Run `ai-traces verify --repair` again"
        )


async def trash_duplicates(session: Session, store: Store, findings: Findings) -> Copies:
    """Move the further pages of a log to the trash, those excepted that hold something of hers."""
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
    """Tell whether a further page is out of the way; move it to the trash if it is a plain copy."""
    gateway = session.gateway
    applier = await session.reconciler.applier(path, Lane.CHECK)
    with suppress(PageGone):
        if (await gateway.retrieve_page(row.page_id, lane=Lane.CHECK)).in_trash:
            return True
        if applier is None or of is None:
            return False
        if not await is_plain_copy(gateway, row.page_id, applier.draft, of=of, lane=Lane.CHECK):
            return False
        await gateway.set_in_trash(row.page_id, in_trash=True, lane=Lane.CHECK)
    return True
