"""What is remembered of the logs between two paths: all that a scan asks of most of them."""

from typing import TypeAlias

from sync.names import LogPath
from sync.state.database import translated
from sync.state.store import Store

# SQLite holds every text for less than any blob.
BEYOND = b""
"""What comes after every path."""

CensusRow: TypeAlias = tuple[LogPath, int | None, int, int]
"""A path and its stamp; the size is None unless the page is in step with that stamp."""

# Logs whose page has left, by its file's end or by a person's hand, are looked for by nobody.
_BETWEEN = """
    SELECT
        path,
        CASE WHEN standing = 'tracked' AND edition = ? AND content_hash IS NOT NULL AND page_id IS NOT NULL
            AND settles_at IS NULL THEN size END,
        mtime_ns,
        inode
    FROM pages INDEXED BY pages_by_stamp
    WHERE path > ? AND path <= ? AND standing NOT IN ('trashed', 'departed')
    ORDER BY path
"""


def remembered(store: Store, *, edition: str, after: LogPath, upto: LogPath | bytes) -> list[CensusRow]:
    """Return the logs that are looked for, in the order of their paths; no long row is read.

    Args:
        store: The state.
        edition: What a page must be of to be in step.
        after: Only the logs whose paths come after this one.
        upto: And up to this one, or `BEYOND`.
    """
    with translated(None):
        cursor = store.connection.cursor()
        cursor.row_factory = None  # tuples can be compared with others
        return cursor.execute(_BETWEEN, (edition, after, upto)).fetchall()
