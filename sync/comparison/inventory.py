"""Find the pages that are already there: once for each database, and what is new since at each start."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sync.keys import path_of
from sync.log_path import accepts
from sync.names import Digest, LogPath
from sync.notion.connect import Connection
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.notion.model import PageRow
from sync.planning.page_state import Absent, Synced
from sync.state.backlog import Backlog
from sync.state.records import ADOPTED, UNSEEN, PageRecord, Standing
from sync.state.store import Store

_DATA_SOURCE = "data_source"
_IS_HASH = re.compile("[0-9a-f]{64}")
_COMPLETE = "inventory_complete"


async def take_inventory(
    gateway: Gateway, store: Store, connection: Connection, *, host: str, now: Callable[[], datetime]
) -> int:
    """Adopt the pages that the state does not know, and return how many those were.

    The newest pages come first, so that one request is enough when nothing is new: a request that
    brings only known pages ends the search, unless an earlier inventory was never completed. A page that
    bears another hash than the state knows is not known: the state is an old backup.
    """
    if store.fact(_DATA_SOURCE) != connection.data_source_id:
        store.forget_pages()
        store.remember(_COMPLETE, "")
        store.remember(_DATA_SOURCE, connection.data_source_id)
    complete = bool(store.fact(_COMPLETE))
    adopted: dict[LogPath, PageRecord] = {}
    async for rows in gateway.rows(lane=Lane.CHECK, newest_first=True):
        ours = await _made_by_us(rows, gateway)
        fresh = _unknown(ours, store, adopted=adopted.keys(), host=host, now=now())
        newer = _newer(ours, store)
        store.save_all((*fresh.values(), *newer))
        Backlog(store).note([record.path for record in newer], lane=Lane.CHECK, now=now())
        adopted.update(fresh)
        if complete and not fresh and not newer:
            break
    store.remember(_COMPLETE, "yes")
    return len(adopted)


def _unknown(
    rows: Sequence[PageRow], store: Store, *, adopted: Collection[LogPath], host: str, now: datetime
) -> Mapping[LogPath, PageRecord]:
    """Return records for rows whose log has no page yet; of several for one log the oldest is taken."""
    by_path: dict[LogPath, PageRow] = {}
    for row in rows:
        path = None if row.key is None else path_of(host, row.key)
        if path is not None and accepts(path) and store.path_of(row.page_id) in {None, path}:
            by_path[path] = row
    known = store.pages(tuple(by_path))
    return {
        path: PageRecord(
            path=path,
            page=Synced(row.page_id, None, None),
            url=row.url,
            content_hash=Digest(row.content_hash),
            edition=ADOPTED,
            standing=Standing.TRACKED,
            since=now,
            looked_at=UNSEEN,
        )
        for path, row in by_path.items()
        if path in adopted or path not in known or known[path].page == Absent()
    }


def _newer(rows: Sequence[PageRow], store: Store) -> Sequence[PageRecord]:
    """Return records for pages that bear another hash than the state knows: it is older than they are."""
    hashes = {row.page_id: Digest(row.content_hash) for row in rows if _IS_HASH.fullmatch(row.content_hash)}
    paths = {page_id: path for page_id in hashes if (path := store.path_of(page_id)) is not None}
    known = store.pages(tuple(paths.values()))
    return [
        replace(
            record,
            page=Synced(page_id, None, None),
            content_hash=hashes[page_id],
            looked_at=UNSEEN,
        )
        for page_id, path in paths.items()
        if (record := known[path]).standing is Standing.TRACKED
        and record.content_hash not in {None, hashes[page_id]}
    ]


async def _made_by_us(rows: Sequence[PageRow], gateway: Gateway) -> Sequence[PageRow]:
    """Leave out rows that a person made: without our hash, and not in our name."""
    if all(_IS_HASH.fullmatch(row.content_hash) for row in rows if row.key):
        return rows
    author = await gateway.me(lane=Lane.CHECK)
    return [
        row
        for row in rows
        if _IS_HASH.fullmatch(row.content_hash) or (row.created_by == author.user_id and not author.is_person)
    ]
