"""What a command loads: memory that the daemon keeps for good, and time before `status` answers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def _loaded(command: str) -> set[str]:
    """Return the top-level packages that are there once a command is."""
    program = (
        "import sys; from daemon.cli import group; assert group.get_command(None, sys.argv[1]);"
        "print(*{name.split('.')[0] for name, module in sys.modules.items() if module is not None})"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, command], check=True, capture_output=True, text=True, timeout=60
    )
    return set(ended.stdout.split())


def test_the_daemon_does_not_keep_what_draws_on_terminals() -> None:
    """Two of its libraries load rich when they find it; the daemon needs them and not that."""
    loaded = _loaded("run")
    assert {"httpx", "structlog", "notion_client"} <= loaded
    assert not loaded & {"rich", "pygments", "numpy", "scipy", "pydantic"}


@pytest.mark.parametrize("command", ["status", "version"])
def test_what_asks_notion_nothing_does_not_load_its_client(command: str) -> None:
    """Nor what reads logs: how things stand is in the stamps and in the state."""
    unneeded = {"httpx", "notion_client", "markdown_it", "structlog", "watchdog", "rich", "pydantic"}
    assert not _loaded(command) & unneeded


def test_a_model_is_loaded_only_to_be_asked() -> None:
    """What speaks to one is large, and most hand-offs need none."""
    assert not _loaded("patterns") & {"anthropic", "httpx2", "opentelemetry"}


@pytest.mark.parametrize(
    "command",
    ["run", "status", "backfill", "verify", "setup", "doctor", "lint", "new", "pattern", "patterns", "audit"],
)
def test_what_groups_logs_is_loaded_only_to_group_them(command: str) -> None:
    """It is an extra: without it everything else works, and no start waits for it."""
    assert not _loaded(command) & {"numpy", "scipy", "snowballstemmer"}


def test_without_what_groups_logs_it_is_said_how_to_get_it(tmp_path: Path) -> None:
    """In one sentence, and as a matter of configuration: no traceback."""
    program = "import sys; sys.modules['numpy'] = None; from daemon.cli import main; main(['patterns'])"
    places = {"AI_TRACES_LOGS_DIR": str(tmp_path), "AI_TRACES_STATE_DIR": str(tmp_path.with_name("state"))}
    ended = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | places,
    )
    assert ended.returncode == 78
    assert f"{sys.executable} -m pip install 'numpy" in ended.stderr
    assert "Traceback" not in ended.stderr


_EXTRAS = (
    *("aiohttp", "jinja2", "keyring", "redis", "prometheus_client"),
    *("numpy", "scipy", "snowballstemmer", "anthropic"),
)


def test_every_help_is_shown_whatever_is_not_installed() -> None:
    """Who reads what a command is for may be the one who decides what to install."""
    program = (
        f"import sys; sys.modules.update(dict.fromkeys({_EXTRAS!r}))\n"
        "import click; from daemon.cli import COMMANDS, group, main\n"
        "def names(command, above):\n"
        "    yield above\n"
        "    for name, below in getattr(command, 'commands', {}).items():\n"
        "        yield from names(below, (*above, name))\n"
        "for name in COMMANDS:\n"
        "    for each in names(group.get_command(None, name), (name,)):\n"
        "        try: main((*each, '--help'))\n"
        "        except SystemExit as end: assert end.code == 0, each\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.count("Usage: ai-traces ") >= 28


def test_rich_is_there_for_the_commands_that_draw() -> None:
    """What is kept out of the daemon is not kept out of anything else."""
    program = (
        "from daemon.cli import group; group.get_command(None, 'run'); import rich.progress, httpx._main"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, timeout=60)
