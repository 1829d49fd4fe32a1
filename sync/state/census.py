"""What a scan compares with the files: the remembered stamps of the logs between two paths."""

from typing import TypeAlias

from sync.names import LogPath
from sync.state.database import translated
from sync.state.store import Store

# SQLite holds every text for less than any blob.
BEYOND = b""
"""What comes after every path."""

CensusRow: TypeAlias = tuple[LogPath, int | None, int, int]
"""A path and its stamp; the size is None unless the page is in step with that stamp."""

# Nobody misses the file of a log whose page has left, with the file or by a person's hand.
_BETWEEN = """
    SELECT
        path,
        CASE WHEN standing = 'tracked' AND edition = ? AND content_hash IS NOT NULL AND page_id IS NOT NULL
            AND settles_at IS NULL THEN size END,
        mtime_ns,
        inode
    FROM pages INDEXED BY pages_by_stamp
    WHERE path > ? AND path <= ? AND standing NOT IN ('trashed', 'departed', 'unwanted')
    ORDER BY path
"""


def census(store: Store, *, edition: str, after: LogPath, upto: LogPath | bytes) -> list[CensusRow]:
    """Return the logs whose files should be there, in the order of their paths, from an index alone.

    Args:
        store: The state.
        edition: The edition that a page in step has.
        after: Leaves out the paths up to this one.
        upto: Leaves out the paths after this one; `BEYOND`: none.
    """
    with translated(None):
        cursor = store.connection.cursor()
        cursor.row_factory = None  # tuples can be compared with others
        return cursor.execute(_BETWEEN, (edition, after, upto)).fetchall()
