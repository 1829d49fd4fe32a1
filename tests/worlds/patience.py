"""Waiting, on the event loop, for what should happen soon."""

import asyncio
from collections.abc import Callable

PATIENCE = 60.0
"""Seconds until something that should have happened has not: far more than it takes where much else runs."""


async def until(reached: Callable[[], bool]) -> None:
    """Wait until something is so that nobody tells of; fail when it takes too long."""
    async with asyncio.timeout(PATIENCE):
        while not reached():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)
