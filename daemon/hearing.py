"""Look after the file watcher: check that it hears changes, restart it when deaf, keep its health."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import structlog

from daemon.alarm import Alarm
from daemon.ticking import AT_REST, until_tick
from daemon.watching.health import Deaf, Health, ScanOnly
from daemon.watching.watch import Watcher
from sync.files import RootUnavailable
from sync.names import LogPath

log = structlog.get_logger("daemon")

TICK = AT_REST
"""Seconds between two checks: the kernel does not report every watch that ends."""


class Hearing:
    """Look after the watcher of one daemon.

    Attributes:
        health: How well changes are heard, as of the last check.
    """

    def __init__(self, watcher: Watcher, root: Path, stop: asyncio.Event) -> None:
        self._watcher = watcher
        self._root = root
        self._stop = stop
        self._doubt = Alarm()
        self._watching = asyncio.Lock()
        self.health: Health = Deaf("not started")

    def doubt(self) -> None:
        """Make the next check due at once."""
        self._doubt.ring()

    async def until_next_look(self, *, within: float | None) -> None:
        """Wait until the next check is due, at most `within` seconds, or until somebody doubts."""
        await self._doubt.rest(until_tick(asyncio.get_running_loop().time(), min(TICK, within or TICK)))

    async def look(self) -> bool:
        """Restart a deaf watcher; return whether a scan has to find what it missed."""
        async with self._watching:
            health = await self._heard()
        if self._stop.is_set() or not isinstance(health, Deaf):
            return False
        log.warning("watch.deaf", reason=health.reason)
        return await self.watch_again()

    async def watch_again(self) -> bool:
        """Restart the watcher; return whether that was possible."""
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
        """Check that every directory that a scan has entered is watched."""
        coverage = await asyncio.to_thread(self._watcher.coverage, directories)
        if not isinstance(coverage, Deaf):  # the next check mends that
            self._learn(coverage)

    async def stop(self) -> None:
        """Stop the watcher without blocking the loop, once no check is running."""
        self._doubt.ring()
        async with self._watching:
            await asyncio.to_thread(self._watcher.stop)

    def close(self) -> None:
        """Stop the watcher at once, unless it has stopped."""
        self._watcher.stop()

    async def _heard(self) -> Health:
        """Return the watcher's health; asked in a thread where that may take long."""
        watcher = self._watcher
        return watcher.health() if watcher.is_local else await asyncio.to_thread(watcher.health)

    def _learn(self, health: Health) -> None:
        """Remember the health, and warn when events have become unreliable."""
        if isinstance(health, ScanOnly) and health != self.health:
            log.warning("watch.scan_only", reason=health.reason, hint=health.hint)
        self.health = health
