"""A process whose state is removed or replaced ends before another one can write at the same time."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon.presence.lock import LOCK_NAME, StateLock
from daemon.presence.state_guard import guard_state
from sync.errors import StateGone
from sync.state.state_file import DATABASE_NAME
from sync.state.store import Store

OFTEN = 0.01


def _removed(directory: Path) -> None:
    shutil.rmtree(directory)


def _replaced(directory: Path) -> None:
    directory.rename(directory.with_name("aside"))
    with StateLock(directory), Store.open(directory):
        pass


def _without_lock(directory: Path) -> None:
    (directory / LOCK_NAME).unlink()


def _from_a_backup(directory: Path) -> None:
    backup = shutil.copy(directory / DATABASE_NAME, directory / "backup")
    Path(backup).replace(directory / DATABASE_NAME)


@pytest.mark.parametrize("taken", [_removed, _replaced, _without_lock, _from_a_backup])
async def test_the_work_is_told_to_stop_and_why(tmp_path: Path, taken: Callable[[Path], None]) -> None:
    """Whether the directory goes or only a file in it, with or without another in its place."""
    state_dir, stop = tmp_path / "state", asyncio.Event()

    async def work() -> None:
        async with guard_state(state_dir, stop, every=OFTEN):
            await asyncio.sleep(3 * OFTEN)
            assert not stop.is_set()
            taken(state_dir)
            await asyncio.wait_for(stop.wait(), 30)

    with StateLock(state_dir), Store.open(state_dir), pytest.raises(StateGone):
        await work()


async def test_a_state_at_work_is_no_alarm(tmp_path: Path) -> None:
    """What is written into lock and database changes nothing, and an orderly end raises nothing."""
    state_dir, stop = tmp_path / "state", asyncio.Event()
    with StateLock(state_dir) as lock, Store.open(state_dir) as store:
        async with guard_state(state_dir, stop, every=OFTEN):
            for number in range(20):
                lock.show(str(number))
                store.remember("fact", str(number))
                await asyncio.sleep(OFTEN)
    assert not stop.is_set()


async def test_a_state_that_went_before_the_first_look_is_missed_too(tmp_path: Path) -> None:
    """What was never there to be seen is gone as well."""
    state_dir, stop = tmp_path / "state", asyncio.Event()

    async def work() -> None:
        _removed(state_dir)
        async with guard_state(state_dir, stop, every=OFTEN):
            await asyncio.wait_for(stop.wait(), 30)

    with StateLock(state_dir), Store.open(state_dir), pytest.raises(StateGone):
        await work()
