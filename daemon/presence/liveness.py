"""Check that every part of the daemon is still alive, before the watchdog is told so."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from daemon.worker import Worker

WORKER_TICKS_WITHIN = 90.0
"""Seconds within which the worker shows a sign of life; it does so every few seconds, even in an outage."""

SCAN_ENDS_WITHIN = 900.0
"""Seconds that any scan may take; a million files on a cold disk take a minute."""


class Liveness:
    """Watch over the tasks of a running daemon.

    Args:
        worker: The worker, which records its signs of life.
        rescan: Seconds between two scans; 0 for never.
    """

    def __init__(self, worker: Worker, *, rescan: float) -> None:
        self._worker = worker
        self._clock = asyncio.get_running_loop().time
        self._longest_scan = max(SCAN_ENDS_WITHIN, 2 * rescan)
        self._lives: tuple[asyncio.Task[None], ...] = ()
        self._scanning_since: float | None = None

    def start(
        self, tasks: asyncio.TaskGroup, lives: Iterable[Callable[[], Coroutine[Any, Any, None]]]
    ) -> None:
        """Start the tasks, none of which should end before the daemon does."""
        self._lives = tuple(tasks.create_task(life(), name=life.__name__.strip("_")) for life in lives)

    @contextmanager
    def scanning(self) -> Iterator[None]:
        """Mark the time of a scan."""
        self._scanning_since = self._clock()
        try:
            yield
        finally:
            self._scanning_since = None

    def failing(self) -> str:
        """Return what has ended or hangs; empty while all is well."""
        ended = [life.get_name() for life in self._lives if life.done()]
        if ended:
            return f"{' and '.join(ended)} ended"
        now, ticked = self._clock(), self._worker.ticked
        if ticked is not None and now - ticked > WORKER_TICKS_WITHIN:
            return f"the worker has given no sign of life for {now - ticked:.0f} s"
        if self._scanning_since is not None and now - self._scanning_since > self._longest_scan:
            return f"a scan has been under way for {now - self._scanning_since:.0f} s"
        return ""
