"""Find the pages that a person has been at since the last look: one request for a hundred of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sync.comparison.further_pages import further_pages
from sync.convergence.visits import edited_by_others
from sync.keys import key_of
from sync.names import LogPath
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.notion.model import Author, PageRow
from sync.state.backlog import Backlog
from sync.state.duplicates import Duplicate, Duplicates
from sync.state.records import Standing
from sync.state.store import Store

_CURSOR = "drift_checked_until"
_NEVER = "never"
"""Kept in place of an end that could not be read: the next check asks for all pages."""

_OVERLAP = timedelta(minutes=2)
"""How far a check reaches back before the last one: Notion rounds times down to the minute."""

_AFTER_A_WRONG_CLOCK = timedelta(days=1)

_MOST_UNCHECKED = 50
"""Pages whose look was put off that one check makes up for: each takes a few requests."""

_MOST_LEFT = 20
"""Logs with duplicates left to a person that one check looks after: each takes a request."""


def begin(store: Store, now: datetime) -> bool:
    """Let the first check reach back to this moment, unless an earlier process has checked already.

    Tell whether it cannot be read where that one ended; this is forgotten, and the next check begins anew.
    """
    kept = store.fact(_CURSOR)
    if not kept:
        store.remember(_CURSOR, now.isoformat())
    elif kept != _NEVER and _moment(kept) is None:
        store.remember(_CURSOR, _NEVER)
        return True
    return False


async def check(
    gateway: Gateway, store: Store, backlog: Backlog, *, host: str, now: Callable[[], datetime]
) -> tuple[LogPath, ...]:
    """Put the logs on the list whose page a person has edited, or may have, and return them.

    One may have where our own last write hides who was there before it. A log with a further page is on
    the list as well: the reconciliation lets one of them stay.

    Args:
        gateway: Asked.
        store: What is remembered of the pages.
        backlog: The list.
        host: Our prefix of keys.
        now: Tells the time.
    """
    started = now()
    since = _since(store, gateway.time(started))
    until: datetime | None = None
    author = await gateway.me(lane=Lane.CHECK)
    found: list[LogPath] = []
    copies: list[Duplicate] = []
    async for rows in gateway.rows(lane=Lane.CHECK, newest_first=True, edited_since=since):
        until = until or gateway.time(started)  # later than it was asked, by less than the overlap
        found.extend(path for row in rows if (path := _to_look_at(row, store, author, now=started)))
        copies.extend(further_pages(rows, store, host=host))
    found.extend(path for path in store.unchecked(limit=_MOST_UNCHECKED) if path not in found)
    store.doubt(found)
    found.extend(path for path in Duplicates(store).add(copies) if path not in found)
    backlog.touch(found, lane=Lane.CHECK, now=started)
    await _forget_settled(gateway, Duplicates(store), host)
    store.remember(_CURSOR, (until or started).astimezone(UTC).isoformat())
    return tuple(found)


def _since(store: Store, until: datetime) -> datetime | None:
    """Return how far this check reaches back; further than needed, where the last one's clock was ahead.

    None where nothing tells: all pages are asked for.
    """
    last = _moment(store.fact(_CURSOR) or until.isoformat())
    if last is None:
        return None
    return (last if last <= until else until - _AFTER_A_WRONG_CLOCK) - _OVERLAP


def _moment(kept: str) -> datetime | None:
    """Return where the last check ended; None where that cannot be read."""
    try:
        moment = datetime.fromisoformat(kept)
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment


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
        case Standing.QUARANTINED | Standing.VANISHED:
            return None
        case Standing.DEPARTING | Standing.DEPARTED | Standing.UNWANTED:
            return None
    return record.path


async def _forget_settled(gateway: Gateway, duplicates: Duplicates, host: str) -> None:
    """Forget the duplicates that a person has put away since they were left to her."""
    left = duplicates.left()
    for path in tuple(dict.fromkeys(each.path for each in left))[:_MOST_LEFT]:
        there = {row.page_id for row in await gateway.find(key_of(host, path), lane=Lane.CHECK)}
        mine = [each for each in left if each.path == path]
        if any(each.page_id not in there for each in mine):
            duplicates.settle(path, [each for each in mine if each.page_id in there])
