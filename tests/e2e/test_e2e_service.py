"""The service's commands and its daemon, as processes."""

import os
import plistlib
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sync.notion.emulator import DEMO_TOKEN
from tests.installed.patience import Wait
from tests.installed.product import Product


def test_printing_needs_nothing_and_changes_nothing(product: Product) -> None:
    """Without a token, on any machine: what would be installed, for both systems, without a secret."""
    before = sorted(product.home.rglob("*"))
    system = product.call("service", "print", "--system", "--platform", "linux")
    assert system.code == 0
    assert "\n[Service]\nType=notify\n" in system.out
    assert f'"AI_TRACES_LOGS_DIR={product.logs}"' in system.out or str(product.logs) in system.out
    agent = product.call("service", "print", "--platform", "macos")
    assert plistlib.loads(agent.out.encode())["ProgramArguments"][1] == "run"
    both = product.call("service", "print", "--schedule", "verify", "--platform", "linux")
    assert "OnCalendar=" in both.out
    assert not any(DEMO_TOKEN in printed.out + printed.err for printed in (system, agent, both))
    made = {path.suffix for path in product.home.rglob("*") if path not in before}
    assert made <= {".out", ".err"}


def test_a_macos_service_of_the_machine_is_refused(product: Product) -> None:
    """There is none; the text says what to do."""
    ended = product.call("service", "print", "--system", "--platform", "macos")
    assert ended.code == 78
    assert "--system" in ended.err


def test_where_there_is_no_systemd_it_is_said(product: Product) -> None:
    """One sentence and a next step, no traceback, and nothing is written."""
    product.settings |= {"PATH": str(product.home), "XDG_RUNTIME_DIR": str(product.home)}
    for words in (("status",), ("restart",), ("logs",), ("uninstall",)):
        ended = product.call("service", *words)
        assert ended.code == 78
        assert "Traceback" not in ended.err
    assert not (product.home / ".config").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may")
def test_only_root_installs_for_the_machine(product: Product) -> None:
    """The text has the command that works."""
    ended = product.call("service", "install", "--system")
    assert ended.code == 78
    assert "sudo " in ended.err


def _agent(product: Product) -> tuple[tuple[str, ...], Path]:
    log = product.home / "Library/Logs/ai-traces/ai-traces.log"
    return ("run", "--launchd", "--log-file", str(log)), log


def test_under_launchd_the_log_is_a_file_of_its_own(product: Product, wait: Wait) -> None:
    """Standard error stays empty: launchd never rotates what is written there."""
    arguments, log = _agent(product)
    running = product.start(*arguments)
    wait(lambda: log.exists() and '"daemon.ready"' in log.read_text(encoding="utf-8"), what="it is ready")
    ended, _ = running.stop()
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert DEMO_TOKEN not in log.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "value"), [("AI_TRACES_RESCAN_SECONDS", "often"), ("NOTION_TOKEN", "a b")])
def test_under_launchd_a_wrong_setting_ends_with_0(product: Product, name: str, value: str) -> None:
    """Launchd starts again, for ever, whatever ends otherwise; the log says what is wrong."""
    arguments, log = _agent(product)
    ended = product.start(*arguments, settings={name: value}).ended()
    assert ended.code == 0
    assert name in log.read_text(encoding="utf-8")
    assert product.call("run", settings={name: value}).code == 78


def test_under_launchd_a_second_one_ends_with_0(product: Product, wait: Wait) -> None:
    """The first one holds the state, and trying again every half minute helps nobody."""
    arguments, log = _agent(product)
    first = product.start("run")
    wait(lambda: '"daemon.ready"' in first.said(), what="the first one is ready")
    assert product.start(*arguments).ended().code == 0
    assert "already running" in log.read_text(encoding="utf-8")


@pytest.mark.slow
def test_under_launchd_a_hung_daemon_ends_itself(product: Product, wait: Wait) -> None:
    """Launchd has no watchdog: a thread of our own ends a process whose loop stands still, with 70."""
    hanging = (
        "import signal, time; signal.signal(signal.SIGUSR2, lambda *_: time.sleep(1000));"
        "from daemon.cli import main, run; run.HANGS_AFTER = 16.0; main(['run', '--launchd'])"
    )
    error = product.home / "hanging.err"
    with error.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-c", hanging], env=product.settings, cwd=product.home, stderr=stream
        )
    try:
        wait(lambda: '"daemon.ready"' in error.read_text(encoding="utf-8"), what="it is ready")
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(22)  # it lives on as long as its loop does
        process.send_signal(signal.SIGUSR2)
        assert process.wait(30) == 70
    finally:
        process.kill()
        process.wait(30)
    assert "ai-traces hangs" in error.read_text(encoding="utf-8")


def test_a_kill_is_no_success(product: Product, wait: Wait) -> None:
    """What launchd starts again: an end that nobody asked for."""
    arguments, log = _agent(product)
    running = product.start(*arguments)
    wait(lambda: log.exists() and '"daemon.ready"' in log.read_text(encoding="utf-8"), what="it is ready")
    ended, _ = running.stop(signal.SIGKILL)
    assert ended.code == -signal.SIGKILL
