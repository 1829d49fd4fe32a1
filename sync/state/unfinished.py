"""The logs whose page was being changed when the work on them was cut short."""

from sync.files import Stamp
from sync.state.records import PageRecord, to_record
from sync.state.store import Store


def unfinished(store: Store, stamp: Stamp) -> tuple[PageRecord, ...]:
    """Return the logs whose page vouches for no content, and whose file was this very one."""
    rows = store.select(
        "SELECT * FROM pages WHERE content_hash IS NULL AND page_id IS NOT NULL"
        " AND size = ? AND mtime_ns = ? AND inode = ? ORDER BY path",
        stamp,
    )
    return tuple(map(to_record, rows))
