"""Pages that bear another log's name than the state knows: it is an old backup, from before a rename."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sync.convergence.strays import looks_like_links
from sync.errors import PageGone
from sync.keys import path_of
from sync.log_path import accepts
from sync.names import Digest, LogPath
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.notion.model import Author, PageRow
from sync.planning.page_state import Absent, Synced
from sync.state.backlinks import Backlinks
from sync.state.records import UNSEEN, PageRecord, Standing
from sync.state.store import Store


@dataclass(frozen=True, slots=True)
class _Renamed:
    """What the state says of a page, and what the page says."""

    record: PageRecord
    row: PageRow


async def follow_names(
    rows: Sequence[PageRow], gateway: Gateway, store: Store, *, host: str
) -> Sequence[LogPath]:
    """Let pages go with the logs whose names they bear, and return all names that this concerns.

    Each is asked for by itself before: a query may show what a page was some minutes ago.
    """
    author: Author | None = None
    sure: dict[LogPath, _Renamed] = {}
    for path, renamed in _renamed(rows, store, host).items():
        author = author or await gateway.me(lane=Lane.CHECK)
        row = await _as_it_is(renamed.row, gateway)
        if row is not None and row.key == renamed.row.key and _we_were_last(row, author):
            sure[path] = replace(renamed, row=row)
    free = _to_free_names(sure, store)
    store.rename({renamed.record.path: _under(path, renamed) for path, renamed in free.items()})
    names = sorted({*free, *(renamed.record.path for renamed in free.values())})
    linked = [path for path, renamed in free.items() if looks_like_links(renamed.row.patterns)]
    Backlinks(store).found(linked, outdated=names)
    return names


def _renamed(rows: Sequence[PageRow], store: Store, host: str) -> Mapping[LogPath, _Renamed]:
    """Return the pages in question by the name that they bear.

    Where the state is ahead of the page, as in the middle of a rename, it does not vouch for the content.
    """
    found: dict[LogPath, _Renamed] = {}
    for row in rows:
        path = None if row.key is None else path_of(host, row.key)
        known = store.path_of(row.page_id)
        if path is None or known in {None, path} or not accepts(path):
            continue
        record = store.page(known) if known else None
        if record and record.standing is Standing.TRACKED and record.content_hash is not None:
            found[path] = _Renamed(record, row)
    return found


async def _as_it_is(row: PageRow, gateway: Gateway) -> PageRow | None:
    try:
        return await gateway.retrieve_page(row.page_id, lane=Lane.CHECK)
    except PageGone:
        return None


def _we_were_last(row: PageRow, author: Author) -> bool:
    """Tell whether the name is by our hand; a person who writes another into it moves nothing."""
    return not author.is_person and row.last_edited_by == author.user_id


def _to_free_names(renamed: Mapping[LogPath, _Renamed], store: Store) -> Mapping[LogPath, _Renamed]:
    """Leave out the pages whose new name is that of a page which does not give it up."""
    known = store.pages(tuple(renamed))
    taken = {path for path, record in known.items() if record.page != Absent()}
    while True:
        given_up = {each.record.path for each in renamed.values()}
        free = {path: each for path, each in renamed.items() if path not in taken - given_up}
        if len(free) == len(renamed):
            return free
        renamed = free


def _under(path: LogPath, renamed: _Renamed) -> PageRecord:
    return replace(brought_forward(renamed.record, renamed.row), path=path, stamp=None)


def brought_forward(record: PageRecord, row: PageRow) -> PageRecord:
    """Return a record that is older than its page with what the page says of itself, and no more."""
    page, content_hash = Synced(row.page_id, None, None), Digest(row.content_hash)
    return replace(record, page=page, content_hash=content_hash, looked_at=UNSEEN)
