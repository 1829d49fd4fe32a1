"""Stop a process whose state was removed or replaced: another process could then write at the same time."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeAlias

from daemon.presence.lock import LOCK_NAME
from daemon.ticking import AT_REST, until_tick
from sync.errors import StateGone
from sync.state.state_file import DATABASE_NAME

_Identities: TypeAlias = tuple[tuple[int, int] | None, ...]


class _Guard:
    """Check the files at every tick; a plain timer costs an idle daemon least."""

    def __init__(self, state_dir: Path, stop: asyncio.Event, every: float) -> None:
        self._files = tuple(state_dir / name for name in (LOCK_NAME, DATABASE_NAME))
        self._stop = stop
        self._every = every
        self._loop = asyncio.get_running_loop()
        self._before = self._identities()
        self._timer = self._at_next_tick()
        self.found_it_gone = False

    def _at_next_tick(self) -> asyncio.TimerHandle:
        return self._loop.call_later(until_tick(self._loop.time(), self._every), self._look)

    def _look(self) -> None:
        identities = self._identities()
        if None not in identities and identities == self._before:
            self._timer = self._at_next_tick()
        elif not self._stop.is_set():
            self.found_it_gone = True
            self._stop.set()

    def _identities(self) -> _Identities:
        return tuple(map(_identity, self._files))

    def end(self) -> None:
        """Stop checking."""
        self._timer.cancel()


@asynccontextmanager
async def guard_state(state_dir: Path, stop: asyncio.Event, *, every: float = AT_REST) -> AsyncIterator[None]:
    """Set `stop` as soon as the lock or the database is no longer the same file.

    Raises:
        StateGone: At the end of the context, if that happened.
    """
    guard = _Guard(state_dir, stop, every)
    try:
        yield
    finally:
        guard.end()
    if guard.found_it_gone:
        raise StateGone(
            f"The state in {state_dir} was removed or replaced while ai-traces was at work",
            "As a service it starts again by itself, else run it again: all pages are found again",
        )


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        status = os.lstat(file)
    except OSError:
        return None
    return status.st_dev, status.st_ino
