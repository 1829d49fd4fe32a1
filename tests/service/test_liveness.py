"""The watchdog is fed only while everything lives: systemd hears so, on a real socket."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from daemon.backfill.tally import Tally
from daemon.presence import liveness
from daemon.presence.notify import Notifier
from daemon.service import Service
from tests.worlds.place import Place

WATCHDOG = 0.3


class Manager:
    """What listens to the service, as systemd does."""

    def __init__(self, path: Path) -> None:
        self.environ = {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": str(int(WATCHDOG * 1_000_000))}
        self._channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._channel.bind(str(path))
        self._channel.setblocking(False)  # noqa: FBT003 - the socket's own signature

    def heard(self) -> list[str]:
        """Return what was said since the last time."""
        messages = []
        while True:
            try:
                messages.append(self._channel.recv(4096).decode())
            except BlockingIOError:
                return messages

    def close(self) -> None:
        """Stop listening."""
        self._channel.close()


@pytest.fixture
def manager(directory: Path) -> Iterator[Manager]:
    """Give somebody who listens."""
    manager = Manager(directory / "notify")
    yield manager
    manager.close()


@asynccontextmanager
async def _living(place: Place, manager: Manager) -> AsyncIterator[Service]:
    stop = asyncio.Event()
    async with place.session(Tally()) as session:
        service = Service(session, stop, Notifier(manager.environ))
        life = asyncio.create_task(service.run())
        try:
            await _until(lambda: any(said.startswith("READY=1") for said in manager.heard()))
            yield service
        finally:
            stop.set()
            await life
    assert "STOPPING=1" in manager.heard()


async def _until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not reached():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.02)


def _is_fed(manager: Manager) -> bool:
    return any(said.startswith("WATCHDOG=1") for said in manager.heard())


def _is_complained(manager: Manager, word: str) -> Callable[[], bool]:
    return lambda: any(said.startswith("STATUS=Not well") and word in said for said in manager.heard())


async def _is_fed_no_more(manager: Manager, word: str) -> None:
    await _until(_is_complained(manager, word))
    manager.heard()
    await asyncio.sleep(3 * WATCHDOG)
    assert not _is_fed(manager)


async def test_it_is_fed_while_all_is_well(place: Place, manager: Manager) -> None:
    """Again and again, with the counts, also with every optional loop turned off."""
    place.changed |= {"AI_TRACES_DRIFT_CHECK_SECONDS": "0", "AI_TRACES_RESCAN_SECONDS": "0"}
    async with _living(place, manager):
        for _ in range(4):
            await _until(lambda: _is_fed(manager))


@pytest.mark.parametrize("loop", range(5))
async def test_a_loop_that_ended_is_not_fed(place: Place, manager: Manager, loop: int) -> None:
    """Whichever of them it is: the others alone are no daemon."""
    async with _living(place, manager) as service:
        await _until(lambda: _is_fed(manager))
        life = service._liveness._lives[loop]
        life.cancel()
        if life.get_name() == "look_after_watcher":  # it is the one that feeds
            await asyncio.sleep(2 * WATCHDOG)
            manager.heard()
            await asyncio.sleep(3 * WATCHDOG)
            assert not _is_fed(manager)
        else:
            await _is_fed_no_more(manager, life.get_name())


async def test_a_worker_that_hangs_is_not_fed(
    place: Place, manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that waits for something that never comes gives no sign of life."""
    monkeypatch.setattr(liveness, "WORKER_TICKS_WITHIN", 4.0)
    async with _living(place, manager) as service:
        worker = service._session.worker
        await _until(lambda: worker.ticked is not None)
        await asyncio.sleep(2.5)  # idle is alive
        assert _is_fed(manager)
        monkeypatch.setattr(worker, "_pause", lambda _: 1_000.0)
        monkeypatch.setattr(liveness, "WORKER_TICKS_WITHIN", 0.5)
        await _is_fed_no_more(manager, "worker")
        monkeypatch.undo()


async def test_a_scan_that_hangs_is_not_fed(
    place: Place, manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a network drive that does not answer; a scan that takes its time is no trouble."""
    async with _living(place, manager) as service:
        with service._liveness.scanning():
            await asyncio.sleep(2 * WATCHDOG)
            assert _is_fed(manager)
            monkeypatch.setattr(service._liveness, "_longest_scan", 0.1)
            await _is_fed_no_more(manager, "scan")
        await _until(lambda: _is_fed(manager))
