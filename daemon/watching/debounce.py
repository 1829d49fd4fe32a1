"""Wait until a changing path is quiet, but not for ever. Pure: time is a parameter."""

import heapq
from dataclasses import dataclass, field

_LONGER = 4
"""Factor by which the wait grows when a path is closed again within `quiet_open`."""

_SLOWLY = 1.5
"""The same for a path that is closed again later: a few edits in a row are still synced at once."""


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
    """How long the path had to be quiet after this."""


@dataclass(slots=True, kw_only=True)
class Debouncer:
    """Hold the paths that were touched until they are due. All times are in seconds.

    Attributes:
        quiet_closed: How long a path has to be quiet after its writer has closed it. Closed again within
            `quiet_open`, it is written bit by bit, and has to be quiet for longer each time.
        quiet_open: How long a path has to be quiet when nobody was seen to close it.
        quiet_most: The longest quiet that is asked of a path that is closed again and again.
        max_wait: When a path that never gets quiet is due, counted from its first touch.
    """

    quiet_closed: float
    quiet_open: float
    quiet_most: float
    max_wait: float
    _waits: dict[str, _Wait] = field(default_factory=dict, init=False)
    _queue: list[tuple[float, str]] = field(default_factory=list, init=False)
    _closings: dict[str, _Closing] = field(default_factory=dict, init=False)
    """The last closing of each path, oldest first, for as long as it matters."""

    def touched(self, path: str, *, at: float, closed: bool) -> None:
        """Record that a path may have changed, and restart its wait."""
        earlier = self._waits.get(path)
        since = at if earlier is None else earlier.since
        quiet = self._quiet_after_closing(path, at) if closed else self.quiet_open
        until = min(at + quiet, since + self.max_wait)
        self._waits[path] = _Wait(since, until)
        if earlier is None or earlier.until != until:
            heapq.heappush(self._queue, (until, path))

    def due(self, now: float) -> list[str]:
        """Return and forget the paths whose wait is over, in the order in which it ended."""
        ready = []
        while (when := self.next_due()) is not None and when <= now:
            _, path = heapq.heappop(self._queue)
            del self._waits[path]
            ready.append(path)
        return ready

    def next_due(self) -> float | None:
        """Return when the next path will be due; None if no path waits."""
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
