"""Hand a backfill's work to the running daemon and follow its progress."""

import asyncio
from collections.abc import Collection, Mapping, Sequence

from daemon.backfill.listing import put_portions_on_list
from daemon.backfill.tally import LogResult, ShowProgress, Summary, Tally
from daemon.clock import utc_now
from daemon.config.settings import Settings
from daemon.delegation import Dealt, Ending, done_by_daemon
from daemon.session import rules_of
from daemon.watching.paths import Selection
from sync.departure_decision import OnFileDeleted
from sync.names import LogPath, PageId
from sync.planning.page_state import page_id_of
from sync.rules import Rules
from sync.state.records import ADOPTED, PageRecord, Standing
from sync.state.store import Store


async def hand_over(
    settings: Settings,
    store: Store,
    tally: Tally,
    typed: Collection[str],
    *,
    stop: asyncio.Event,
    show: ShowProgress,
) -> Summary | None:
    """Put what differs on the daemon's list and wait until it is worked off.

    Return None if the daemon ends meanwhile; what it has not done stays on the list.

    Args:
        settings: The settings, the same as the daemon's.
        store: The state, opened beside the daemon.
        tally: Counts the results.
        typed: The paths that the person named.
        stop: Ends the waiting early; the daemon goes on.
        show: Called with the progress, several times a second.

    Raises:
        AccessLost: The daemon cannot write any page until a person acts.
    """
    started, rules = utc_now(), rules_of(settings)
    before = _listed(store, Selection(settings.logs_dir, tuple(typed)), rules, tally)
    pages = {page_id for record in before.values() if (page_id := _page_id(record)) is not None}

    def settle(path: LogPath, dealt: Dealt) -> None:
        match dealt:
            case Dealt.WORKED_OFF:
                tally.note_result(path, _result_of(before[path], store.page(path), pages, rules))
            case Dealt.STUCK:
                tally.note_result(path, LogResult.FAILED)

    def tell(trouble: str) -> None:
        show(tally.progress(trouble or "the daemon works on it"))

    ending = await done_by_daemon(
        settings.state_dir, store, before.keys(), stop=stop, settle=settle, show=tell
    )
    if ending is Ending.DAEMON_ENDED:
        return None
    return tally.summary(
        unread=store.unchecked(),
        stopped=ending is Ending.STOPPED,
        requests=0,
        seconds=(utc_now() - started).total_seconds(),
    )


def _listed(
    store: Store, selection: Selection, rules: Rules, tally: Tally
) -> Mapping[LogPath, PageRecord | None]:
    """Put what differs on the daemon's list; return what the state knew of each of these logs."""
    before: dict[LogPath, PageRecord | None] = {}

    def remember(paths: Sequence[LogPath]) -> None:
        known = store.pages(paths)
        before.update((path, known.get(path)) for path in paths)

    put_portions_on_list(store, selection, rules, tally=tally, before=remember)
    return before


def _result_of(
    before: PageRecord | None, after: PageRecord | None, pages: Collection[PageId], rules: Rules
) -> LogResult:
    """Return what became of a log that the daemon has worked off.

    Args:
        before: Its record when it was put on the list.
        after: Its record now.
        pages: The pages of all logs that were put on the list: a renamed log keeps its page.
        rules: The rules, which say what happens to the page of a deleted log.
    """
    if after is None:
        return LogResult.GONE
    match after.standing:
        case Standing.QUARANTINED:
            return LogResult.QUARANTINED
        case Standing.TRASHED | Standing.UNWANTED:
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
