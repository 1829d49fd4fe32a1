"""Give a backfill's work to the daemon that is already running, and watch it being done."""

import asyncio
from collections.abc import Collection

from daemon.backfill.listing import portions
from daemon.backfill.progress import Progress, ShowProgress
from daemon.backfill.tally import LogResult, Summary, Tally
from daemon.clock import utc_now
from daemon.config.settings import Settings
from daemon.delegation import Ending, done_by_daemon
from daemon.session import rules_of
from daemon.watching.paths import Selection
from sync.departure import OnFileDeleted
from sync.names import LogPath, PageId
from sync.planning.page_state import page_id_of
from sync.rules import Rules
from sync.state.backlog import Backlog
from sync.state.put_off import put_off
from sync.state.records import ADOPTED, PageRecord, Standing
from sync.state.store import Store


async def hand_over(
    settings: Settings, store: Store, typed: Collection[str], *, stop: asyncio.Event, show: ShowProgress
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
    started, rules, tally = utc_now(), rules_of(settings), Tally()
    before = _listed(store, Selection(settings.logs_dir, tuple(typed)), rules, tally)
    pages = {page_id for record in before.values() if (page_id := _page_id(record)) is not None}

    def settle(path: LogPath, off_the_list: bool) -> None:  # noqa: FBT001 - as it is told
        record = store.page(path)
        tally.note_result(
            path, _result_of(before[path], record, pages, rules) if off_the_list else LogResult.FAILED
        )

    def tell(trouble: str) -> None:
        show(Progress(tally.total, tally.total - tally.open, trouble or "the daemon works on it"))

    ending = await done_by_daemon(
        settings.state_dir, store, before.keys(), stop=stop, settle=settle, show=tell
    )
    if ending is Ending.DAEMON_ENDED:
        return None
    return tally.summary(
        unread=put_off(store),
        stopped=ending is Ending.STOPPED,
        requests=0,
        seconds=(utc_now() - started).total_seconds(),
    )


def _listed(
    store: Store, selection: Selection, rules: Rules, tally: Tally
) -> dict[LogPath, PageRecord | None]:
    """Put what differs on the daemon's list; return what the state remembers of it until now."""
    before: dict[LogPath, PageRecord | None] = {}
    for portion in portions(store, selection, rules):
        tally.add(portion.judgements.items())
        known = store.pages(portion.different)
        before.update((path, known.get(path)) for path in portion.different)
        Backlog(store).touch(portion.different, lane=portion.lane, now=utc_now())
    tally.miss(selection.unseen())
    return before


def _result_of(
    before: PageRecord | None, after: PageRecord | None, pages: Collection[PageId], rules: Rules
) -> LogResult:
    """Tell what has become of a log that the daemon is done with.

    Args:
        before: What was remembered of it when it was listed.
        after: What is remembered of it now.
        pages: Those that all the listed logs had: a renamed log takes its page along.
        rules: Say what becomes of the page of a log that is gone.
    """
    if after is None:
        return LogResult.GONE
    match after.standing:
        case Standing.QUARANTINED:
            return LogResult.QUARANTINED
        case Standing.TRASHED:
            return LogResult.TRASHED
        case Standing.DEPARTED:
            return LogResult.GONE if rules.on_file_deleted is OnFileDeleted.KEEP else LogResult.TRASHED
        case Standing.TRACKED if after.content_hash:
            return _in_step(before, after, pages)
        case _:
            return LogResult.FAILED


def _in_step(before: PageRecord | None, after: PageRecord, pages: Collection[PageId]) -> LogResult:
    if _page_id(after) not in pages:
        return LogResult.CREATED
    if before is None or before.content_hash != after.content_hash:
        return LogResult.UPDATED
    if before.edition == ADOPTED:
        return LogResult.ADOPTED
    return LogResult.UNCHANGED if before.synced_at == after.synced_at else LogResult.UPDATED


def _page_id(record: PageRecord | None) -> PageId | None:
    return None if record is None else page_id_of(record.page)
