"""Wait until a path is quiet, but not for ever. Pure: time is a parameter."""

import heapq
from dataclasses import dataclass, field

_LONGER = 4
"""How many times as long a path is left alone that was closed again so soon."""

_SLOWLY = 1.5
"""The same of one that is closed again not so soon: a few edits in a row are still seen at once."""


@dataclass(frozen=True, slots=True)
class _Wait:
    since: float
    """The first touch that is not delivered yet."""
    until: float
    """When the path is due, unless it is touched again."""


@dataclass(frozen=True, slots=True)
class _Closing:
    at: float
    quiet: float
    """How long the path was to be left alone after it."""


@dataclass(slots=True, kw_only=True)
class Debouncer:
    """Paths that were touched and are not due yet.

    Attributes:
        quiet_closed: How long a path is left alone after its writer has closed it. One that is closed again
            within `quiet_open` is written bit by bit: then it is left alone for longer each time.
        quiet_open: The same when nobody was seen to close it: somebody may still be writing.
        quiet_most: The most that a path is left alone which is closed again and again within that time.
        max_wait: A path that never gets quiet is due so long after its first touch.
    """

    quiet_closed: float
    quiet_open: float
    quiet_most: float
    max_wait: float
    _waits: dict[str, _Wait] = field(default_factory=dict, init=False)
    _queue: list[tuple[float, str]] = field(default_factory=list, init=False)
    _closings: dict[str, _Closing] = field(default_factory=dict, init=False)
    """The last of each path, oldest first, as long as it matters."""

    def touched(self, path: str, *, at: float, closed: bool) -> None:
        """Take note that the path may have changed, and that its wait for quiet starts anew."""
        earlier = self._waits.get(path)
        since = at if earlier is None else earlier.since
        quiet = self._quiet_after_closing(path, at) if closed else self.quiet_open
        until = min(at + quiet, since + self.max_wait)
        self._waits[path] = _Wait(since, until)
        if earlier is None or earlier.until != until:
            heapq.heappush(self._queue, (until, path))

    def due(self, now: float) -> list[str]:
        """Hand over the paths whose wait is over, in the order in which it ended; each only once."""
        ready = []
        while (when := self.next_due()) is not None and when <= now:
            _, path = heapq.heappop(self._queue)
            del self._waits[path]
            ready.append(path)
        return ready

    def next_due(self) -> float | None:
        """Return when the next path will be due; None when none waits."""
        while self._queue and self._is_outdated(*self._queue[0]):
            heapq.heappop(self._queue)
        return self._queue[0][0] if self._queue else None

    def _quiet_after_closing(self, path: str, at: float) -> float:
        while self._closings and next(iter(self._closings.values())).at < at - self.quiet_most:
            del self._closings[next(iter(self._closings))]
        last = self._closings.pop(path, None)
        quiet = self.quiet_closed if last is None else self._longer(last.quiet, after=at - last.at)
        self._closings[path] = _Closing(at, quiet)
        return quiet

    def _longer(self, quiet: float, *, after: float) -> float:
        if after > self.quiet_open:
            return min(quiet * _SLOWLY, self.quiet_most)
        return max(quiet, min(quiet * _LONGER, self.quiet_open))

    def _is_outdated(self, until: float, path: str) -> bool:
        wait = self._waits.get(path)
        return wait is None or wait.until != until
