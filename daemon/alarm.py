"""Let one task sleep until a time-out or a wake-up call."""

import asyncio


class Alarm:
    """Wake one sleeping task; a ring while it is awake ends its next rest.

    An idle daemon does little else, so this takes no task and a single timer.
    """

    def __init__(self) -> None:
        self._rang = False
        self._sleeper: asyncio.Future[None] | None = None

    def ring(self) -> None:
        """Wake the task at once."""
        self._rang = True
        self._end_rest()

    async def rest(self, seconds: float) -> bool:
        """Sleep until the time is up or it rings; return whether it rang since the last rest."""
        if not self._rang:
            loop = asyncio.get_running_loop()
            self._sleeper = loop.create_future()
            timer = loop.call_later(seconds, self._end_rest)
            try:
                await self._sleeper
            finally:
                timer.cancel()
                self._sleeper = None
        rang, self._rang = self._rang, False
        return rang

    def _end_rest(self) -> None:
        if self._sleeper is not None and not self._sleeper.done():
            self._sleeper.set_result(None)
