"""The logs whose page shows a content: one of them may have changed its name."""

from sync.files import Stamp
from sync.names import Digest, LogPath
from sync.state.store import Store

MOST = 100
"""Logs that are named, however many say the same."""

# What was being written vouches for no content; its file is known by its stamp.
_SHOWING = """
    SELECT path FROM pages
    WHERE page_id IS NOT NULL
        AND (content_hash = ? OR (content_hash IS NULL AND (size, mtime_ns, inode) = (?, ?, ?)))
    ORDER BY (size, mtime_ns, inode) IS (?, ?, ?) DESC, standing = 'tracked', path
    LIMIT ?
"""


def showing(store: Store, content: Digest, stamp: Stamp) -> tuple[LogPath, ...]:
    """Return the logs whose page shows a content, or was to show this very file when it was last written to.

    That of the same file comes first, then those that are gone.

    Args:
        store: The state.
        content: Of the log.
        stamp: Of its file: it stays when the file is renamed.
    """
    rows = store.select(_SHOWING, (content, *stamp, *stamp, MOST))
    return tuple(LogPath(row["path"]) for row in rows)
