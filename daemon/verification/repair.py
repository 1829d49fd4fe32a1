"""Mend what an audit has found, by the same reconciliation as everything else."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from daemon.breaker import Open
from daemon.clock import utc_now
from daemon.delegation import Ending, done_by_daemon
from daemon.session import Session
from sync.comparison.audit import Findings
from sync.comparison.duplicates import is_plain_copy
from sync.errors import AccessLost, AlreadyRunning, PageGone
from sync.names import LogPath
from sync.notion.limiter import Lane
from sync.notion.model import PageRow
from sync.planning.page_state import Synced
from sync.state.backlog import Backlog
from sync.state.records import ADOPTED, PageRecord, Standing
from sync.state.store import Store


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What became of the pages that a log has too many of.

    Attributes:
        trashed: How many went to the trash.
        kept: Those that hold something of a person's, by their URL: she decides.
    """

    trashed: int
    kept: tuple[str, ...]


def mark(store: Store, findings: Findings) -> tuple[LogPath, ...]:
    """Put on the list what reconciling mends, and return it; the page that stays is the oldest one."""
    now = utc_now()
    paths = tuple(path for path in findings.paths if path not in findings.quarantined)
    for path in paths:
        if (pages := findings.pages.get(path)) is None:
            continue
        record = store.page(path)
        if record is None or _tracks_another(record, pages):
            store.save(_tracking(path, pages[0], now))
        elif record.standing is Standing.TRASHED:  # she has taken the page out again
            store.save(replace(record, standing=Standing.TRACKED, what="", hint="", since=now))
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


def _tracking(path: LogPath, row: PageRow, now: datetime) -> PageRecord:
    page = Synced(row.page_id, None, None)
    return PageRecord(path=path, page=page, url=row.url, edition=ADOPTED, since=now)


def _tracks_another(record: PageRecord, pages: tuple[PageRow, ...]) -> bool:
    """Tell whether the page that we know is there but not the oldest."""
    known = record.page.page_id if isinstance(record.page, Synced) else None
    return known != pages[0].page_id and any(row.page_id == known for row in pages)


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


async def trash_duplicates(session: Session, findings: Findings) -> Duplicates:
    """Move all pages of a log but the oldest to the trash, those excepted that hold something of hers."""
    trashed, kept = 0, []
    for path in findings.duplicate:
        applier = await session.reconciler.applier(path, Lane.CHECK)
        for row in findings.pages[path][1:]:
            try:
                if applier and await is_plain_copy(
                    session.gateway, row.page_id, applier.draft, lane=Lane.CHECK
                ):
                    await session.gateway.set_in_trash(row.page_id, in_trash=True, lane=Lane.CHECK)
                    trashed += 1
                else:
                    kept.append(row.url or row.page_id)
            except PageGone:
                continue
    return Duplicates(trashed, tuple(kept))
