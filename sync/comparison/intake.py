"""Take in rows of the database: adopt the pages that the state does not know, or knows less of."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sync.comparison.further_pages import further_pages
from sync.comparison.renames import brought_forward, follow_names
from sync.convergence.duplicates import made_by
from sync.convergence.strays import looks_like_links
from sync.keys import path_of
from sync.log_path import accepts
from sync.names import Digest, LogPath, Property
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.notion.model import Author, PageRow
from sync.page.draft import Text, values_fingerprint
from sync.planning.page_state import Absent, Synced, page_id_of
from sync.state.backlinks import Backlinks
from sync.state.backlog import Backlog
from sync.state.duplicates import Duplicate, Duplicates
from sync.state.facts import expect_archived
from sync.state.records import ADOPTED, UNSEEN, PageRecord, Standing
from sync.state.store import Store

_IS_HASH = re.compile("[0-9a-f]{64}")


class Intake:
    """One search for pages, portion by portion.

    A page that bears another hash than the state knows is not known: the state is an old backup. A log with a
    further page is put on the list: the reconciliation lets one of them stay.

    Attributes:
        adopted: The pages that this search adopted.
    """

    def __init__(self, gateway: Gateway, store: Store, *, host: str, now: Callable[[], datetime]) -> None:
        self._gateway = gateway
        self._store = store
        self._host = host
        self._now = now
        self.adopted: dict[LogPath, PageRow] = {}

    async def take(self, rows: Sequence[PageRow]) -> bool:
        """Remember what some rows tell, and tell whether any of it was new."""
        store = self._store
        ours = await self._made_by_us(rows)
        renamed = await follow_names(ours, self._gateway, store, host=self._host)
        missed = await self._missed(ours)
        author = await self._gateway.me(lane=Lane.CHECK) if missed else None
        fresh = {path: _adopted(path, row, self._now(), author) for path, row in missed.items()}
        newer = _newer(ours, store)
        if fresh or newer:
            # The state was lost, or is an old backup: it may not know of archived pages either.
            expect_archived(store, expected=True)
        store.save_all((*fresh.values(), *newer))
        linked = {row.page_id for row in ours if looks_like_links(row.patterns)}
        Backlinks(store).found(
            [record.path for record in (*fresh.values(), *newer) if page_id_of(record.page) in linked],
            outdated=[record.path for record in newer],
        )
        superseded = [
            Duplicate(path, self.adopted[path].page_id, self.adopted[path].url)
            for path in missed
            if path in self.adopted
        ]
        doubled = Duplicates(store).add((*superseded, *further_pages(rows, store, host=self._host)))
        found = [*renamed, *(record.path for record in newer), *doubled]
        Backlog(store).note(found, lane=Lane.CHECK, now=self._now())
        self.adopted.update(missed)
        return bool(fresh or found)

    async def _made_by_us(self, rows: Sequence[PageRow]) -> Sequence[PageRow]:
        """Leave out rows that a person made: without our hash, and not in our name."""
        if all(_IS_HASH.fullmatch(row.content_hash) for row in rows if row.key):
            return rows
        author = await self._gateway.me(lane=Lane.CHECK)
        return [
            row
            for row in rows
            if _IS_HASH.fullmatch(row.content_hash)
            or (row.created_by == author.user_id and not author.is_person)
        ]

    async def _missed(self, rows: Sequence[PageRow]) -> Mapping[LogPath, PageRow]:
        """Return rows whose log has no page yet that anybody sees; of several for one log, the oldest."""
        by_path: dict[LogPath, PageRow] = {}
        for row in rows:
            path = None if row.key is None else path_of(self._host, row.key)
            if path is not None and accepts(path) and self._store.path_of(row.page_id) in {None, path}:
                by_path[path] = row
        known = self._store.pages(tuple(by_path))
        without = {path for path in by_path if path not in known or known[path].page == Absent()}
        away = {path for path in known.keys() - without if _is_away(known[path], by_path[path])}
        if away:
            author = await self._gateway.me(lane=Lane.CHECK)
            away = {path for path in away if made_by(author, by_path[path])}
        return {path: row for path, row in by_path.items() if path in without | away or path in self.adopted}


def _is_away(record: PageRecord, row: PageRow) -> bool:
    """Tell whether nobody sees the page that is known of a log: the state is older than this other one."""
    return record.standing.is_away and page_id_of(record.page) != row.page_id


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
