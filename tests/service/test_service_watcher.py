"""How the daemon looks after its watcher: beside its other work, and without a word too many."""

import asyncio
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from daemon import hearing, worker
from daemon.watching.health import Health, ScanOnly
from daemon.watching.watch import Watcher
from sync.names import LogPath
from tests.worlds.living import ready
from tests.worlds.patience import PATIENCE, until
from tests.worlds.place import Place
from virtual_time import VirtualLoop, virtually


async def test_a_look_at_a_local_directory_wakes_no_other_thread(
    empty: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes no time there, and happens as long as the daemon lives; elsewhere it may take any."""
    monkeypatch.setattr(hearing, "TICK", 0.05)
    watchers: list[Watcher] = []
    on_main_thread: Counter[bool] = Counter()

    class Seen(Watcher):
        """Notes on which threads it is looked after."""

        def start(self) -> Health:
            """Begin."""
            watchers.append(self)
            return super().start()

        def health(self) -> Health:
            """Tell, and note the thread."""
            on_main_thread[threading.current_thread() is threading.main_thread()] += 1
            return super().health()

    async with ready(empty, watches=Seen):
        (watcher,) = watchers
        for is_local in (True, False):
            watcher.is_local = is_local
            for _ in range(2):  # the first may have been under way
                on_main_thread.clear()
                await until(lambda: on_main_thread.total() > 1)
            assert set(on_main_thread) == {is_local}


async def test_the_watcher_holds_up_nothing(empty: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it is begun, looked after and ended, the event loop has its turns."""
    monkeypatch.setattr(hearing, "TICK", 0.05)
    loop = asyncio.get_running_loop()
    turns: Counter[tuple[str, bool]] = Counter()

    def wait_for_a_turn(during: str) -> None:
        had = threading.Event()
        loop.call_soon_threadsafe(had.set)
        turns[during, had.wait(PATIENCE)] += 1

    class Slow(Watcher):
        """On a drive that others serve: it takes as long as the loop needs for a turn."""

        is_begun = False

        def restart(self) -> Health:
            """Begin anew, slowly."""
            wait_for_a_turn("beginning")
            health = super().restart()
            self.is_begun, self.is_local = True, False
            return health

        def health(self) -> Health:
            """Tell, slowly."""
            if self.is_begun:
                wait_for_a_turn("looking")
            return super().health()

        def stop(self) -> None:
            """End, slowly."""
            if self.is_begun:
                wait_for_a_turn("ending")
                self.is_begun = False
            super().stop()

    async with ready(empty, watches=Slow):
        await until(lambda: turns["looking", True] > 1)
    assert {during for during, _ in turns} == {"beginning", "looking", "ending"}
    assert all(had for _, had in turns)


class Dawdling(Watcher):
    """A watcher that takes its time to end."""

    def stop(self) -> None:
        """End, slowly."""
        time.sleep(0.4)
        super().stop()


async def test_a_stop_finishes_what_is_on_its_way(empty: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The requests that have left get their answers while the watcher is ended; no look is waited for."""
    monkeypatch.setattr(hearing, "TICK", 1_000.0)
    monkeypatch.setattr(worker, "AT_REST", 1_000.0)
    async with ready(empty, watches=Dawdling) as daemon:
        empty.notion.latency = 0.5
        empty.notion.journal.clear()
        empty.write("a.md")
        await until(lambda: bool(empty.notion.journal.writes()))
        daemon.stop.set()
        async with asyncio.timeout(PATIENCE):
            await daemon.life
        record = daemon.session.store.page(LogPath("a.md"))
        assert record is not None
        assert record.content_hash
    assert daemon.events("watch.deaf") == []


class Partial(Watcher):
    """A watcher that the system lets watch only a part."""

    def coverage(self, directories: Iterable[LogPath]) -> Health:  # noqa: ARG002 - as it is asked
        """Tell so."""
        return ScanOnly("2 directories are not watched", "Raise the limit")


async def test_what_is_not_watched_is_told_once(empty: Place) -> None:
    """A scan that finds directories without a watch says so, and what to do; the next scan is silent."""
    empty.changed["AI_TRACES_RESCAN_SECONDS"] = "0.05"
    async with ready(empty, watches=Partial) as daemon:
        await until(lambda: len(daemon.events("scan.done")) > 2)
        (told,) = daemon.events("watch.scan_only")
        assert told["hint"] == "Raise the limit"


async def test_a_logs_directory_that_goes_is_missed_at_once(
    empty: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel says so: it is not left to the next look, which is far off while all is well."""
    monkeypatch.setattr(hearing, "TICK", 1_000.0)
    async with ready(empty) as daemon:
        shutil.rmtree(empty.directory / "logs")
        await until(lambda: bool(daemon.events("watch.deaf")))
        await until(lambda: "are not noticed" in str(daemon.session.vitals.pulse.impairment))


def test_another_root_in_the_place_of_the_watched_one_is_missed_within_ten_seconds(tmp_path: Path) -> None:
    """The kernel does not say that a directory above gave way to another: only a look finds it."""
    root = tmp_path / "home" / "logs"
    root.mkdir(parents=True)

    async def passed(loop: VirtualLoop) -> float:
        watcher = Watcher(root, deliver=lambda _: None, on_overflow=lambda: None)
        looking = hearing.Hearing(watcher, root, asyncio.Event())
        assert await looking.watch_again()
        root.parent.rename(tmp_path / "moved")
        root.mkdir(parents=True)
        await looking.until_next_look(within=None)
        assert await looking.look()
        await looking.stop()
        return loop.time()

    assert virtually(passed) <= 10.0
