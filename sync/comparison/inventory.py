"""Find the pages that are already there: once for each database, and what is new since at each start."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from sync.comparison.further_pages import further_pages
from sync.comparison.renames import brought_forward, follow_names
from sync.convergence.duplicates import made_by
from sync.convergence.looking import looks_like_links
from sync.keys import path_of
from sync.log_path import accepts
from sync.names import Digest, LogPath, Property
from sync.notion.connect import Connection
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.notion.model import Author, PageRow
from sync.page.draft import Text, values_fingerprint
from sync.planning.page_state import Absent, Synced, page_id_of
from sync.state.backlinks import Backlinks
from sync.state.backlog import Backlog
from sync.state.duplicates import Duplicate, Duplicates
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
    bears another hash than the state knows is not known: the state is an old backup. A log with a further
    page is put on the list: the reconciliation lets one of them stay.
    """
    known = store.fact(_DATA_SOURCE)
    if known != connection.data_source_id:
        store.forget_pages()
        if known is not None:
            Backlinks(store).forget()  # they lead to pages of the other database
        store.remember(_COMPLETE, "")
        store.remember(_DATA_SOURCE, connection.data_source_id)
    complete = bool(store.fact(_COMPLETE))
    adopted: dict[LogPath, PageRow] = {}
    async for rows in gateway.rows(lane=Lane.CHECK, newest_first=True):
        ours = await _made_by_us(rows, gateway)
        renamed = await follow_names(ours, gateway, store, host=host)
        missed = await _missed(ours, gateway, store, adopted=adopted.keys(), host=host)
        author = await gateway.me(lane=Lane.CHECK) if missed else None
        fresh = {path: _adopted(path, row, now(), author) for path, row in missed.items()}
        newer = _newer(ours, store)
        store.save_all((*fresh.values(), *newer))
        linked = {row.page_id for row in ours if looks_like_links(row.patterns)}
        Backlinks(store).found(
            [record.path for record in (*fresh.values(), *newer) if page_id_of(record.page) in linked],
            outdated=[record.path for record in newer],
        )
        superseded = [
            Duplicate(path, adopted[path].page_id, adopted[path].url) for path in missed if path in adopted
        ]
        doubled = Duplicates(store).add((*superseded, *further_pages(rows, store, host=host)))
        found = [*renamed, *(record.path for record in newer), *doubled]
        Backlog(store).note(found, lane=Lane.CHECK, now=now())
        adopted.update(missed)
        if complete and not fresh and not found:
            break
    store.remember(_COMPLETE, "yes")
    return len(adopted)


async def _missed(
    rows: Sequence[PageRow], gateway: Gateway, store: Store, *, adopted: Collection[LogPath], host: str
) -> Mapping[LogPath, PageRow]:
    """Return rows whose log has no page yet that anybody sees; of several for one log the oldest is taken."""
    by_path: dict[LogPath, PageRow] = {}
    for row in rows:
        path = None if row.key is None else path_of(host, row.key)
        if path is not None and accepts(path) and store.path_of(row.page_id) in {None, path}:
            by_path[path] = row
    known = store.pages(tuple(by_path))
    without = {path for path in by_path if path not in known or known[path].page == Absent()}
    away = {path for path in known.keys() - without if _is_away(known[path], by_path[path])}
    if away:
        author = await gateway.me(lane=Lane.CHECK)
        away = {path for path in away if made_by(author, by_path[path])}
    return {path: row for path, row in by_path.items() if path in without | away or path in adopted}


def _is_away(record: PageRecord, row: PageRow) -> bool:
    """Tell whether nobody sees the page that is known of a log: the state is older than this other one."""
    in_trash = record.standing in {Standing.TRASHED, Standing.DEPARTED}
    return in_trash and page_id_of(record.page) != row.page_id


def _adopted(path: LogPath, row: PageRow, now: datetime, author: Author | None) -> PageRecord:
    """Return what is remembered of a page; where a person was there last, the next drift check reads it."""
    is_hers = author is not None and not author.is_person and row.last_edited_by != author.user_id
    told = values_fingerprint({Property.FORMAT_WARNINGS: Text(row.warnings)})
    return PageRecord(
        path=path,
        page=Synced(row.page_id, told, None),
        url=row.url,
        content_hash=Digest(row.content_hash),
        edition=ADOPTED,
        standing=Standing.TRACKED,
        since=now,
        looked_at=None if is_hers else UNSEEN,
    )


def _newer(rows: Sequence[PageRow], store: Store) -> Sequence[PageRecord]:
    """Return records for pages that bear another hash than the state knows: it is older than they are."""
    hashed = [row for row in rows if _IS_HASH.fullmatch(row.content_hash)]
    by_path = {path: row for row in hashed if (path := store.path_of(row.page_id)) is not None}
    return [
        brought_forward(record, by_path[path])
        for path, record in store.pages(tuple(by_path)).items()
        if record.standing is Standing.TRACKED
        and record.content_hash not in {None, by_path[path].content_hash}
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
