"""`setup` and `doctor` as a person has them: at a terminal, and in a script."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sync.notion.emulator import AI_TRACES, DEMO_TOKEN
from tests.installed.patience import PATIENCE
from tests.installed.product import PROGRAM, Product
from tests.installed.served_notion import Notion

WRONG = "ntn_CANARY000000000000000000000000000000000000"

AT_A_TERMINAL = """
import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
"""


class Terminal:
    """A terminal in which a command runs; what it shows is kept."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._mark = 0
        self.shown = ""

    def wait_for(self, words: str) -> None:
        """Wait until words are shown, behind those that were waited for before."""
        ends = time.monotonic() + PATIENCE
        while (place := self.shown.find(words, self._mark)) < 0:
            assert time.monotonic() < ends, f"{words!r} is not shown:\n{self.shown}"
            self._read()
        self._mark = place + len(words)

    def enter(self, words: str) -> None:
        """Type a line."""
        self._type(f"{words}\n")

    def interrupt(self) -> None:
        """Press Ctrl-C, a moment after the question as a person does.

        A signal between a question and the reading of the answer is heard by Python with the next key only.
        """
        time.sleep(0.5)
        self._type("\x03")

    def ended(self) -> int:
        """Wait for the end and return the exit code."""
        ends = time.monotonic() + PATIENCE
        while self._read():
            assert time.monotonic() < ends, f"it does not end:\n{self.shown}"
        return self._process.wait(PATIENCE)

    def _type(self, words: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(words.encode())
        self._process.stdin.flush()

    def _read(self) -> bool:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        if not select.select([descriptor], [], [], 0.1)[0]:
            return True
        found = os.read(descriptor, 65_536)
        self.shown += found.decode(errors="replace")
        return bool(found)


@contextmanager
def terminal(product: Product, *arguments: str) -> Iterator[Terminal]:
    """Run a command at a terminal of its own."""
    with subprocess.Popen(
        [sys.executable, "-c", AT_A_TERMINAL, PROGRAM, *arguments],
        env=product.settings,
        cwd=product.home,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            yield Terminal(process)
        finally:
            process.kill()


@pytest.fixture
def fresh(product: Product) -> Product:
    """Give the product as it is before anything was set up."""
    for name in ("NOTION_TOKEN", "NOTION_DATABASE_ID"):
        del product.settings[name]
    return product


def test_a_person_sets_it_up(fresh: Product, notion: Notion) -> None:
    """A wrong token is asked for again, none is shown, and then every command finds what was stored."""
    with terminal(fresh, "setup", "--views") as screen:
        screen.wait_for("Token")
        screen.enter(WRONG)
        screen.wait_for("✗")
        screen.wait_for("Token")
        screen.enter(f" {DEMO_TOKEN}  ")
        screen.wait_for("Which one")
        screen.enter("")
        screen.wait_for("15 properties")
        screen.wait_for("Shall I do this?")
        screen.enter("y")
        assert screen.ended() == 0, screen.shown
    assert WRONG not in screen.shown
    assert DEMO_TOKEN not in screen.shown
    fresh.write("2026-01-10-x.md", "# Execution Log: X\n")
    assert fresh.call("backfill").code == 0
    assert set(notion.pages()) == {"2026-01-10-x.md"}


def test_ctrl_c_at_the_last_question_changes_nothing(fresh: Product, notion: Notion) -> None:
    """One press is enough, and neither Notion nor the machine has anything new."""
    with terminal(fresh, "setup") as screen:
        screen.wait_for("Token")
        screen.enter(DEMO_TOKEN)
        screen.wait_for("Which one")
        screen.enter("")
        screen.wait_for("Shall I do this?")
        screen.interrupt()
        assert screen.ended() == 130, screen.shown
    assert notion.writes() == []
    assert not (fresh.home / ".config").exists()


def test_a_script_sets_it_up_twice(fresh: Product, notion: Notion) -> None:
    """With all said in advance it asks nothing; the second time it writes nothing."""
    token = fresh.home / "token"
    token.write_text(DEMO_TOKEN)
    words = ("setup", "--token-file", str(token), "--database", AI_TRACES, "--views", "--yes")
    assert fresh.call(*words).code == 0
    notion.forget_requests()
    again = fresh.call(*words)
    assert again.code == 0
    assert "nothing was changed" in again.out
    assert notion.writes() == []
    assert DEMO_TOKEN not in again.out + again.err


def test_a_script_is_told_which_option_is_missing(fresh: Product, notion: Notion) -> None:
    """Without a token or agreement it ends with 78 and the option; without access with 77."""
    ended = fresh.call("setup")
    assert (ended.code, "--token-file" in ended.err) == (78, True)
    token = fresh.home / "token"
    token.write_text(DEMO_TOKEN)
    ended = fresh.call("setup", "--token-file", str(token))
    assert (ended.code, "--yes" in ended.err) == (78, True)
    notion.ask(lambda emulator: emulator.human.unshare(AI_TRACES))
    ended = fresh.call("setup", "--token-file", str(token), "--yes")
    assert (ended.code, "Connections" in ended.err) == (77, True)


def test_the_doctor_tells_a_script_and_a_person(product: Product, notion: Notion) -> None:
    """0 while nothing is wrong, 1 when something needs a person; one JSON object, or a page in plain text."""
    ended = product.call("doctor", "--json")
    told = json.loads(ended.out)
    assert (ended.code, told["verdict"]) == (0, "remark")
    assert {"area", "name", "verdict", "what", "next_step"} == set(told["checks"][0])
    notion.ask(lambda emulator: emulator.human.unshare(AI_TRACES))
    ended = product.call("doctor")
    assert ended.code == 1
    assert "✗ Database" in ended.out
    assert "\x1b" not in ended.out
    assert DEMO_TOKEN not in ended.out
    assert notion.writes() == []


def test_the_doctor_looks_on_while_the_daemon_works(product: Product) -> None:
    """It says who is at work, and disturbs nobody."""
    running = product.daemon()
    ended = product.call("doctor")
    assert f"process {running.process.pid}" in ended.out
    assert ended.code == 0
    assert running.stop()[0].code == 0
