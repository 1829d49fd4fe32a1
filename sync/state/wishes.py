"""What a person asks for a log, put where the next look at the log finds it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sync.names import LogPath
from sync.state.records import PageRecord, Standing
from sync.state.store import Store


def released(record: PageRecord, *, now: datetime) -> PageRecord:
    """Return the record of a log that is to be tried again, its page to come back if it is in the trash."""
    standing = Standing.RESTORING if record.standing is Standing.TRASHED else Standing.TRACKED
    return replace(record, standing=standing, stamp=None, content_hash=None, what="", hint="", since=now)


def ask_back(store: Store, paths: Iterable[LogPath], *, now: datetime) -> None:
    """Let pages come back that may be in the trash though nobody has noticed it yet.

    Beside a process that works on such a log nothing else of what it remembers is touched.
    """
    with store.transaction() as connection:
        connection.executemany(
            "UPDATE pages SET standing = ?, since = ?, content_hash = NULL"
            " WHERE path = ? AND standing = ? AND page_id IS NOT NULL",
            ((Standing.RESTORING.value, now.timestamp(), path, Standing.TRACKED.value) for path in paths),
        )
