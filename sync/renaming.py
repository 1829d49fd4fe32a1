"""Logs that were renamed: the page goes with the content to the file's new name."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sync.errors import LogUnreadable
from sync.files import ReadLog, Vanished, read_log
from sync.names import Digest, LogPath
from sync.state.backlinks import Backlinks
from sync.state.records import PageRecord, Standing
from sync.state.store import Store

_HERITABLE = frozenset((Standing.TRACKED, Standing.VANISHED, Standing.DEPARTED))
"""Standings whose page goes with the content to a new name. A page in the trash by Jen's hand stays there."""


class Renames:
    """Finds the page of a log that had another name before.

    Args:
        root: The logs directory.
        store: What is remembered of the logs.
    """

    def __init__(self, root: Path, store: Store) -> None:
        self._root = root
        self._store = store
        self._at_work: dict[LogPath, Digest | None] = {}

    @contextmanager
    def at_work(self, path: LogPath) -> Iterator[None]:
        """Note that a log is being worked on within the context."""
        self._at_work[path] = None
        try:
            yield
        finally:
            del self._at_work[path]

    def note_content(self, path: LogPath, content: Digest) -> None:
        """Note what a log says that is being worked on."""
        self._at_work[path] = content

    def is_under_way(self, path: LogPath, reading: ReadLog) -> bool:
        """Tell whether a log of this content is being worked on under a name whose file is gone.

        That job saves what it learns under the old name; taken over now, the page would go with the old file.
        """
        showing = self._store.showing(reading.digest, reading.stamp)
        others = (
            other
            for other, content in self._at_work.items()
            if other != path and (content == reading.digest or other in showing)
        )
        return any(self._is_gone(other) for other in others)

    def take_over(self, path: LogPath, reading: ReadLog) -> PageRecord | None:
        """Give a log the page of one that said the same and whose file is gone; None when there is none."""
        for old in self._store.showing(reading.digest, reading.stamp):
            record = self._store.page(old) if self._is_gone(old) else None
            if record is not None and record.standing in _HERITABLE:
                Backlinks(self._store).move(old, path)
                return self._store.move(record, path)
        return None

    def _is_gone(self, path: LogPath) -> bool:
        try:
            return isinstance(read_log(self._root, path), Vanished)
        except LogUnreadable:
            return False
