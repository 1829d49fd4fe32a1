"""Give a backfill's work to the daemon that is already running, and watch it being done."""

import asyncio
from collections.abc import Mapping, Sequence

from daemon.backfill.alone import GIVE_UP_AFTER
from daemon.backfill.progress import Progress, Show
from daemon.backfill.tally import PATIENCE, Summary
from daemon.clock import utc_now
from daemon.config.settings import Settings, edition_of
from daemon.lock import holder
from daemon.outage import outage
from daemon.stopping import unless
from daemon.watching.compare import Judgement, chunks, judged
from daemon.watching.paths import Selection
from sync.errors import AccessLost
from sync.names import LogPath
from sync.notion.limiter import Lane
from sync.plan import Absent, Uncertain
from sync.state.backlog import Backlog
from sync.state.records import PageRecord, Standing
from sync.state.store import Store

_LOOK = 0.3
"""Seconds between two looks at how far the daemon is."""


async def hand_over(
    settings: Settings, store: Store, typed: Sequence[str], *, stop: asyncio.Event, show: Show
) -> Summary | None:
    """Put what differs on the daemon's list and wait until it is worked off.

    Return None when the daemon ended meanwhile; what it did not do stays on the list.

    Args:
        settings: Those that the daemon has, too.
        store: The state, beside the daemon.
        typed: What the person named.
        stop: Ends the waiting early; the daemon works on.
        show: Told of the progress.

    Raises:
        AccessLost: The daemon can write no page before a person has done something.
    """
    started, backlog = utc_now(), Backlog(store)
    before: dict[LogPath, PageRecord | None] = {}
    unchanged = 0
    for chunk in chunks(Selection(settings.logs_dir, typed).found()):
        judgements = judged(chunk, store, edition=edition_of(settings))
        different = [path for path, judgement in judgements.items() if judgement is Judgement.DIFFERS]
        unchanged += sum(judgement is Judgement.IN_STEP for judgement in judgements.values())
        known = store.pages(different)
        before.update((path, known.get(path)) for path in different)
        backlog.note(different, lane=Lane.BACKFILL, now=started)
    total = len(before) + unchanged
    while (waiting := _waiting(backlog, before)) and not stop.is_set():
        if holder(settings.state_dir) is None:
            return None
        trouble = outage(store)
        if trouble is not None and trouble.needs_a_person:
            seconds = max(0.0, (trouble.until - utc_now()).total_seconds())
            raise AccessLost(
                trouble.what, f"{trouble.hint}. The daemon tries again by itself in {seconds:.0f} s"
            )
        if trouble is not None and utc_now() - trouble.since > GIVE_UP_AFTER:
            break
        show(Progress(total, total - waiting, trouble.what if trouble else "the daemon works on it"))
        await unless(stop, asyncio.sleep(_LOOK))
    seconds = (utc_now() - started).total_seconds()
    return _summary(before, store, unchanged=unchanged, failed=backlog.waiting(before), seconds=seconds)


def _waiting(backlog: Backlog, before: Mapping[LogPath, object]) -> int:
    """Count the logs that the daemon has still to do, without those that it fails at again and again."""
    hopeless = {item.path for item in backlog.failing() if item.attempts >= PATIENCE}
    return backlog.waiting(before.keys() - hopeless)


def _summary(
    before: dict[LogPath, PageRecord | None], store: Store, *, unchanged: int, failed: int, seconds: float
) -> Summary:
    after = [(earlier, store.page(path)) for path, earlier in before.items()]
    standings = [record.standing for _, record in after if record is not None]
    in_step = [
        (earlier, record)
        for earlier, record in after
        if record is not None and record.standing is Standing.TRACKED and record.content_hash
    ]
    created = sum(earlier is None or _had_no_page(earlier) for earlier, _ in in_step)
    updated = sum(
        earlier is not None and not _had_no_page(earlier) and earlier.synced_at != record.synced_at
        for earlier, record in in_step
    )
    return Summary(
        created=created,
        updated=updated,
        unchanged=unchanged + len(in_step) - created - updated,
        adopted=0,
        trashed=standings.count(Standing.TRASHED),
        quarantined=standings.count(Standing.QUARANTINED),
        failed=failed,
        requests=0,
        seconds=seconds,
    )


def _had_no_page(record: PageRecord) -> bool:
    """Tell whether there was no page, or its create was under way."""
    match record.page:
        case Absent() | Uncertain(page_id=None):
            return True
        case _:
            return False
