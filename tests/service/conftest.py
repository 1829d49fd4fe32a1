"""A whole ai-traces in this process: files, state, worker and a Notion, with time and death at hand."""

import asyncio
import os
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest

from daemon.backfill.alone import backfill
from daemon.backfill.progress import Progress
from daemon.backfill.tally import Summary, Tally
from daemon.breaker import Breaker, Closed, Open
from daemon.config.settings import Settings, load
from daemon.session import Session, open_session, rules_of
from daemon.state_dir import open_state
from daemon.watching.compare import Comparison, chunks
from daemon.watching.scan import Found, scan
from daemon.watching.urgency import by_lane
from daemon.worker import Job, Worker
from sync.comparison import drift
from sync.comparison.inventory import take_inventory
from sync.keys import key_of
from sync.names import LogPath
from sync.notion.calls import Calls
from sync.notion.client import http_client, notion_client
from sync.notion.connect import Wanted
from sync.notion.emulator import AI_TRACES, DEMO_TOKEN, Emulator, EmulatorTransport, Fault, FaultKind
from sync.notion.emulator.answers import columns_of
from sync.notion.emulator.dump import page_dump
from sync.notion.emulator.values import plain_values
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane, RateLimiter
from sync.page.blocks import Attachment, Block, Divider, Table, TableRow, children
from sync.page.draft import PageDraft
from sync.page.render import render
from sync.page.richtext import plain
from sync.page.wire import type_name
from sync.reconcile import Reconciler
from sync.rules import Rules
from sync.state.backlog import Backlog
from sync.state.records import PageRecord
from sync.state.store import DATABASE_NAME, Store
from sync.tracelog.parser import parse
from sync.verdict import Verdict
from virtual_time import VirtualLoop

SETTLE = timedelta(seconds=65)
LATE = 20.0
"""Seconds after which a request that was in flight at a death is carried out."""

Tree: TypeAlias = list[tuple[str, str, "Tree"]]
"""Blocks as type, text and what is below."""


Sleep: TypeAlias = Callable[[float], Awaitable[None]]


async def _at_once(_: float) -> None:
    return


class Killed(BaseException):
    """The process is dead: nothing behind this point runs."""


class Clock:
    """A time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the present time."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


@dataclass(slots=True)
class Death:
    """When the process dies.

    Attributes:
        requests: How many requests until then; it dies with the last of them.
        moment: `before`: that request never leaves; `after`: it is carried out; `in flight`: it is, later.
    """

    requests: int
    moment: str


class Wire(httpx.AsyncBaseTransport):
    """The way to Notion; the process can die on it."""

    def __init__(self, notion: Emulator, sleep: Sleep) -> None:
        self._notion = notion
        self._inner: httpx.AsyncBaseTransport = EmulatorTransport(notion, sleep=sleep)
        self.death: Death | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request, or die."""
        death = self.death
        if death is None:
            return await self._inner.handle_async_request(request)
        death.requests -= 1
        if death.requests > 0:
            return await self._inner.handle_async_request(request)
        if death.requests == 0 and death.moment != "before":
            if death.moment == "in flight":
                self._notion.faults.clear()
                self._notion.faults.add(Fault(kind=FaultKind.LATE_COMMIT, seconds=LATE))
            with suppress(httpx.HTTPError):
                await self._inner.handle_async_request(request)
        raise Killed


class World:
    """One ai-traces and the Notion it mirrors to.

    Attributes:
        requests: Sent since the last `forget_requests`.
        jobs: What the worker reported, in order.
        sleep: How pauses pass.
        per_minute: The budget.
        skew: By how much the clock of this machine is ahead of Notion's.
        longest_wait: The longest time for which nothing was due although something was on the list.
    """

    sleep: Sleep = staticmethod(_at_once)
    per_minute = 1e6

    def __init__(
        self,
        directory: Path,
        *,
        gateway: type[Gateway] = Gateway,
        host: str = "",
        notion: Emulator | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.root = directory / "logs"
        self.state_dir = directory / "state"
        self.root.mkdir()
        self.clock = clock or Clock()
        self.notion = notion or Emulator(clock=self.clock)
        if notion is None:
            self.notion.create_database()
        self.wire = Wire(self.notion, self.sleep)
        self.jobs: list[Job] = []
        self.database = AI_TRACES
        self.rules = _rules(directory, host=host)
        self._gateway_type = gateway
        self._http = http_client(transport=self.wire)
        self._written = 0
        self.skew = timedelta(0)
        self.longest_wait = timedelta(0)
        self.store: Store
        self.gateway: Gateway
        self.backlog: Backlog
        self.reconciler: Reconciler
        self.worker: Worker

    async def start(self) -> None:
        """Start a process: state, connection, inventory, first scan."""
        self.store = open_state(self.state_dir, now=self.clock())
        self.backlog = Backlog(self.store)
        calls = Calls(
            notion_client(self._http, token=DEMO_TOKEN, base_url="https://notion.test"),
            RateLimiter(self.per_minute, asyncio.get_running_loop().time),
            settle=SETTLE,
            jitter=lambda: 0.5,
            sleep=self.sleep,
        )
        wanted = Wanted(database=self.database, names={}, ids={}, manage_schema=True)
        self.gateway = self._gateway_type(calls, wanted)
        self.reconciler = Reconciler(self.rules, self.store, self.gateway, self.local_time)
        self.worker = Worker(
            self.backlog, self.reconciler, now=self.local_time, jitter=lambda: 0.5, report=self._report
        )
        connection = await self.gateway.connect()
        await self.gateway.me(lane=Lane.CHECK)
        self.adopted = await take_inventory(
            self.gateway, self.store, connection, host=self.rules.host, now=self.local_time
        )
        drift.begin(self.store, self.local_time())
        self.rescan()

    def local_time(self) -> datetime:
        """Return what the clock of this machine says."""
        return self.clock() + self.skew

    def stop(self) -> None:
        """End the process in an orderly way."""
        self.store.close()

    async def bury(self) -> None:
        """Clear away what a killed process left in memory."""
        self.store.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def restart(self) -> None:
        """End the process and start the next one."""
        self.stop()
        await self.start()

    def lose_state(self) -> None:
        """Delete what a stopped process remembered; words that were saved for Jen are not memory."""
        for file in self.state_dir.iterdir():
            if file.is_file():
                file.unlink()

    def damage_state(self) -> None:
        """Overwrite the middle of what a stopped process remembered."""
        (self.state_dir / f"{DATABASE_NAME}-wal").unlink(missing_ok=True)
        with (self.state_dir / DATABASE_NAME).open("r+b") as file:
            file.seek(0)
            file.write(b"\xa5" * 8192)

    def back_up(self) -> bytes:
        """Return what is remembered at the moment."""
        with closing(sqlite3.connect(":memory:")) as copy:
            self.store.connection.backup(copy)
            return copy.serialize()

    def restore(self, backup: bytes) -> None:
        """Put a backup in the place of what a stopped process remembered."""
        self.lose_state()
        (self.state_dir / DATABASE_NAME).write_bytes(backup)

    async def close(self) -> None:
        """Free everything."""
        self.store.close()
        await self._http.aclose()

    def rescan(self) -> None:
        """Put on the list what differs by its stamp, and what is gone."""
        comparison = Comparison(self.store, edition=self.rules.edition)
        for chunk in chunks(found for found in scan(self.root) if isinstance(found, Found)):
            for lane, paths in by_lane(comparison.judged(chunk)).items():
                self.backlog.note(paths, lane=lane, now=self.local_time())
        self.backlog.note(comparison.absent(), lane=Lane.CHECK, now=self.local_time())

    async def check_drift(self) -> tuple[LogPath, ...]:
        """Put the logs on the list on whose page a person has been."""
        return await drift.check(
            self.gateway, self.store, self.backlog, host=self.rules.host, now=self.local_time
        )

    def write(self, path: str, text: str) -> None:
        """Write a log, with a time of change that no earlier one had."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        self.touch_file(path)

    def touch_file(self, path: str) -> None:
        """Change a log's time of change alone."""
        self._written += 1
        os.utime(self.root / path, ns=(0, 1_700_000_000_000_000_000 + self._written))

    def replace(self, path: str, text: str) -> None:
        """Write a log beside its place and move it there, as editors do."""
        beside = self.root / "saving.tmp"
        beside.write_text(text, encoding="utf-8")
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.replace(file)
        self.touch_file(path)

    def rename(self, path: str, new: str) -> None:
        """Give a log another name, in place of one that bore it."""
        (self.root / new).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).replace(self.root / new)

    def delete(self, path: str) -> None:
        """Delete a log."""
        (self.root / path).unlink()

    def event(self, *paths: str) -> None:
        """Report changes of logs, as the watcher does."""
        self.backlog.touch(map(LogPath, paths), lane=Lane.LIVE, now=self.local_time())

    async def sync(self, path: str, text: str) -> list[Verdict | str]:
        """Write a log, let the worker rest, and return what became of it each time it was looked at."""
        self.write(path, text)
        return await self.look(path)

    async def look(self, *paths: str) -> list[Verdict | str]:
        """Let the worker look at logs until it rests, and return what became of them, or which error."""
        self.jobs.clear()
        self.event(*paths)
        await self.rest()
        return [_ending(job) for job in self.jobs]

    async def rest(self) -> None:
        """Let the worker work, and time pass, until nothing is left on the list."""
        for _ in range(300):
            await self.worker.work(asyncio.Event(), enough=lambda: not self._is_due())
            next_due = self._next_due()
            if next_due is None:
                return
            wait = max(timedelta(0), next_due - self.local_time())
            self.longest_wait = max(self.longest_wait, wait)
            self.clock.now += wait
        raise AssertionError(f"no rest: {[(_ending(job), str(job.outcome)) for job in self.jobs[-3:]]}")

    async def work_once(self) -> None:
        """Let the worker work off what is due now, and no time pass."""
        await self.worker.work(asyncio.Event(), enough=lambda: not self._is_due())

    async def die(self, requests: int, moment: str) -> bool:
        """Let the worker work until it dies at a request; tell whether it came to that.

        A process that died has been cleared away; the next one is for the caller to start.
        """
        self.wire.death = Death(requests, moment)
        try:
            await self.rest()
        except Killed:
            await self.bury()
            return True
        finally:
            self.wire.death = None
        return False

    async def die_starting(self, requests: int) -> bool:
        """Start a process that dies right after a request; tell whether it came to that."""
        self.wire.death = Death(requests, "after")
        try:
            await self.start()
        except Killed:
            await self.bury()
            return True
        finally:
            self.wire.death = None
        return False

    def _is_due(self) -> bool:
        next_due = self._next_due()
        return next_due is not None and next_due <= self.local_time()

    def _next_due(self) -> datetime | None:
        due = self.backlog.next_due(working=())
        if due is not None and isinstance(self.worker.breaker, Open):
            return max(due, self.worker.breaker.until)
        return due

    def _report(self, event: Job | Breaker) -> None:
        if isinstance(event, Job):
            self.jobs.append(event)
        else:
            assert isinstance(event, Open | Closed)

    def record(self, path: str) -> PageRecord:
        """Return what the state remembers of a log."""
        record = self.store.page(LogPath(path))
        assert record is not None
        return record

    def forget_requests(self) -> None:
        """Count requests from here on."""
        self.notion.journal.clear()

    @property
    def requests(self) -> int:
        """How many requests there were."""
        return len(self.notion.journal)

    @property
    def writes(self) -> int:
        """How many requests there were that could change something."""
        return len(self.notion.journal.writes())

    def pages(self, path: str) -> list[dict[str, Any]]:
        """Return the pages of a log that are not in the trash."""
        key = key_of(self.rules.host, LogPath(path))
        self.notion.settle()
        ws = self.notion.workspace
        rows = [ws.pages[row] for source in ws.data_sources.values() for row in source.rows]
        return [
            page_dump(ws, row)
            for row in rows
            if not row.in_trash and plain_values(row, list(columns_of(ws, row))).get("Log Path") == key
        ]

    def page(self, path: str) -> dict[str, Any]:
        """Return the one page of a log."""
        (page,) = self.pages(path)
        return page

    def draft(self, path: str) -> PageDraft:
        """Return the page that a log should have."""
        content = (self.root / path).read_bytes()
        log = parse(content, LogPath(path), zone=self.rules.zone)
        digest = self.digest(path)
        return render(log, key=key_of(self.rules.host, LogPath(path)), content_hash=digest)

    def digest(self, path: str) -> Any:  # noqa: ANN401 - a Digest, of use as text too
        """Return the SHA-256 of a log."""
        import hashlib  # noqa: PLC0415 - told apart from the product's own way on purpose

        return hashlib.sha256((self.root / path).read_bytes()).hexdigest()

    def shown(self, page: dict[str, Any]) -> Tree:
        """Return our blocks on a page, without those that were emptied and stay for what hangs on them."""
        workspace = self.notion.workspace
        commented = {comment.parent for comment in workspace.comments.values()}
        return list(_shown(page["blocks"], workspace.bot, commented))

    def check(self, path: str) -> dict[str, Any]:
        """Assert that a log has exactly one page, which shows it whole and in order; return that page."""
        pages = self.pages(path)
        assert len(pages) == 1, f"{path} has {len(pages)} pages"
        (page,) = pages
        draft = self.draft(path)
        assert self.shown(page) == list(wanted(draft.body))
        assert page["properties"]["Content Hash"] == draft.content_hash
        assert page["icon"] == draft.icon
        return page

    def ids(self, path: str) -> dict[str, str]:
        """Return the ids of our blocks by their text; texts must differ for that."""
        return {block["text"]: block["id"] for block in self.flat(self.page(path)["blocks"]) if block["text"]}

    def flat(self, blocks: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield blocks and all below them, in the order of the page."""
        for block in blocks:
            yield block
            yield from self.flat(block["children"])


class LoopClock(Clock):
    """The time of a loop on virtual time."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def __call__(self) -> datetime:
        """Return the present time."""
        return self._loop.now()


class Witness(httpx.AsyncBaseTransport):
    """Sees each request leave and each answer come.

    Attributes:
        sent: When each left, in seconds.
        granted: When each that was granted left.
        refused: How many answers had status 429 or 529.
        early: How many requests left before Notion wanted to be asked again.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, time: Callable[[], float]) -> None:
        self._inner = inner
        self.sent: list[float] = []
        self.granted: list[float] = []
        self.refused = self.early = 0
        self._time = time
        self._closed_until = 0.0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on."""
        left = self._time()
        self.sent.append(left)
        self.early += left < self._closed_until - 1e-6
        answer = await self._inner.handle_async_request(request)
        if answer.is_success:
            self.granted.append(left)
        self.refused += answer.status_code in {429, 529}
        self._closed_until = max(self._closed_until, self._time() + _wait(answer.headers))
        return answer


def _wait(headers: httpx.Headers) -> float:
    """Return how many seconds an answer asks for."""
    asked = headers.get("retry-after", "")
    if asked.isdigit():
        return float(asked)
    with suppress(ValueError, KeyError):
        return (parsedate_to_datetime(asked) - parsedate_to_datetime(headers["date"])).total_seconds()
    return 0.0


class TimedWorld(World):
    """One ai-traces on virtual time, with Notion's usual budget: each pause takes as long as it says."""

    sleep = staticmethod(asyncio.sleep)
    per_minute = 180

    def __init__(self, directory: Path, loop: VirtualLoop, *, notion: Emulator | None = None) -> None:
        super().__init__(directory, notion=notion, clock=LoopClock(loop))
        self.witness = Witness(self.wire._inner, loop.time)
        self.wire._inner = self.witness

    async def rest(self) -> None:
        """Let the worker work until nothing is left on the list; a day is more than it ever takes."""
        async with asyncio.timeout(86_400):
            await self.worker.work(asyncio.Event(), enough=lambda: self._next_due() is None)


def _rules(directory: Path, *, host: str) -> Rules:
    """Return the rules that go with the default settings, for logs and state below a directory."""
    environ = {
        "AI_TRACES_LOGS_DIR": str(directory / "logs"),
        "AI_TRACES_STATE_DIR": str(directory / "state"),
        "AI_TRACES_HOST": host,
        "AI_TRACES_SETTLE_SECONDS": str(SETTLE.total_seconds()),
    }
    return replace(rules_of(load(environ, directory=directory, config_dir=directory)), zone=UTC)


def wanted(blocks: Sequence[Block]) -> Iterator[tuple[str, str, Tree]]:
    """Yield what a page should show of these blocks."""
    for block in blocks:
        yield type_name(block), _text(block), list(wanted(children(block)))


def _text(block: Block) -> str:
    match block:
        case Divider() | Table():
            return ""
        case Attachment():
            return block.name
        case TableRow():
            return "\t".join(plain(cell) for cell in block.cells)
        case _:
            return plain(block.text)


def _shown(
    blocks: Collection[dict[str, Any]], bot: str, commented: Collection[str]
) -> Iterator[tuple[str, str, Tree]]:
    for block in blocks:
        if block["made_by"] == bot and not _is_emptied(block, bot, commented):
            yield block["type"], block["text"], list(_shown(block["children"], bot, commented))


def _is_emptied(block: dict[str, Any], bot: str, commented: Collection[str]) -> bool:
    """Tell whether a block of ours says nothing, and stays for what a person has put on or below it."""
    tree = [block, *_below(block)]
    ours = [each for each in tree if each["made_by"] == bot]
    is_mute = not any(each["text"].strip() or each["type"] == "divider" for each in ours)
    return is_mute and (len(ours) < len(tree) or any(each["id"] in commented for each in tree))


def _below(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for child in block["children"]:
        yield child
        yield from _below(child)


def _ending(job: Job) -> Verdict | str:
    return type(job.outcome).__name__ if isinstance(job.outcome, Exception) else job.outcome.verdict


MEMORY = next((place for place in ("/dev/shm",) if os.access(place, os.W_OK)), None)  # noqa: S108 - mkdtemp makes a place in it
"""Where files need no disk: a simulated death leaves the page cache as it is, so no sync is needed either."""


@pytest.fixture
def directory() -> Iterator[Path]:
    """A place for files that need not outlive a power cut."""
    place = Path(tempfile.mkdtemp(prefix="ai-traces-", dir=MEMORY))
    yield place
    shutil.rmtree(place)


@pytest.fixture
def directories() -> Iterator[Callable[[], Path]]:
    """Make such places, as many as wanted."""
    places: list[Path] = []

    def make() -> Path:
        places.append(Path(tempfile.mkdtemp(prefix="ai-traces-", dir=MEMORY)))
        return places[-1]

    yield make
    for place in places:
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
async def world(directory: Path) -> AsyncIterator[World]:
    """An ai-traces that has just started, with no logs."""
    world = World(directory)
    await world.start()
    world.forget_requests()
    yield world
    await world.close()


@pytest.fixture
def world_of() -> Callable[..., World]:
    """Make further worlds; they are not started yet, and the test closes them."""
    return World


@pytest.fixture
def timed_world_of() -> type[TimedWorld]:
    """Make worlds on virtual time; they are not started yet, and the test closes them."""
    return TimedWorld


@pytest.fixture
def reporting(world: World) -> None:
    """Let what people change in our blocks stay."""
    world.rules = replace(world.rules, keep_edits=True)
    world.reconciler = Reconciler(world.rules, world.store, world.gateway, world.clock)
    world.worker = Worker(
        world.backlog, world.reconciler, now=world.clock, jitter=lambda: 0.5, report=world._report
    )


@dataclass(slots=True)
class Place:
    """Logs, a state and a Notion; each `run` is a process of its own.

    Attributes:
        shown: The progress.
        changed: Settings other than usual.
    """

    directory: Path
    notion: Emulator
    shown: list[Progress] = field(default_factory=list)
    changed: dict[str, str] = field(default_factory=dict)

    def write(self, path: str, text: str) -> None:
        """Write a log."""
        file = self.directory / "logs" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    @property
    def settings(self) -> Settings:
        """The settings."""
        return load(
            {
                "NOTION_TOKEN": DEMO_TOKEN,
                "AI_TRACES_LOGS_DIR": str(self.directory / "logs"),
                "AI_TRACES_STATE_DIR": str(self.directory / "state"),
                "AI_TRACES_REQUESTS_PER_MINUTE": "1000000",
                "AI_TRACES_SETTLE_SECONDS": "0.05",
                **self.changed,
            },
            directory=self.directory,
            config_dir=self.directory,
        )

    @asynccontextmanager
    async def session(self, tally: Tally, *, on_a_copy: bool = False) -> AsyncIterator[Session]:
        """Open a session."""
        settings = self.settings
        token = settings.notion_token
        assert token is not None
        with (Store.copy_of if on_a_copy else Store.open)(settings.state_dir) as store:
            transport = EmulatorTransport(self.notion)
            async with open_session(settings, token, store, transport=transport, note=tally.note) as session:
                yield session

    async def run(self, *typed: str) -> Summary:
        """Run a backfill."""
        self.notion.journal.clear()
        tally = Tally()
        async with self.session(tally) as session:
            return await backfill(session, tally, typed, stop=asyncio.Event(), show=self.shown.append)

    def keys(self) -> list[str]:
        """Return the keys of all pages outside the trash."""
        return sorted(page["properties"]["Log Path"] for page in self.notion.dump() if not page["in_trash"])


@pytest.fixture
def place(directory: Path) -> Place:
    """Thirty logs, and an empty database."""
    notion = Emulator()
    notion.create_database()
    place = Place(directory, notion)
    for number in range(30):
        place.write(f"{number:02}.md", f"# Execution Log: T-{number}\n\nText.\n")
    return place
