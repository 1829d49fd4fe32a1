"""Clocks that a test controls, or that follow a loop on virtual time."""

from datetime import UTC, datetime, timedelta

from virtual_time import VirtualLoop


class Clock:
    """A clock that stands still until a test advances it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the present time."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


class LoopClock(Clock):
    """A clock that follows a loop on virtual time."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def __call__(self) -> datetime:
        """Return the present time."""
        return self._loop.now()
