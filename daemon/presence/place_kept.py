"""Notice that the state was taken away from under a process: from then on another one may write beside it."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeAlias

from daemon.presence.lock import LOCK_NAME
from daemon.stopping import rest
from daemon.ticking import AT_REST, until_tick
from sync.errors import StateGone
from sync.state.state_file import DATABASE_NAME

_Files: TypeAlias = tuple[tuple[int, int] | None, ...]


@asynccontextmanager
async def place_kept(state_dir: Path, stop: asyncio.Event, *, every: float = AT_REST) -> AsyncIterator[None]:
    """Set `stop` once the lock or the database is no longer the file that it was.

    Raises:
        StateGone: That was why the work ended.
    """
    looking = asyncio.create_task(_is_gone(state_dir, stop, every))
    try:
        yield
    finally:
        found = looking.done() and looking.result()
        looking.cancel()
    if found:
        raise StateGone(
            f"The state in {state_dir} was removed or replaced while ai-traces was at work",
            "As a service it starts again by itself, else run it again: all pages are found again",
        )


async def _is_gone(state_dir: Path, stop: asyncio.Event, every: float) -> bool:
    """Look until the stop, and set it where the state is gone before."""
    clock, before = asyncio.get_running_loop().time, _files(state_dir)
    while not stop.is_set():
        if _files(state_dir) != before:
            stop.set()
            return True
        await rest(stop, until_tick(clock(), every))
    return False


def _files(state_dir: Path) -> _Files:
    return tuple(_identity(state_dir / name) for name in (LOCK_NAME, DATABASE_NAME))


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        status = os.lstat(file)
    except OSError:
        return None
    return status.st_dev, status.st_ino
