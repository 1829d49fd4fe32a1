"""`status` on a terminal: one screen, and with `--watch` one that stays right in its place."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.installed.material import Material
from tests.installed.patience import Wait
from tests.installed.product import Product
from tests.installed.served_notion import Notion

OTHER_SCREEN, BACK = "\x1b[?1049h", "\x1b[?1049l"
HIDDEN, SHOWN = "\x1b[?25l", "\x1b[?25h"
PATIENCE = 30.0


@dataclass(slots=True)
class Terminal:
    """A terminal of 80 columns and 24 lines, and what was written to it."""

    process: subprocess.Popen[bytes]
    descriptor: int
    written: str = ""

    def until(self, text: str) -> None:
        """Wait until something has been written."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.written:
            if not self._read() and self.process.poll() is not None:
                break
            assert time.monotonic() < deadline, f"never written: {text!r} in {self.written!r}"
        assert text in self.written

    def end(self, number: int) -> int:
        """Send a signal; return the exit code."""
        self.process.send_signal(number)
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None or self._read():
            self._read()
            assert time.monotonic() < deadline
        return self.process.returncode

    def _read(self) -> bool:
        ready, _, _ = select.select([self.descriptor], [], [], 0.1)
        if not ready:
            return False
        try:
            self.written += os.read(self.descriptor, 65_536).decode()
        except OSError:
            return False
        return True


@contextmanager
def terminal(product: Product, *arguments: str) -> Iterator[Terminal]:
    """Run a command on a terminal."""
    ours, theirs = pty.openpty()
    environ = {**product.settings, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
    program = os.path.join(os.path.dirname(os.sys.executable), "ai-traces")  # type: ignore[attr-defined]  # noqa: PTH118, PTH120
    process = subprocess.Popen(
        [program, *arguments], env=environ, cwd=product.home, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(PATIENCE)
        os.close(ours)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_screen_follows_what_happens(
    product: Product, notion: Notion, material: Material, number: int
) -> None:
    """In place, without a flicker; in the end the terminal is as it was, with the last screen on it."""
    product.write("a.md", material.execution("A"))
    with terminal(product, "status", "--watch") as screen:
        screen.until("1 waiting")
        assert product.call("backfill").code == 0
        screen.until("All in step")
        assert screen.written.startswith(OTHER_SCREEN + HIDDEN)
        assert "\x1b[2J" not in screen.written
        assert screen.end(number) == 0
        left = screen.written.partition(BACK)[2]
        assert SHOWN in screen.written
        assert "All in step" in left
    assert notion.count() == 1


def test_one_look_on_a_terminal(product: Product, material: Material, notion: Notion) -> None:
    """Colours, links that can be clicked, 80 columns, and a hostile name that steers nothing."""
    notion.ask(lambda emulator: setattr(emulator, "firewall", True))
    product.write("evil\x1b[2J\u202e; rm -rf x.md", material.execution("EVIL"))
    product.write("a.md", material.execution("A"))
    product.call("backfill")
    with terminal(product, "status") as screen:
        screen.until("→")
        assert screen.end(signal.SIGCONT) == 1
    assert "\x1b[2J" not in screen.written
    assert "\u202e" not in screen.written
    assert r"evil\x1b[2J\u202e; rm -rf x.md" in screen.written
    assert "\x1b]8;;https://" in screen.written
    plain = re.sub(r"\x1b\]8;;[^\x1b]*\x1b\\|\x1b\[[0-9;]*m", "", screen.written)
    assert max(map(len, plain.splitlines())) <= 80


def test_programs_can_watch_too(product: Product, wait: Wait) -> None:
    """With --json an object a line, every two seconds; without it and a terminal it is refused."""
    running = product.start("status", "--watch", "--json")
    wait(lambda: running.out.read_text().count("\n") >= 2, what="two lines")
    ended, _ = running.stop(signal.SIGINT)
    assert (ended.code, ended.err) == (0, "")
    assert all(json.loads(line)["files"] == 0 for line in ended.out.splitlines())
    refused = product.call("status", "--watch")
    assert refused.code == 2
    assert "--json" in refused.err


def test_an_outage_is_told_while_it_lasts(
    product: Product, notion: Notion, material: Material, wait: Wait
) -> None:
    """By the daemon at work, in `status`; after its end nobody claims to know."""
    running = product.daemon()
    notion.ask(lambda emulator: setattr(emulator.access, "token", "another"))
    product.write("a.md", material.execution("A"))

    def told() -> str:
        return product.call("status").out

    wait(lambda: "does not accept the token" in told(), what="the outage is told", within=60.0)
    assert "next attempt in" in told()
    running.stop()
    assert "does not accept the token" not in told()
    assert "not running" in told()
