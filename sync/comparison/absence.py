"""Find the pages that are no longer in the database, by listing all that are.

Notion does not tell which pages went to the trash: a query leaves them out, and its search promises neither
to be complete nor to be up to date. So all rows are listed from time to time, a hundred a request, and what
is missing is asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sync.errors import PageGone
from sync.names import LogPath, PageId
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.planning.page_state import Synced
from sync.state.backlog import Backlog
from sync.state.records import Standing
from sync.state.store import Store

_EACH = timedelta(minutes=2)
"""Time between two rounds for each request that the last one took."""

_FRESH = timedelta(minutes=2)
"""How long a query may not yet show a new page."""

_MOST = 100
"""Missing pages that one round asks for."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round has found.

    Attributes:
        gone: Logs whose page is in the trash or nowhere; they are on the list.
        next_at: When the next round is due.
    """

    gone: tuple[LogPath, ...]
    next_at: datetime


async def look_round(
    gateway: Gateway, store: Store, backlog: Backlog, *, now: Callable[[], datetime]
) -> Round:
    """Put the logs on the list whose page has left the database, and return them.

    A large database is listed less often: half a request a minute on average, whatever its size.
    """
    missing, requests = _known(store, before=now() - _FRESH), 0
    async for rows in gateway.rows(lane=Lane.CHECK, newest_first=True):
        requests += 1
        for row in rows:
            missing.pop(row.page_id, None)
    if missing:  # a person may have archived some: they are there, and no query shows them
        async for rows in gateway.archived_rows(lane=Lane.CHECK):
            requests += 1
            for row in rows:
                missing.pop(row.page_id, None)
    asked = list(missing.items())[:_MOST]
    gone = [path for page_id, path in asked if await _is_gone(gateway, page_id)]
    store.doubt(gone)
    backlog.touch(gone, lane=Lane.CHECK, now=now())
    return Round(tuple(gone), now() + (requests + len(asked)) * _EACH)


def _known(store: Store, *, before: datetime) -> dict[PageId, LogPath]:
    """Return the pages that should be in the database, by the logs that they belong to."""
    return {
        record.page.page_id: record.path
        for record in store.known()
        if isinstance(record.page, Synced)
        and record.standing is Standing.TRACKED
        and (record.synced_at or record.since) < before
    }


async def _is_gone(gateway: Gateway, page_id: PageId) -> bool:
    """Tell whether a page is in the trash or nowhere; one that was moved elsewhere is not."""
    try:
        return (await gateway.retrieve_page(page_id, lane=Lane.CHECK)).in_trash
    except PageGone:
        return True
