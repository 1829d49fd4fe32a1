"""A stage on which ai-traces is killed at a request or at a commit, as often as a test wants to see it."""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import cache
from itertools import count, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, TypeAlias

import pytest

from sync.notion.emulator import Emulator, Fault, FaultKind
from sync.notion.emulator.snapshot import restore, snapshot
from tests.installed.memory import MEMORY
from tests.installed.product import Product
from tests.installed.served_notion import Notion
from tests.installed.stage import Stage

GRACE = 0.01
"""Seconds for which a log must be gone before its page goes; a person would get two."""

SETTLE = "0.03"
"""Seconds until a lost request can no longer be carried out: this Notion has done so, or never will."""


At: TypeAlias = Literal["request", "commit"]
When: TypeAlias = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Kill:
    """Where the process is killed: at its `nth` request to Notion, or its `nth` commit to the state."""

    at: At
    when: When
    nth: int


@dataclass(frozen=True, slots=True)
class Durable:
    """All that outlives a process.

    Attributes:
        workspace: What Notion holds, as JSON.
        state: The files of the state directory, by name.
    """

    workspace: str
    state: Mapping[str, bytes]


class Mortals:
    """The program that forks ai-traces."""

    def __init__(self) -> None:
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.kills.mortal"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[3],
            text=True,
        )

    def run(self, product: Product, kill: Kill | None) -> int:
        """Run a backfill, and return its exit code; a negative one is the signal that ended it."""
        home = product.home
        command = {
            "arguments": ["backfill"],
            "environ": {**product.settings, "AI_TRACES_SETTLE_SECONDS": SETTLE},
            "home": str(home),
            "pid_file": str(home / "pid"),
            "out": str(home / "out"),
            "err": str(home / "err"),
            "commit": kill.nth if kill is not None and kill.at == "commit" else 0,
            "when": kill.when if kill is not None else "before",
            "grace": GRACE,
        }
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(f"{json.dumps(command)}\n")
        self._program.stdin.flush()
        return int(self._program.stdout.readline())

    def end(self) -> None:
        """Let the program end."""
        self._program.communicate(timeout=30)


class Theatre:
    """A product and its Notion, which can be put back to what they were.

    Attributes:
        sent: Requests since the theatre opened.
    """

    def __init__(self, mortals: Mortals, product: Product, notion: Notion) -> None:
        self._mortals = mortals
        self.product = product
        self.notion = notion
        self.sent = 0

    def run(self) -> None:
        """Run a backfill, which has to bring all in step."""
        assert self._play(None) == 0, self.said()

    def killed(self, kill: Kill) -> bool:
        """Run a backfill that is killed; tell whether it came to that."""
        if kill.at == "request":
            pid_file = str(self.product.home / "pid")
            self.notion.suffers(Fault(kind=FaultKind.SIGNAL, nth=kill.nth, when=kill.when, pid_file=pid_file))
        code = self._play(kill)
        assert code in {0, -signal.SIGKILL}, self.said()
        self._check_state()
        return code != 0

    def _play(self, kill: Kill | None) -> int:
        before = len(self.notion.journal())
        code = self._mortals.run(self.product, kill)
        self.notion.ask(lambda emulator: emulator.faults.clear())
        self.sent += len(self.notion.journal()) - before
        return code

    def said(self) -> str:
        """Return what the last backfill wrote."""
        return "".join((self.product.home / name).read_text(encoding="utf-8") for name in ("out", "err"))

    def remember(self) -> Durable:
        """Return all that outlives a process, as it is now."""
        workspace = json.dumps(self.notion.ask(lambda emulator: snapshot(emulator.workspace)))
        files = self.product.state.iterdir() if self.product.state.exists() else ()
        return Durable(workspace, {file.name: file.read_bytes() for file in files if file.is_file()})

    def put_back(self, durable: Durable) -> None:
        """Let everything be as it was."""
        saved = json.loads(durable.workspace)
        self.notion.ask(lambda emulator: restore(emulator.workspace, saved))
        self.notion.forget_requests()
        self.lose_state()
        self.product.state.mkdir(mode=0o700)
        for name, content in durable.state.items():
            (self.product.state / name).write_bytes(content)

    def lose_state(self) -> None:
        """Delete the state directory."""
        shutil.rmtree(self.product.state, ignore_errors=True)

    def files(self) -> dict[str, str]:
        """Return the text of each log by its path."""
        logs = self.product.logs
        return {
            file.relative_to(logs).as_posix(): file.read_text(encoding="utf-8") for file in logs.rglob("*.md")
        }

    def _check_state(self) -> None:
        """Assert that the state database is whole, on a copy: the next process finds what the kill left."""
        if not self.product.state.exists():
            return
        aside = self.product.home / "aside"
        shutil.rmtree(aside, ignore_errors=True)
        shutil.copytree(self.product.state, aside)
        with closing(sqlite3.connect(aside / "state.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


Theatres: TypeAlias = Callable[[str], Theatre]

WHENS: tuple[When, ...] = ("before", "after")


def kills(
    strikes: Callable[[Kill], bool], *, whens: Sequence[When] = WHENS, first: int = 1, step: int = 1
) -> Iterator[Kill]:
    """Yield each kill that strikes: of each kind the `first`, and from there every `step`-th.

    Args:
        strikes: Plays a kill; tells whether it came to that.
        whens: Before, after, or both.
        first: Of the first one of each kind, counted from 1.
        step: How far it is to the next one.
    """
    points: tuple[At, ...] = ("request", "commit")
    for at, when in product(points, whens):
        for nth in count(first, step):
            kill = Kill(at, when, nth)
            if not strikes(kill):
                break
            yield kill


@pytest.fixture(scope="session", name="kills")
def _kills() -> Callable[..., Iterator[Kill]]:
    """Give `kills`."""
    return kills


@pytest.fixture(scope="session")
def mortals() -> Iterator[Mortals]:
    """Give the program that forks ai-traces."""
    mortals = Mortals()
    yield mortals
    mortals.end()


@pytest.fixture(scope="module")
def theatre(mortals: Mortals, stage: Stage) -> Iterator[Theatres]:
    """Give a function that opens a theatre by its name, once each."""
    with ExitStack() as open_theatres:

        @cache
        def opened(name: str) -> Theatre:
            emulator = Emulator(firewall=name == "firewall")
            emulator.create_database()
            home = open_theatres.enter_context(TemporaryDirectory(prefix="ai-traces-", dir=MEMORY))
            product, notion = open_theatres.enter_context(stage(Path(home), emulator))
            return Theatre(mortals, product, notion)

        yield opened
