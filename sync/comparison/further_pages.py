"""Rows that bear the key of a log which has another page: a create that came late, or a person's copy."""

from collections.abc import Sequence

from sync.keys import path_of
from sync.notion.model import PageRow
from sync.planning.page_state import page_id_of
from sync.state.duplicates import Duplicate
from sync.state.records import Standing
from sync.state.store import Store


def further_pages(rows: Sequence[PageRow], store: Store, *, host: str) -> list[Duplicate]:
    """Return those of the rows that are further pages of logs, as far as the state knows the logs' own."""
    strangers = [
        (row, path)
        for row in rows
        if row.key is not None
        and (path := path_of(host, row.key)) is not None
        and store.path_of(row.page_id) is None
    ]
    known = store.pages(tuple({path for _, path in strangers}))
    return [
        Duplicate(path, row.page_id, row.url)
        for row, path in strangers
        if path in known
        and known[path].standing is Standing.TRACKED
        and page_id_of(known[path].page) not in {None, row.page_id}
    ]
