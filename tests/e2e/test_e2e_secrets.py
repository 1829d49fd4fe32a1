"""Neither the token nor what a log says is where it does not belong."""

import os
import socket
import urllib.request
from pathlib import Path

import pytest

from sync.notion.emulator import Fault, FaultKind
from tests.installed.material import Material
from tests.installed.patience import Wait
from tests.installed.product import Product
from tests.installed.served_notion import Notion

CANARY = "ntn_canary0123456789abcdefABCDEF"
WORD = "zebra0canary"


@pytest.fixture
def guarded(product: Product, notion: Notion) -> Product:
    """Give a product with a token that is looked for, and a log whose text is."""
    notion.ask(lambda emulator: setattr(emulator.access, "token", CANARY))
    product.settings |= {"NOTION_TOKEN": CANARY, "AI_TRACES_LOG_LEVEL": "debug"}
    product.write("a.md", f"# Execution Log: A\n\n{WORD} and {CANARY}\n")
    return product


def _written(product: Product, token: str) -> list[str]:
    """Return the files outside the logs directory in which a text is found."""
    files = (path for path in product.home.rglob("*") if path.is_file() and product.logs not in path.parents)
    return [path.name for path in files if token.encode() in path.read_bytes()]


def test_the_token_is_written_nowhere(
    guarded: Product, notion: Notion, material: Material, wait: Wait
) -> None:
    """No output, log line at debug level or state file has the token, through work, failures and a stop."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    running = guarded.daemon({"AI_TRACES_METRICS_PORT": str(port)})
    wait(lambda: notion.count() == 1, what="the page")
    for kind in (FaultKind.RESET_AFTER, FaultKind.HTML_200, FaultKind.ERROR_BEFORE, FaultKind.HALF_JSON):
        notion.suffers(Fault(kind=kind))
        guarded.write(f"{kind}.md", material.execution(kind))
    wait(lambda: notion.count() == 5, what="the pages behind the faults")
    notion.ask(lambda emulator: setattr(emulator.access, "token", "another"))
    guarded.write("b.md", material.execution("B"))
    wait(lambda: "notion.unusable" in running.said(), what="the token is refused")
    for command in (("status",), ("status", "--json"), ("backfill",), ("backfill", "--dry-run"), ("retry",)):
        guarded.call(*command)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        figures = answer.read().decode()
    assert "ai_traces_outage 1.0" in figures
    assert CANARY not in figures
    assert "a.md" not in figures
    assert CANARY.encode() not in (guarded.state / "lock").read_bytes()
    assert Path(f"/proc/{running.process.pid}/cmdline").read_bytes().count(CANARY.encode()) == 0
    running.stop()
    guarded.call("backfill")
    assert _written(guarded, CANARY) == []


def test_a_token_that_is_replaced_is_written_nowhere(
    guarded: Product, notion: Notion, material: Material, wait: Wait
) -> None:
    """The running daemon takes it from its file at the next attempt; neither is in any output or file."""
    fresh = "another-token-without-a-shape"
    kept = guarded.logs / ".token"  # the one place where the test does not look
    kept.write_text(CANARY)
    kept.chmod(0o600)
    running = guarded.daemon({"NOTION_TOKEN": "", "NOTION_TOKEN_FILE": str(kept)})
    kept.write_text(fresh)
    notion.ask(lambda emulator: setattr(emulator.access, "token", fresh))
    guarded.write("b.md", material.execution("B"))
    wait(lambda: notion.count() == 2, what="the page by the new token")
    assert "notion.unusable" not in running.said()
    guarded.write("c.md", f"# Execution Log: {fresh}\n")
    notion.suffers(Fault(kind=FaultKind.RESET_AFTER))
    wait(lambda: notion.count() == 3, what="another page")
    running.stop()
    assert _written(guarded, CANARY) == []
    assert _written(guarded, fresh) == []


def test_an_unusable_token_is_not_repeated(guarded: Product) -> None:
    """The error about a token does not print it."""
    for token in (f"{CANARY} {CANARY}", f"{CANARY}ä"):
        ended = guarded.call("backfill", settings={"NOTION_TOKEN": token})
        assert ended.code == 78
        assert CANARY not in ended.out + ended.err


def test_the_state_has_no_text_of_a_log(guarded: Product, notion: Notion, wait: Wait) -> None:
    """What a log says is in the logs directory and in Notion, never in the state or the daemon's log."""
    running = guarded.daemon()
    wait(lambda: notion.count() == 1, what="the page")
    guarded.write("a.md", f"# Execution Log: A\n\n{WORD}\n\n- {WORD}\n")
    notion.suffers(Fault(kind=FaultKind.RESET_AFTER))
    wait(lambda: WORD in str(notion.dump()), what="the change")
    assert _written(guarded, WORD) == []
    running.stop()
    assert _written(guarded, WORD) == []


def test_the_state_is_private(guarded: Product) -> None:
    """Only its owner can read the state, whatever the umask is."""
    before = os.umask(0)
    try:
        assert guarded.call("backfill").code == 0
    finally:
        os.umask(before)
    assert guarded.state.stat().st_mode & 0o077 == 0
    assert [path.name for path in guarded.state.iterdir() if path.stat().st_mode & 0o077] == []
