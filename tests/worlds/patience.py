"""Wait on the event loop for what should happen soon."""

import asyncio
from collections.abc import Callable

PATIENCE = 60.0
"""The deadline in seconds: far more than anything takes, even on a busy machine."""


async def until(reached: Callable[[], bool]) -> None:
    """Poll until a condition holds; fail if it takes too long."""
    async with asyncio.timeout(PATIENCE):
        while not reached():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)
