"""Run one ai-traces on virtual time."""

import asyncio
from pathlib import Path

from sync.notion.emulator import Emulator
from tests.worlds.clock import LoopClock
from tests.worlds.wire import Witness
from tests.worlds.world import World
from virtual_time import VirtualLoop


class TimedWorld(World):
    """One ai-traces on virtual time, with the usual budget and pauses of their real length."""

    sleep = staticmethod(asyncio.sleep)
    per_minute = 180

    def __init__(self, directory: Path, loop: VirtualLoop, *, notion: Emulator | None = None) -> None:
        super().__init__(directory, notion=notion, clock=LoopClock(loop))
        self.witness = Witness(self.wire.inner, loop.time)
        self.wire.inner = self.witness

    async def rest(self) -> None:
        """Let the worker work until nothing is left on the list; fail after a day."""
        async with asyncio.timeout(86_400):
            await self.worker.work(asyncio.Event(), enough=lambda: self._next_due() is None)
