"""Ctrl-C, or SIGTERM, in the middle of a command: it ends at once and says what is done and what is not."""

import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from sync.notion.emulator import AI_TRACES, Fault, FaultKind
from tests.installed.patience import AT_ONCE
from tests.installed.product import Product, Running
from tests.installed.served_notion import Notion

LOG = "# Execution Log: {}\n\n**ENV:** dev\n\n## Issues\n\n- The token expires after 20 minutes.\n"
SIGNALS = pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["SIGINT", "SIGTERM"]
)


def _is_told(running: Running, number: int, *, code: int, words: str) -> None:
    """End a command by a signal; it says so in one sentence, without a traceback."""
    ended, seconds = running.stop(number)
    said = [line for line in ended.err.splitlines() if line.startswith("… Stopped")]
    assert len(said) == 1
    assert words in said[0]
    assert "Traceback" not in ended.err
    assert ended.code == code
    assert seconds < AT_ONCE


@pytest.fixture
def silent(notion: Notion) -> Notion:
    """A Notion that takes requests and never answers."""
    notion.suffers(Fault(kind=FaultKind.HANG, count=0))
    return notion


def _asked(notion: Notion) -> Callable[[], bool]:
    return lambda: bool(notion.journal())


@SIGNALS
def test_setup_before_it_has_changed_anything(
    product: Product, silent: Notion, wait: Callable[..., float], number: int, code: int
) -> None:
    """Nothing was changed, and that is said."""
    running = product.start("setup", "--yes", "--database", AI_TRACES)
    wait(_asked(silent), what="the first question")
    _is_told(running, number, code=code, words="nothing was changed")


@SIGNALS
def test_setup_in_the_middle(
    product: Product, notion: Notion, wait: Callable[..., float], number: int, code: int
) -> None:
    """What is done stands above, and the next run does the rest."""
    notion.suffers(Fault(kind=FaultKind.HANG, method="PATCH"))
    running = product.start("setup", "--yes", "--database", AI_TRACES)
    wait(lambda: bool(notion.writes()), what="properties are being added")
    _is_told(running, number, code=code, words="run the same command again")
    assert "in the middle" in running.said()
    assert product.call("setup", "--yes", "--database", AI_TRACES).code == 0


@SIGNALS
def test_doctor(product: Product, silent: Notion, wait: Callable[..., float], number: int, code: int) -> None:
    """It changes nothing anyway."""
    running = product.start("doctor")
    wait(_asked(silent), what="the first question")
    _is_told(running, number, code=code, words="nothing was changed")


@SIGNALS
def test_a_dry_run(
    product: Product, silent: Notion, wait: Callable[..., float], number: int, code: int
) -> None:
    """It is like any backfill: 1, and nothing is lost."""
    product.write("a.md", LOG.format("A"))
    running = product.start("backfill", "--dry-run")
    wait(_asked(silent), what="the first question")
    _is_told(running, number, code=1, words="run it again")
    assert code != 1


@SIGNALS
def test_a_publication(
    product: Product, notion: Notion, wait: Callable[..., float], number: int, code: int
) -> None:
    """The hand-off was printed; its page is looked for by the next publication, and not made twice."""
    for each in "ab":
        product.write(f"2026-01-1{'ab'.index(each)}-{each}.md", LOG.format(each))
    notion.suffers(Fault(kind=FaultKind.HANG_AFTER, method="POST", path="/v1/pages$"))
    running = product.start("patterns", "--publish")
    wait(lambda: notion.creates() > 0, what="the page is being made")
    _is_told(running, number, code=code, words="while it was published")
    assert running.out.read_text(encoding="utf-8")
    wait(lambda: product.call("patterns", "--publish").code == 0, what="it is published")
    assert notion.count() == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("new", "execution", "--from-json", "-"), "nothing was written"),
        (("lint", "-"), "nothing was changed"),
        (("audit", "import", "-"), "nothing was taken in"),
    ],
    ids=lambda given: given[0] if isinstance(given, tuple) else "",
)
@SIGNALS
def test_what_reads_standard_input(
    product: Product, words: tuple[str, ...], told: str, number: int, code: int
) -> None:
    """While it waits for more of it."""
    running = product.start(*words, stdin=subprocess.PIPE)
    assert running.process.stdin is not None
    with running.process.stdin as stdin:
        stdin.write(b"{" * 100_000)  # more than a pipe holds: it has begun to read when this returns
        stdin.flush()
        time.sleep(0.5)  # Python hears a signal between two reads only with what comes next
        _is_told(running, number, code=code, words=told)
    assert not list(product.logs.iterdir())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("install", "run it again"),
        ("restart", "ai-traces service status"),
        ("status", "nothing was changed"),
        ("uninstall", "run it again"),
    ],
)
@SIGNALS
def test_a_service_that_takes_long(
    product: Product, wait: Callable[..., float], words: str, told: str, number: int, code: int
) -> None:
    """While the service manager has not answered yet."""
    programs = product.home / "bin"
    programs.mkdir()
    for name in ("systemctl", "launchctl"):
        program = programs / name
        program.write_text(f"#!/bin/sh\ntouch {product.home}/asked\nexec sleep 600\n")
        program.chmod(0o755)
    unit = product.home / ".config/systemd/user/ai-traces.service"
    unit.parent.mkdir(parents=True)
    unit.touch()
    token = product.home / "token"
    token.write_text(product.settings.pop("NOTION_TOKEN"))
    token.chmod(0o600)
    path = f"{programs}:{product.settings['PATH']}"
    running = product.start("service", words, settings={"PATH": path, "NOTION_TOKEN_FILE": str(token)})
    wait((product.home / "asked").exists, what="it asks")
    _is_told(running, number, code=code, words=told)
