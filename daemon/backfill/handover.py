"""Give a backfill's work to the daemon that is already running, and watch it being done."""

import asyncio
from collections.abc import Sequence

from daemon.backfill.progress import Progress, Show
from daemon.backfill.tally import Summary
from daemon.config.settings import Settings
from daemon.lock import holder
from daemon.session import edition_of, utc_now
from daemon.watching.compare import Judgement, chunks, judged
from daemon.watching.paths import select
from sync.errors import AlreadyRunning
from sync.names import LogPath
from sync.notion.limiter import Lane
from sync.plan import Absent
from sync.state.backlog import Backlog
from sync.state.records import PageRecord, Standing
from sync.state.store import Store

_LOOK = 0.3
"""Seconds between two looks at how far the daemon is."""


async def hand_over(settings: Settings, store: Store, typed: Sequence[str], *, show: Show) -> Summary:
    """Put what differs on the daemon's list and wait until it is worked off.

    Raises:
        AlreadyRunning: The daemon ended meanwhile; what it did not do stays on the list.
    """
    started, backlog = utc_now(), Backlog(store)
    before: dict[LogPath, PageRecord | None] = {}
    unchanged = 0
    for chunk in chunks(select(settings.logs_dir, typed)):
        judgements = judged(chunk, store, edition=edition_of(settings))
        different = [path for path, judgement in judgements.items() if judgement is Judgement.DIFFERS]
        unchanged += sum(judgement is Judgement.IN_STEP for judgement in judgements.values())
        known = store.pages(different)
        before.update((path, known.get(path)) for path in different)
        backlog.note(different, lane=Lane.BACKFILL, now=started)
    while waiting := backlog.waiting(before):
        show(Progress(len(before) + unchanged, len(before) + unchanged - waiting, "the daemon works on it"))
        if holder(settings.state_dir) is None:
            raise AlreadyRunning(
                "The daemon that was to do the work has ended",
                "Run the backfill again; it goes on where it was",
            )
        await asyncio.sleep(_LOOK)
    return _summary(before, store, unchanged=unchanged, seconds=(utc_now() - started).total_seconds())


def _summary(
    before: dict[LogPath, PageRecord | None], store: Store, *, unchanged: int, seconds: float
) -> Summary:
    after = [(earlier, store.page(path)) for path, earlier in before.items()]
    standings = [record.standing for _, record in after if record is not None]
    in_step = [
        (earlier, record)
        for earlier, record in after
        if record is not None and record.standing is Standing.TRACKED and record.content_hash
    ]
    created = sum(earlier is None or earlier.page == Absent() for earlier, _ in in_step)
    updated = sum(
        earlier is not None and earlier.page != Absent() and earlier.synced_at != record.synced_at
        for earlier, record in in_step
    )
    return Summary(
        created=created,
        updated=updated,
        unchanged=unchanged + len(in_step) - created - updated,
        adopted=0,
        trashed=standings.count(Standing.TRASHED),
        quarantined=standings.count(Standing.QUARANTINED),
        failed=0,
        requests=0,
        seconds=seconds,
    )
