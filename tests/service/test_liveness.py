"""The watchdog is fed only while everything lives: systemd hears so, on a real socket."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager

import pytest

from daemon import worker
from daemon.presence import liveness
from daemon.presence.notify import Notifier
from tests.worlds.living import Living, living
from tests.worlds.manager import WATCHDOG, Manager
from tests.worlds.patience import until
from tests.worlds.place import Place


@asynccontextmanager
async def _living(place: Place, manager: Manager) -> AsyncIterator[Living]:
    async with living(place, notifier=Notifier(manager.environ)) as daemon:
        await until(lambda: any(said.startswith("READY=1") for said in manager.heard()))
        yield daemon
    assert "STOPPING=1" in manager.heard()


def _is_fed(manager: Manager) -> bool:
    return any(said.startswith("WATCHDOG=1") for said in manager.heard())


def _is_complained(manager: Manager, word: str) -> Callable[[], bool]:
    return lambda: any(said.startswith("STATUS=Not well") and word in said for said in manager.heard())


async def _is_fed_no_more(manager: Manager, word: str) -> None:
    await until(_is_complained(manager, word))
    manager.heard()
    await asyncio.sleep(3 * WATCHDOG)
    assert not _is_fed(manager)


async def test_it_is_fed_while_all_is_well(place: Place, manager: Manager) -> None:
    """Again and again, with the counts, also with every optional loop turned off."""
    place.changed |= {"AI_TRACES_DRIFT_CHECK_SECONDS": "0", "AI_TRACES_RESCAN_SECONDS": "0"}
    async with _living(place, manager):
        for _ in range(4):
            await until(lambda: _is_fed(manager))


@pytest.mark.parametrize("loop", ["hand_over", "look_after_watcher", "rescans", "drift_checks", "work"])
async def test_a_loop_that_ended_is_not_fed(place: Place, manager: Manager, loop: str) -> None:
    """Whichever of them it is: the others alone are no daemon."""
    async with _living(place, manager):
        await until(lambda: _is_fed(manager))
        (life,) = [task for task in asyncio.all_tasks() if task.get_name() == loop]
        life.cancel()
        if loop == "look_after_watcher":  # it is the one that feeds
            await asyncio.sleep(2 * WATCHDOG)
            manager.heard()
            await asyncio.sleep(3 * WATCHDOG)
            assert not _is_fed(manager)
        else:
            await _is_fed_no_more(manager, loop)


async def test_a_worker_that_hangs_is_not_fed(
    empty: Place, manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that waits for something that never comes gives no sign of life; an idle one does."""
    monkeypatch.setattr(worker, "AT_REST", 0.05)
    monkeypatch.setattr(liveness, "WORKER_TICKS_WITHIN", 0.5)
    async with _living(empty, manager) as daemon:
        begun = asyncio.get_running_loop().time()
        await until(lambda: (daemon.session.worker.ticked or 0.0) > begun + 0.6)
        await until(lambda: _is_fed(manager))
        monkeypatch.setattr(worker, "AT_REST", 1_000.0)
        await _is_fed_no_more(manager, "worker")


@contextmanager
def _hanging_drive() -> Iterator[None]:
    """Let whatever asks for a file beside the loop wait, as where a network drive does not answer."""
    answers, threads = threading.Event(), ThreadPoolExecutor(1)
    asyncio.get_running_loop().set_default_executor(threads)
    threads.submit(answers.wait)
    try:
        yield
    finally:
        answers.set()


async def test_a_scan_that_hangs_is_not_fed(
    empty: Place, manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a network drive that does not answer; a scan that takes its time is no trouble."""
    monkeypatch.setattr(liveness, "SCAN_ENDS_WITHIN", 1.0)
    empty.changed["AI_TRACES_RESCAN_SECONDS"] = "0.05"
    said: list[str] = []

    def hears(word: str) -> bool:
        said.extend(manager.heard())
        return any(word in each for each in said)

    async with _living(empty, manager):
        with _hanging_drive():
            await until(lambda: hears("a scan has been under way"))
            assert any(each.startswith("WATCHDOG=1") for each in said)
            manager.heard()
            await asyncio.sleep(3 * WATCHDOG)
            assert not _is_fed(manager)
        await until(lambda: _is_fed(manager))
