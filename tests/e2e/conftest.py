"""The product as a person has it: the installed command, as processes of its own, and a Notion on a port."""

import asyncio
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import pytest

from sync.notion.emulator import AI_TRACES, DEMO_TOKEN, Emulator, Fault
from sync.notion.emulator.journal import Entry
from sync.notion.emulator.server import serve

T = TypeVar("T")

Json: TypeAlias = Any
"""Any JSON value; what a test picks from it says what it expects."""

PATIENCE = 30.0
"""Seconds until something that should have happened has not."""

PROGRAM = Path(sys.executable).with_name("ai-traces")


@pytest.fixture(autouse=True, scope="session")
def interruptible() -> None:
    """Let the programs be interrupted, also where a shell runs the tests in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def until(reached: Callable[[], bool], *, what: str, within: float = PATIENCE) -> float:
    """Wait until something is so; return how many seconds that took, fail when it takes too long."""
    started = time.monotonic()
    while not reached():
        if time.monotonic() - started > within:
            pytest.fail(f"not within {within:.0f} s: {what}")
        time.sleep(0.01)
    return time.monotonic() - started


class Notion:
    """An emulator that is served from a thread of its own; whatever looks at it does so on that thread."""

    def __init__(self, emulator: Emulator, loop: asyncio.AbstractEventLoop, url: str) -> None:
        self._emulator = emulator
        self._loop = loop
        self.url = url

    def ask(self, question: Callable[[Emulator], T]) -> T:
        """Return what a function finds in the emulator, or does to it."""

        async def answer() -> T:
            return question(self._emulator)

        return asyncio.run_coroutine_threadsafe(answer(), self._loop).result(PATIENCE)

    def suffers(self, *faults: Fault) -> None:
        """Let things go wrong from now on."""
        self.ask(lambda emulator: emulator.faults.add(*faults))

    def dump(self) -> list[Json]:
        """Return every page, those in the trash included."""
        return self.ask(lambda emulator: emulator.dump())

    def pages(self) -> dict[str, Json]:
        """Return the page of each log by its path; fail when a log has two."""
        found: dict[str, Json] = {}
        for page in self.dump():
            path = page["properties"]["Log Path"]
            assert path not in found, f"two pages of {path}"
            found[path] = page
        return found

    def count(self) -> int:
        """Return how many pages there are."""
        return self.ask(lambda emulator: sum(len(s.rows) for s in emulator.workspace.data_sources.values()))

    def journal(self) -> list[Entry]:
        """Return what was asked so far."""
        return self.ask(lambda emulator: list(emulator.journal))

    def writes(self) -> list[Entry]:
        """Return those requests that could change something."""
        return [entry for entry in self.journal() if entry.is_write]

    def creates(self) -> int:
        """Return how many pages were asked for."""
        return sum(entry.method == "POST" and entry.path == "/v1/pages" for entry in self.journal())

    def forget_requests(self) -> None:
        """Begin a new journal."""
        self.ask(lambda emulator: emulator.journal.clear())


@contextmanager
def served(emulator: Emulator) -> Iterator[Notion]:
    """Serve an emulator until the context ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    door = serve(emulator)
    url = asyncio.run_coroutine_threadsafe(door.__aenter__(), loop).result(PATIENCE)
    try:
        yield Notion(emulator, loop, url)
    finally:
        asyncio.run_coroutine_threadsafe(door.__aexit__(None, None, None), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended; a negative code is the signal that ended it."""

    code: int
    out: str
    err: str


@dataclass(slots=True)
class Running:
    """A command that runs; its output goes to files, so that nobody has to read along."""

    process: subprocess.Popen[bytes]
    out: Path
    err: Path

    def ended(self, within: float = PATIENCE) -> Ended:
        """Wait until it has ended by itself."""
        code = self.process.wait(within)
        return Ended(code, self.out.read_text(encoding="utf-8"), self.err.read_text(encoding="utf-8"))

    def stop(self, number: int = signal.SIGTERM) -> tuple[Ended, float]:
        """Send a signal; return the end and how many seconds it took."""
        started = time.monotonic()
        self.process.send_signal(number)
        return self.ended(), time.monotonic() - started

    def said(self) -> str:
        """Return what it has written to stderr so far."""
        return self.err.read_text(encoding="utf-8")


@dataclass(slots=True)
class Product:
    """ai-traces as installed, in a home of its own.

    Attributes:
        home: Its home and current directory.
        settings: Its environment.
    """

    home: Path
    settings: dict[str, str]
    running: list[Running] = field(default_factory=list)

    @property
    def logs(self) -> Path:
        """The logs directory."""
        return self.home / "logs"

    @property
    def state(self) -> Path:
        """The state directory."""
        return self.home / "state"

    def write(self, path: str, content: str | bytes) -> Path:
        """Write a file below the logs directory."""
        file = self.logs / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def start(self, *arguments: str, settings: Mapping[str, str] | None = None) -> Running:
        """Start a command."""
        number = len(self.running)
        out, err = self.home / f"{number}.out", self.home / f"{number}.err"
        with out.open("wb") as to_out, err.open("wb") as to_err:
            process = subprocess.Popen(
                [PROGRAM, *arguments],
                env={**self.settings, **(settings or {})},
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=to_out,
                stderr=to_err,
            )
        running = Running(process, out, err)
        self.running.append(running)
        return running

    def call(self, *arguments: str, settings: Mapping[str, str] | None = None) -> Ended:
        """Run a command to its end."""
        return self.start(*arguments, settings=settings).ended(2 * PATIENCE)

    def daemon(self, settings: Mapping[str, str] | None = None) -> Running:
        """Start the daemon and wait until it is ready and has found its pages."""
        running = self.start("run", settings=settings)
        until(lambda: '"notion.connected"' in running.said(), what="the daemon is connected")
        until(lambda: '"daemon.ready"' in running.said(), what="the daemon is ready")
        return running

    def listing(self) -> dict[str, tuple[int, int, int]]:
        """Return what is in the logs directory, with size, mtime and inode of each."""
        found = {}
        for path in (self.logs, *self.logs.rglob("*")):
            status = path.lstat()
            found[str(path)] = (status.st_size, status.st_mtime_ns, status.st_ino)
        return found


@contextmanager
def installed(home: Path, url: str) -> Iterator[Product]:
    """Give a product that knows its Notion; whatever it still runs in the end is killed."""
    settings = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "NOTION_TOKEN": DEMO_TOKEN,
        "NOTION_DATABASE_ID": AI_TRACES,
        "NOTION_BASE_URL": url,
        "AI_TRACES_LOGS_DIR": str(home / "logs"),
        "AI_TRACES_STATE_DIR": str(home / "state"),
        "AI_TRACES_REQUESTS_PER_MINUTE": "1000000",
        "AI_TRACES_SETTLE_SECONDS": "0.3",
    }
    (home / "logs").mkdir(exist_ok=True)
    product = Product(home, settings)
    try:
        yield product
    finally:
        for each in product.running:
            if each.process.poll() is None:
                each.process.kill()
                each.process.wait(PATIENCE)


@pytest.fixture
def notion() -> Iterator[Notion]:
    """Give a Notion with an empty database AI Traces, which has none of our properties yet."""
    emulator = Emulator()
    emulator.create_database()
    with served(emulator) as notion:
        yield notion


@pytest.fixture
def product(tmp_path: Path, notion: Notion) -> Iterator[Product]:
    """Give the product, with an empty logs directory and no state."""
    with installed(tmp_path, notion.url) as product:
        yield product


Stage: TypeAlias = Callable[[Path, Emulator], AbstractContextManager[tuple[Product, Notion]]]


@pytest.fixture(scope="session")
def stage() -> Stage:
    """Give a context manager that serves an emulator and installs the product beside it."""

    @contextmanager
    def staged(home: Path, emulator: Emulator) -> Iterator[tuple[Product, Notion]]:
        home.mkdir(exist_ok=True)
        with served(emulator) as notion, installed(home, notion.url) as product:
            yield product, notion

    return staged


Wait: TypeAlias = Callable[..., float]


@pytest.fixture
def wait() -> Wait:
    """Give `until`: wait until something is so, and tell how long that took."""
    return until


class Words:
    """Text in which every word is there once, so that what is lost, doubled or moved is seen."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._n = 0

    def __call__(self, count: int = 6) -> str:
        """Return the next words."""
        first = self._n
        self._n += count
        return " ".join(f"{self._name}w{n}w" for n in range(first, self._n))


def words_of(text: str) -> list[str]:
    """Return the words that `Words` made, in order."""
    return re.findall(r"[a-z0-9]+w\d+w", text)


def text_of(page: Json) -> str:
    """Return all text of a page's body."""

    def lines(blocks: list[Json]) -> Iterator[str]:
        for block in blocks:
            yield block["text"]
            yield from lines(block["children"])

    return "\n".join(lines(page["blocks"]))


def execution(name: str, *body: str) -> str:
    """Return an execution log whose task section is made of `body`."""
    return "\n".join((
        f"# Execution Log: {name}\n",
        "**Timestamp:** 2026-01-10T14:30:00Z",
        "**ENV:** dev",
        "**RISK:** low",
        "**STATE Transition:** PLAN → DRAFT\n",
        "## Task",
        *body,
        "\n## Tools Used\n- Read: one file\n- Bash: the tests pass\n",
        "## Outcome\nSuccess\n\n## Issues\nNone\n\n## Contract Gaps\nNone\n",
    ))  # fmt: skip


def exception(name: str, *body: str) -> str:
    """Return an exception log whose first section is made of `body`."""
    return "\n".join((
        f"# Exception: {name}\n",
        "**Timestamp:** 2026-01-10T14:30:00Z",
        "**Severity:** error",
        "**ENV:** prod\n",
        "## What Happened",
        *body,
        "\n## Root Cause\nA guess\n\n## Contract Reference\n§ 4.2\n\n## Proposed Fix\nAsk first\n",
        "## Workaround Used\nBy hand\n",
    ))  # fmt: skip


def deep_list(words: Words, *, depth: int, width: int = 2) -> str:
    """Return a list of so many levels."""

    def below(level: int) -> Iterator[str]:
        for _ in range(width):
            yield f"{'  ' * level}- {words(3)}"
            if level + 1 < depth:
                yield from below(level + 1)

    return "\n".join(below(0)) + "\n"


def table(words: Words, *, rows: int) -> str:
    """Return a table of three columns."""
    head = "| a | b | c |\n|---|---|---|"
    return "\n".join((head, *(f"| {words(1)} | {words(2)} | {words(1)} |" for _ in range(rows)))) + "\n"


def hard_logs() -> dict[str, bytes]:
    """Return logs that are large, deep, faulty or hostile, by path."""
    found: dict[str, str | bytes] = {}

    def put(path: str, make: Callable[[Words], str | bytes]) -> None:
        found[path] = make(Words(f"x{len(found)}"))

    put("large/paragraphs.md", lambda w: execution("P", *(f"{w(20)}\n" for _ in range(260))))
    put("large/items.md", lambda w: execution("I", *(f"{n}. {w(4)}" for n in range(1, 180))))
    put("large/table.md", lambda w: execution("T", table(w, rows=150)))
    put(
        "large/lists.md", lambda w: exception("L", deep_list(w, depth=6), w(), deep_list(w, depth=3, width=5))
    )
    put("large/code.md", lambda w: execution("C", "```python", *(f"x = '{w(6)}'" for _ in range(200)), "```"))
    put("large/line.md", lambda w: execution("N", w(2_000)))
    put("large/quote.md", lambda w: exception("Q", *(f"> {w(9)}\n>" for _ in range(60))))
    put("faulty/no-heading.md", lambda w: w(40))
    put("faulty/empty.md", lambda _: "")
    put("faulty/blank.md", lambda _: "\n \n\t\n")
    put("faulty/only-heading.md", lambda _: "# Execution Log: ALONE")
    put("faulty/values.md", lambda w: f"# Exception: V\n\n**Timestamp:** soon\n**Severity:** huge\n\n{w()}\n")
    put("faulty/open-fence.md", lambda w: execution("F", "```", w(), "~~~", w()))
    put("faulty/other-headings.md", lambda w: f"# Notes\n\n## A\n{w()}\n\n#### B\n{w()}\n\n# C\n{w()}\n")
    put(
        "hostile/bom-crlf.md",
        lambda w: b"\xef\xbb\xbf" + execution("B", w(), w()).replace("\n", "\r\n").encode(),
    )
    put(
        "hostile/not-utf-8.md", lambda w: execution("U", w()).encode() + b"\xff\xfe \xc3\x28\n" + w().encode()
    )
    put("hostile/nul.md", lambda w: execution("0", f"{w(2)}\0{w(2)}\x01\x1b[31m{w(2)}\x7f", w()))
    put("hostile/utf-16.md", lambda w: execution("16", w()).encode("utf-16"))
    put(
        "hostile/marks.md",
        lambda w: execution("M", f"@jen <script>{w()}</script> [a](javascript:1) ![]() {w()}"),
    )
    put(
        "hostile/links.md",
        lambda w: execution("K", f"[{w(2)}](http://a b) <http://[::1> https://ex.org/{'é' * 3000}"),
    )
    put("hostile/emoji.md", lambda w: execution("E", "👩\u200d👩\u200d👧\u200d👦" * 700, w(), "\u202e" + w()))
    put(
        "hostile/equation.md",
        lambda w: execution("Q", f"$$\n{w(1)} \\frac\n$$ and ${w(1)}$", "---", "***", "___"),
    )
    put("hostile/näme \U0001f600 'x' \"y\" %41.md", lambda w: execution("Name", w()))
    put("UPPER.MD", lambda w: execution("Upper", w()))
    return {path: text.encode() if isinstance(text, str) else text for path, text in found.items()}


def small_logs(count: int, *, seed: int = 1) -> dict[str, bytes]:
    """Return so many logs that one create holds each of, of both kinds, by path."""
    chance = random.Random(seed)  # noqa: S311 - the same logs each time
    found = {}
    for n in range(count):
        words = Words(f"s{n}")
        body = [f"{words(chance.randint(3, 30))}\n" for _ in range(chance.randint(1, 5))]
        body.append(f"- {words(3)}\n- {words(3)}\n  - {words(2)}\n")
        if n % 3:
            found[f"2026-01-{n % 28 + 1:02}-task-{n}.md"] = execution(f"TASK-{n}", *body).encode()
        else:
            found[f"exceptions/2026-01-{n % 28 + 1:02}-fault-{n}.md"] = exception(
                f"FAULT-{n}", *body
            ).encode()
    return found


class Material:
    """What the logs of a test are made of, and how their words are found again on the pages."""

    words = Words
    words_of = staticmethod(words_of)
    text_of = staticmethod(text_of)
    execution = staticmethod(execution)
    exception = staticmethod(exception)
    deep_list = staticmethod(deep_list)
    table = staticmethod(table)
    hard_logs = staticmethod(hard_logs)
    small_logs = staticmethod(small_logs)

    def holds(self, page: Json, content: bytes) -> bool:
        """Tell whether a page has every word of a log, once and in order."""
        return words_of(text_of(page)) == words_of(content.decode("utf-8", "replace"))


@pytest.fixture(scope="session")
def material() -> Material:
    """Give what logs are made of."""
    return Material()
