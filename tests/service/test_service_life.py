"""The daemon's life: no full disk ends it, no trouble is told twice, and a stop is quick and quiet."""

import asyncio
import shutil
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from daemon import breaker, hearing, service
from daemon.breaker import Closed, Open
from daemon.config.settings import load
from daemon.presence.notify import Notifier
from daemon.service import Service
from daemon.session import Session, open_session
from daemon.watching.health import Deaf, Health, ScanOnly
from daemon.watching.watch import Watcher
from sync.names import LogPath
from sync.notion.emulator import DEMO_TOKEN, Emulator, EmulatorTransport, Fault, FaultKind
from sync.state.records import Standing
from sync.state.store import Store
from sync.verdict import Verdict
from tests.worlds.world import World

LOG = "# Execution Log: T-{}\n\nText.\n"


async def _until(reached: Callable[[], bool], *, within: float = 10.0) -> None:
    async with asyncio.timeout(within):
        while not reached():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)


@dataclass(slots=True)
class Living:
    """A daemon that runs.

    Attributes:
        told: Its log so far.
    """

    session: Session
    service: Service
    stop: asyncio.Event
    told: list[Any]
    life: asyncio.Task[None]

    def events(self, name: str) -> list[Any]:
        """Return its log lines of one kind."""
        return [line for line in self.told if line["event"] == name]

    def unwritable(self) -> None:
        """Let every write to the state fail, as on a full disk."""
        self.session.store.connection.execute("PRAGMA query_only = ON")

    def unreadable(self) -> None:
        """Let everything fail that is asked of the state."""
        self.session.store.connection.set_progress_handler(lambda: 1, 1)

    def usable(self) -> None:
        """Let the state be used again."""
        self.session.store.connection.set_progress_handler(None, 1)
        self.session.store.connection.execute("PRAGMA query_only = OFF")


@dataclass(slots=True)
class Place:
    """Logs, a state and a Notion; each `living` is a process of its own."""

    directory: Path
    notion: Emulator
    settings: dict[str, str] = field(default_factory=dict)

    def write(self, path: str, text: str = "") -> None:
        """Write a log."""
        (self.directory / "logs" / path).write_text(text or LOG.format(path), encoding="utf-8")

    def pages(self) -> list[str]:
        """Return the keys of the pages outside the trash."""
        return sorted(page["properties"]["Log Path"] for page in self.notion.dump() if not page["in_trash"])

    @asynccontextmanager
    async def living(
        self, extra: Mapping[str, str] | None = None, *, watcher: type[Watcher] | None = None
    ) -> AsyncIterator[Living]:
        """Run a daemon, and stop it in the end."""
        settings = load(
            {
                "NOTION_TOKEN": DEMO_TOKEN,
                "AI_TRACES_LOGS_DIR": str(self.directory / "logs"),
                "AI_TRACES_STATE_DIR": str(self.directory / "state"),
                "AI_TRACES_REQUESTS_PER_MINUTE": "1000000",
                "AI_TRACES_SETTLE_SECONDS": "0.05",
                "AI_TRACES_RESCAN_SECONDS": "0",
                **(extra or {}),
            },
            directory=self.directory,
            config_dir=self.directory,
        )
        token, stop, transport = settings.notion_token, asyncio.Event(), EmulatorTransport(self.notion)
        assert token is not None
        with capture_logs() as told, Store.open(settings.state_dir) as store:
            async with open_session(
                settings, token, store, transport=transport, note=lambda _: None
            ) as session:
                living = Service(session, stop, Notifier({}))
                if watcher is not None:
                    living._hearing._watcher = watcher(
                        settings.logs_dir, deliver=living._from_watchdog, on_overflow=lambda: None
                    )
                life = asyncio.create_task(living.run())
                try:
                    yield Living(session, living, stop, told, life)
                finally:
                    store.connection.set_progress_handler(None, 1)
                    store.connection.execute("PRAGMA query_only = OFF")
                    stop.set()
                    await life

    @asynccontextmanager
    async def ready(
        self, extra: Mapping[str, str] | None = None, *, watcher: type[Watcher] | None = None
    ) -> AsyncIterator[Living]:
        """Run a daemon that is connected."""
        async with self.living(extra, watcher=watcher) as living:
            await _until(lambda: bool(living.events("notion.connected")))
            await _until(lambda: bool(living.events("daemon.ready")))
            yield living


@pytest.fixture
def place(directory: Path) -> Place:
    """An empty logs directory and an empty database."""
    notion = Emulator()
    notion.create_database()
    (directory / "logs").mkdir()
    return Place(directory, notion)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the waits, of half a minute and more, after which the state is tried again."""
    monkeypatch.setattr(breaker, "_FIRST_ACCESS_PAUSE", timedelta(seconds=0.2))
    monkeypatch.setattr(breaker, "_LONGEST_PAUSE", timedelta(seconds=0.2))
    monkeypatch.setattr(service, "UNUSABLE_RESCAN", 0.3)
    monkeypatch.setattr(hearing, "TICK", 0.05)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("trouble", ["unwritable", "unreadable"])
async def test_a_full_disk_does_not_end_it(place: Place, trouble: str) -> None:
    """It stays up, needs a person, sends nothing meanwhile, and does it all once there is room again."""
    async with place.ready({"AI_TRACES_DRIFT_CHECK_SECONDS": "1"}) as living:
        getattr(living, trouble)()
        place.write("a.md")
        await _until(lambda: isinstance(living.session.worker.breaker, Open))
        seen = living.session.worker.breaker
        assert isinstance(seen, Open)
        assert seen.access
        assert "state" in living.service._status()
        await asyncio.sleep(0.9)
        assert not living.life.done()
        assert place.pages() == []
        living.usable()
        await _until(lambda: place.pages() == ["a.md"])
        await _until(lambda: isinstance(living.session.worker.breaker, Closed))
        place.write("b.md")
        await _until(lambda: place.pages() == ["a.md", "b.md"])
    assert living.life.exception() is None


@pytest.mark.usefixtures("hurried")
async def test_a_disk_that_is_full_in_the_middle_of_work(place: Place) -> None:
    """What was under way is neither lost nor done twice."""
    place.notion.latency = 0.2
    async with place.ready() as living:
        for number in range(20):
            place.write(f"{number:02}.md")
        await _until(lambda: len(place.notion.journal.writes()) > 3)
        living.unwritable()
        await _until(lambda: isinstance(living.session.worker.breaker, Open))
        await asyncio.sleep(0.5)
        assert not living.life.done()
        living.usable()
        await _until(lambda: living.session.backlog.count() == 0, within=20)
    assert place.pages() == [f"{number:02}.md" for number in range(20)]


@pytest.mark.usefixtures("hurried")
async def test_it_goes_on_when_there_is_nothing_left_to_try(place: Place) -> None:
    """A trouble with the state that passed while no log waits does not keep it from asking for ever."""
    async with place.ready() as living:
        living.unreadable()
        await _until(lambda: isinstance(living.session.worker.breaker, Open))
        living.usable()
        await _until(lambda: isinstance(living.session.worker.breaker, Closed))


async def test_a_full_disk_is_no_reason_to_scan_all_the_time(place: Place) -> None:
    """Whatever cannot be put on the list: at most one scan in half a minute makes up for it."""
    place.write("there.md")
    async with place.ready() as living:
        await _until(lambda: place.pages() == ["there.md"])
        scans: Counter[bool] = Counter()
        living.session.store.connection.set_trace_callback(
            lambda statement: scans.update(["EXISTS seen" in statement])
        )
        living.unwritable()
        for number in range(4):
            place.write(f"{number}.md")
            await asyncio.sleep(0.3)
        living.session.store.connection.set_trace_callback(None)
        assert scans[True] <= 1
        assert len(living.events("state.unusable")) == 1


async def test_a_stop_in_an_outage_does_not_say_that_it_is_over(place: Place) -> None:
    """Told to stop while Notion does not answer, it ends without a word of its being usable again."""
    place.notion.faults.add(Fault(kind=FaultKind.UNAVAILABLE, count=0))
    async with place.living() as living:
        # Four attempts with pauses between them, at random up to 14 s in all.
        await _until(lambda: bool(living.events("notion.unusable")), within=30.0)
    assert living.events("notion.usable_again") == []


@pytest.mark.parametrize("trashed", ["respect", "restore"])
async def test_pages_in_the_trash_come_back_when_the_setting_says_so(place: Place, trashed: str) -> None:
    """A restart with AI_TRACES_ON_PAGE_TRASHED=restore brings back what was left there before, unasked."""
    place.write("a.md")
    async with place.ready() as living:
        await _until(lambda: place.pages() == ["a.md"])
        (page,) = place.notion.dump()
        place.notion.human.trash_page(page["id"])
        place.write("a.md", "# Execution Log: T-2\n\nAnother text.\n")
        await _until(lambda: bool(living.session.store.standing(Standing.TRASHED)))
    place.notion.journal.clear()
    async with place.ready({"AI_TRACES_ON_PAGE_TRASHED": trashed}) as living:
        if trashed == "restore":
            await _until(lambda: place.pages() == ["a.md"])
            await _until(lambda: not living.session.backlog.count())
            record = living.session.store.page(LogPath("a.md"))
            assert record is not None
            assert record.standing is Standing.TRACKED
        else:
            assert living.session.backlog.count() == 0
            assert place.notion.journal.writes() == []
            assert place.pages() == []
    assert len(place.notion.dump()) == 1


async def test_a_trashed_page_whose_log_says_again_what_it_shows_comes_back(world: World) -> None:
    """With restore, content equal to what the page showed before the trash does not make it one in step."""
    first = await world.sync("a.md", LOG.format(1))
    page_id = world.page("a.md")["id"]
    world.notion.human.trash_page(page_id)
    assert [*first, *await world.sync("a.md", LOG.format(2))] == [Verdict.CREATED, Verdict.TRASHED]
    world.rules = replace(world.rules, restore_trashed=True)
    await world.restart()
    await world.sync("a.md", LOG.format(1))
    assert world.check("a.md")["id"] == page_id


class Seen(Watcher):
    """A watcher that notes on which threads it is looked after."""

    threads: Counter[bool]

    def start(self) -> Health:
        """Begin, and forget."""
        self.threads = Counter()
        return super().start()

    def health(self) -> Health:
        """Tell, and note the thread."""
        self.threads[threading.current_thread() is threading.main_thread()] += 1
        return super().health()


async def test_a_look_at_a_local_directory_wakes_no_other_thread(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes no time there, and happens as long as the daemon lives; elsewhere it may take any."""
    monkeypatch.setattr(hearing, "TICK", 0.05)
    async with place.ready({"AI_TRACES_RESCAN_SECONDS": "0"}, watcher=Seen) as living:
        watcher = living.service._hearing._watcher
        assert isinstance(watcher, Seen)
        for is_local in (True, False):
            watcher.is_local = is_local
            await asyncio.sleep(0.1)  # what is under way
            watcher.threads.clear()
            await _until(lambda: watcher.threads.total() > 2)
            assert set(watcher.threads) == {is_local}


class Slow(Watcher):
    """A watcher of a huge tree, on a drive that others serve."""

    def restart(self) -> Health:
        """Begin anew, slowly."""
        time.sleep(0.4)
        health = super().restart()
        self.is_local = False
        return health

    def health(self) -> Health:
        """Tell, slowly."""
        time.sleep(0.4)
        return super().health()

    def stop(self) -> None:
        """End, slowly."""
        if self._observer is not None:
            time.sleep(0.4)
        super().stop()


async def test_the_watcher_holds_up_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it is begun, looked after and ended, the event loop has its turns."""
    monkeypatch.setattr(hearing, "TICK", 0.05)
    gaps: list[float] = []

    async def beat() -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(0.01)
            gaps.append(time.monotonic() - last)
            last = time.monotonic()

    beating = asyncio.create_task(beat())
    async with place.ready(watcher=Slow) as living:
        await asyncio.sleep(0.6)
        living.stop.set()
        await living.life
    beating.cancel()
    assert max(gaps) < 0.35


async def test_a_stop_finishes_what_is_on_its_way(place: Place) -> None:
    """The requests that have left get their answers while the watcher is ended, and it takes below 5 s."""
    async with place.ready(watcher=Slow) as living:
        place.notion.latency = 0.5
        place.write("a.md")
        await _until(lambda: bool(living.session.worker._tasks))
        started = time.monotonic()
        living.stop.set()
        await living.life
        assert time.monotonic() - started < 5
        record = living.session.store.page(LogPath("a.md"))
        assert record is not None
        assert record.content_hash
    assert living.events("watch.deaf") == []


class Partial(Watcher):
    """A watcher that the system lets watch only a part."""

    def coverage(self, directories: Iterable[LogPath]) -> Health:  # noqa: ARG002 - as it is asked
        """Tell so."""
        return ScanOnly("2 directories are not watched", "Raise the limit")


async def test_what_is_not_watched_is_told_once(place: Place) -> None:
    """A scan that finds directories without a watch says so, and what to do; the next scan is silent."""
    async with place.ready(watcher=Partial) as living:
        for _ in range(2):
            await living.service._look_at_all()
        (told,) = living.events("watch.scan_only")
        assert told["hint"] == "Raise the limit"


def _has_page(place: Place, name: str) -> bool:
    return name in place.pages()


async def test_a_database_that_changes_is_told_once(place: Place) -> None:
    """A property that somebody retypes while the daemon runs is a warning, when it is met and not again."""
    async with place.ready() as living:
        source = next(iter(place.notion.workspace.data_sources))
        place.notion.human.retype_property(source, "ENV", "number")
        for name in ("a.md", "b.md", "c.md"):
            place.write(name, "# Execution Log: T\n\n**ENV:** dev\n")
            await _until(partial(_has_page, place, name))
        assert len([line for line in living.events("schema.warning") if "ENV" in line["detail"]]) == 1


async def test_a_logs_directory_that_goes_is_missed_at_once(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel says so: it is not left to the next look, which is far off while all is well."""
    monkeypatch.setattr(hearing, "TICK", 1_000.0)
    async with place.ready() as living:
        shutil.rmtree(place.directory / "logs")
        await _until(lambda: bool(living.events("watch.deaf")), within=30)
        assert isinstance(living.service._hearing.health, Deaf)
