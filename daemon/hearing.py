"""Whether changes of logs are heard: look, watch again where they are not, and say how well they are."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import structlog

from daemon.stopping import rest
from daemon.ticking import AT_REST, until_tick
from daemon.watching.health import Deaf, Health, ScanOnly
from daemon.watching.watch import Watcher
from sync.files import RootUnavailable
from sync.names import LogPath

log = structlog.get_logger("daemon")

TICK = AT_REST
"""Seconds between two looks whether the watcher hears: the kernel does not tell of every end of a watch."""


class Hearing:
    """Looks after the watcher of one daemon.

    Attributes:
        health: How well changes are heard, as far as that was last seen.
    """

    def __init__(self, watcher: Watcher, root: Path, stop: asyncio.Event) -> None:
        self._watcher = watcher
        self._root = root
        self._stop = stop
        self._doubtful = asyncio.Event()
        self._watching = asyncio.Lock()
        self.health: Health = Deaf("not started")

    def doubt(self) -> None:
        """Have the next look at once."""
        self._doubtful.set()

    async def until_next_look(self, *, within: float | None) -> None:
        """Wait until it is time to look, so many seconds at most, or until somebody doubts."""
        await rest(self._doubtful, until_tick(asyncio.get_running_loop().time(), min(TICK, within or TICK)))
        self._doubtful.clear()

    async def look(self) -> bool:
        """Watch again where nothing is heard; tell whether a scan has to make up for what was not."""
        async with self._watching:
            health = await self._heard()
        if self._stop.is_set() or not isinstance(health, Deaf):
            return False
        log.warning("watch.deaf", reason=health.reason)
        return await self.watch_again()

    async def watch_again(self) -> bool:
        """Watch anew; tell whether that was possible."""
        async with self._watching:
            if self._stop.is_set():
                return False
            try:
                health = await asyncio.to_thread(self._watcher.restart)
            except RootUnavailable as error:
                if self.health != Deaf(error.what):
                    log.error("watch.root_unavailable", what=error.what, hint=error.hint)
                self.health = Deaf(error.what)
                return False
        if not isinstance(health, ScanOnly):
            log.info("watch.started", root=str(self._root))
        self._learn(health)
        return True

    async def cover(self, directories: Sequence[LogPath]) -> None:
        """Make sure that all directories which a scan has entered are watched."""
        coverage = await asyncio.to_thread(self._watcher.coverage, directories)
        if not isinstance(coverage, Deaf):  # deafness is for the next look, which mends it
            self._learn(coverage)

    async def stop(self) -> None:
        """End the watch once nobody is at it, beside the loop: that may take a while."""
        self._doubtful.set()
        async with self._watching:
            await asyncio.to_thread(self._watcher.stop)

    def close(self) -> None:
        """End the watch at once, if it has not ended."""
        self._watcher.stop()

    async def _heard(self) -> Health:
        """Ask the watcher; beside the loop where that may take long."""
        watcher = self._watcher
        return watcher.health() if watcher.is_local else await asyncio.to_thread(watcher.health)

    def _learn(self, health: Health) -> None:
        """Take note of how well changes are heard, and say so when events are no longer to be relied upon."""
        if isinstance(health, ScanOnly) and health != self.health:
            log.warning("watch.scan_only", reason=health.reason, hint=health.hint)
        self.health = health
