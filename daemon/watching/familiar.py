"""What the last scan found to be in step, piece by piece: the same again need not be looked up."""

import marshal
from collections.abc import Sequence
from hashlib import blake2b
from itertools import chain

from daemon.watching.scan import Found
from sync.names import LogPath
from sync.state.store import Store

_FORMAT = 2
"""Of marshal: the last in which equal values are always written alike."""

_BYTES = 16
"""Of a digest: all that is kept of a piece."""


class Familiar:
    """The pieces of scans that were in step with the state as it still is.

    Args:
        store: The state; once anything in it has changed, nothing is familiar any more.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changes: tuple[int, int] | None = None
        self._digests: dict[LogPath, bytes] = {}

    def has(self, piece: Sequence[Found], *, after: LogPath) -> bool:
        """Tell whether exactly these logs, with these stamps, were in step after that path."""
        if self._changes != (changes := self._store.changes()):
            self._changes = changes
            self._digests.clear()
        known = self._digests.get(after)
        return known is not None and known == _digest(piece)

    def add(self, piece: Sequence[Found], *, after: LogPath) -> None:
        """Take note that the state knows just these logs after that path up to the last of them, in step.

        It was looked up since `has` was asked: `has` notices next time what has changed since then.
        """
        self._digests[after] = _digest(piece)


def _digest(piece: Sequence[Found]) -> bytes:
    return blake2b(marshal.dumps(list(chain.from_iterable(piece)), _FORMAT), digest_size=_BYTES).digest()
