"""Remember which pieces of a scan were in step, so that unchanged ones need no database query."""

import marshal
from collections.abc import Sequence
from hashlib import blake2b
from itertools import chain

from daemon.watching.scan import Found
from sync.names import LogPath
from sync.state.store import Store

_FORMAT = 2
"""The marshal format: the last in which equal values always give equal bytes."""

_BYTES = 16
"""The size of a digest, which is all that is kept of a piece."""


class Familiar:
    """Remember the pieces of scans that are in step with the present state.

    Args:
        store: The state; any change to it makes everything unfamiliar.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changes: tuple[int, int] | None = None
        self._digests: dict[LogPath, bytes] = {}

    def has(self, piece: Sequence[Found], *, after: LogPath) -> bool:
        """Return whether exactly these logs, with these stamps, were in step after the path `after`."""
        if self._changes != (changes := self._store.changes()):
            self._changes = changes
            self._digests.clear()
        known = self._digests.get(after)
        return known is not None and known == _digest(piece)

    def add(self, piece: Sequence[Found], *, after: LogPath) -> None:
        """Remember that between `after` and the last of these logs the state knows just them, all in step.

        The query for this came after the last call of `has`, which finds any change since then next time.
        """
        self._digests[after] = _digest(piece)


def _digest(piece: Sequence[Found]) -> bytes:
    return blake2b(marshal.dumps(list(chain.from_iterable(piece)), _FORMAT), digest_size=_BYTES).digest()
