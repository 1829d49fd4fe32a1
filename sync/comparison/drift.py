"""Find the pages that a person has been at since the last look: one request for a hundred of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sync.names import LogPath
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.notion.model import Author, PageRow
from sync.state.backlog import Backlog
from sync.state.records import PageRecord, Standing
from sync.state.store import Store

_CURSOR = "drift_checked_until"
_OVERLAP = timedelta(minutes=2)
"""How far a check reaches back before the last one: Notion rounds times down to the minute."""
_MINUTE = timedelta(minutes=1)


def begin(store: Store, now: datetime) -> None:
    """Let the first check reach back to this moment, unless an earlier process has checked already."""
    if not store.fact(_CURSOR):
        store.remember(_CURSOR, now.isoformat())


async def check(
    gateway: Gateway, store: Store, backlog: Backlog, *, now: Callable[[], datetime]
) -> tuple[LogPath, ...]:
    """Put the logs on the list whose page a person has edited since the last check, and return them."""
    started = now()
    since = datetime.fromisoformat(store.fact(_CURSOR) or started.isoformat()) - _OVERLAP
    author = await gateway.me(lane=Lane.CHECK)
    found: list[LogPath] = []
    async for rows in gateway.rows(lane=Lane.CHECK, newest_first=True, edited_since=since):
        found.extend(path for row in rows if (path := _to_look_at(row, store, author, now=started)))
    store.doubt(found)
    backlog.touch(found, lane=Lane.CHECK, now=started)
    store.remember(_CURSOR, started.astimezone(UTC).isoformat())
    return tuple(found)


def _to_look_at(row: PageRow, store: Store, author: Author, *, now: datetime) -> LogPath | None:
    path = store.path_of(row.page_id)
    record = None if path is None else store.page(path)
    if record is None or not edited_by_others(row, record, author):
        return None
    match record.standing:
        case Standing.TRASHED:  # a page in the trash is in no answer: she has taken it out again
            store.save(replace(record, standing=Standing.TRACKED, what="", hint="", since=now))
        case Standing.TRACKED | Standing.RESTORING:
            pass
        case Standing.QUARANTINED | Standing.VANISHED | Standing.DEPARTING | Standing.DEPARTED:
            return None
    return record.path


def edited_by_others(row: PageRow, record: PageRecord, author: Author) -> bool:
    """Tell whether a person has been at the page since we made sure of it.

    Where the token acts for a person, her edits bear the name of ours: then only those count that are
    later than our last.
    """
    until = row.last_edited_time + _MINUTE
    if record.looked_at is not None and until <= record.looked_at:
        return False
    if not author.is_person:
        return row.last_edited_by != author.user_id
    return record.synced_at is None or row.last_edited_time > record.synced_at
