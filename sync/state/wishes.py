"""What a person asks for a log, written where the next job for the log finds it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sync.names import LogPath
from sync.state.records import PageRecord, Standing
from sync.state.store import Store


def released(record: PageRecord, *, now: datetime) -> PageRecord:
    """Return the record of a log that is to be tried again, with its page back if a person trashed it."""
    standing = Standing.RESTORING if record.standing is Standing.TRASHED else Standing.TRACKED
    return replace(record, standing=standing, stamp=None, content_hash=None, what="", hint="", since=now)


def ask_back(store: Store, paths: Iterable[LogPath], *, now: datetime) -> None:
    """Ask for pages to come back that may be in the trash without anybody having noticed yet.

    Only these columns are touched, as another process may be working on the same log.
    """
    with store.transaction() as connection:
        connection.executemany(
            "UPDATE pages SET standing = ?, since = ?, content_hash = NULL"
            " WHERE path = ? AND standing = ? AND page_id IS NOT NULL",
            ((Standing.RESTORING.value, now.timestamp(), path, Standing.TRACKED.value) for path in paths),
        )
