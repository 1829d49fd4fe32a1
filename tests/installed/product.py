"""Run the installed command as separate processes in a home of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sync.notion.emulator import AI_TRACES, DEMO_TOKEN
from tests.installed.patience import PATIENCE, until

PROGRAM = Path(sys.executable).with_name("ai-traces")


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended; a negative code is minus the signal that killed it."""

    code: int
    out: str
    err: str


@dataclass(slots=True)
class Running:
    """A running command, with its output in files, so that it never waits for a reader."""

    process: subprocess.Popen[bytes]
    out: Path
    err: Path

    def ended(self, within: float = PATIENCE) -> Ended:
        """Wait until it ends by itself."""
        code = self.process.wait(within)
        return Ended(code, self.out.read_text(encoding="utf-8"), self.err.read_text(encoding="utf-8"))

    def stop(self, number: int = signal.SIGTERM) -> tuple[Ended, float]:
        """Send a signal; return the end, and the seconds until then."""
        started = time.monotonic()
        self.process.send_signal(number)
        return self.ended(), time.monotonic() - started

    def said(self) -> str:
        """Return what it has written to stderr so far."""
        return self.err.read_text(encoding="utf-8")


@dataclass(slots=True)
class Product:
    """The installed ai-traces, in a home of its own.

    Attributes:
        home: Its home directory, and the directory that it runs in.
        settings: Its environment variables.
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

    def start(
        self, *arguments: str, settings: Mapping[str, str] | None = None, stdin: int = subprocess.DEVNULL
    ) -> Running:
        """Start a command."""
        number = len(self.running)
        out, err = self.home / f"{number}.out", self.home / f"{number}.err"
        with out.open("wb") as to_out, err.open("wb") as to_err:
            process = subprocess.Popen(
                [PROGRAM, *arguments],
                env={**self.settings, **(settings or {})},
                cwd=self.home,
                stdin=stdin,
                stdout=to_out,
                stderr=to_err,
            )
        running = Running(process, out, err)
        self.running.append(running)
        return running

    def call(self, *arguments: str, settings: Mapping[str, str] | None = None) -> Ended:
        """Run a command and wait for its end."""
        return self.start(*arguments, settings=settings).ended(2 * PATIENCE)

    def daemon(self, settings: Mapping[str, str] | None = None) -> Running:
        """Start the daemon and wait until it is ready and has found its pages."""
        running = self.start("run", settings=settings)
        until(lambda: '"notion.connected"' in running.said(), what="the daemon is connected")
        until(lambda: '"daemon.ready"' in running.said(), what="the daemon is ready")
        return running

    def listing(self) -> dict[str, tuple[int, int, int]]:
        """Return the files in the logs directory, with the size, mtime and inode of each."""
        found = {}
        for path in (self.logs, *self.logs.rglob("*")):
            status = path.lstat()
            found[str(path)] = (status.st_size, status.st_mtime_ns, status.st_ino)
        return found


@contextmanager
def installed(home: Path, url: str) -> Iterator[Product]:
    """Yield a product with the settings of its Notion; in the end, kill what it still runs."""
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
