"""The pages of which it was put off to make sure that no person was there."""

from sync.names import LogPath
from sync.state.records import Standing
from sync.state.store import Store


def put_off(store: Store, *, limit: int | None = None) -> tuple[LogPath, ...]:
    """Return logs in step on whose page a person may have been before our last write, longest first."""
    rows = store.select(
        "SELECT path FROM pages WHERE looked_at IS NULL AND content_hash IS NOT NULL"
        " AND page_id IS NOT NULL AND settles_at IS NULL AND standing = ? ORDER BY synced_at LIMIT ?",
        (Standing.TRACKED.value, -1 if limit is None else limit),
    )
    return tuple(LogPath(row["path"]) for row in rows)
