"""The generated pages say what the code says, and the shell completes what there is."""

import shutil
import subprocess
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from daemon.cli import COMMANDS, group
from daemon.config.settings import SETTINGS
from daemon.manual.configuration import configuration, explained
from daemon.manual.man import man_page

CHECKOUT = Path(__file__).parents[2]
EXAMPLE = (CHECKOUT / ".env.example").read_text(encoding="utf-8")


def _commands(of: click.Group, context: click.Context) -> list[click.Command]:
    found: list[click.Command] = []
    for name in of.list_commands(context):
        command = of.get_command(context, name)
        assert command is not None
        found += _commands(command, context) if isinstance(command, click.Group) else [command]
    return found


def test_the_reference_of_the_settings_is_what_the_settings_are() -> None:
    """docs/configuration.md is what `make docs` makes of the settings now."""
    kept = (CHECKOUT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert kept == configuration(EXAMPLE)


def test_the_reference_explains_each_setting_once() -> None:
    """No setting is missing from the reference, and each has words of its own."""
    names = [each.name for each in explained(EXAMPLE)]
    known = {each.name for each in SETTINGS.values()}
    assert sorted(names) == sorted(known)
    assert all(each.explanation and each.section for each in explained(EXAMPLE))


def test_the_man_page_is_what_the_commands_are() -> None:
    """docs/ai-traces.1 is what `make docs` makes of the commands now, and names each of them."""
    kept = (CHECKOUT / "docs" / "ai-traces.1").read_text(encoding="utf-8")
    assert kept == man_page(group)
    assert all(f".SS {name}" in kept for name in COMMANDS)


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_the_man_page_is_sound_roff() -> None:
    """The formatter has nothing to complain about."""
    told = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-z"],
        input=man_page(group).encode(),
        capture_output=True,
        check=True,
        timeout=30,
    )
    assert told.stderr == b""


def test_the_help_of_each_command_has_an_example() -> None:
    """A person who asks for help sees a line to copy."""
    context = click.Context(group, info_name="ai-traces")
    assert [each.name for each in _commands(group, context) if "ai-traces" not in (each.epilog or "")] == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_is_told_how_to_complete(shell: str) -> None:
    """What is printed is a script that calls ai-traces with the variable that click answers to."""
    told = CliRunner().invoke(group, ["completion", shell])
    assert told.exit_code == 0
    assert f"_AI_TRACES_COMPLETE={shell}_complete" in told.stdout


def test_the_shell_completes_the_paths_of_logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Logs and directories of the logs directory are offered, nothing hidden and nothing else."""
    (tmp_path / "exceptions").mkdir()
    for name in (
        "2026-01-10-a.md",
        "2026-01-11-b.md",
        "notes.txt",
        ".hidden.md",
        "exceptions/2026-01-10-x.md",
    ):
        (tmp_path / name).touch()
    monkeypatch.setenv("AI_TRACES_LOGS_DIR", str(tmp_path))
    completing = ShellComplete(group, {}, "ai-traces", "_AI_TRACES_COMPLETE")

    def offered(typed: str) -> list[str]:
        return [each.value for each in completing.get_completions(["retry"], typed)]

    assert offered("") == ["2026-01-10-a.md", "2026-01-11-b.md", "exceptions"]
    assert offered("2026-01-11") == ["2026-01-11-b.md"]
    assert offered("exceptions/") == ["exceptions/2026-01-10-x.md"]
    assert offered("nowhere/") == []


def test_settings_that_cannot_be_used_complete_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell that completes is no place for an error."""
    monkeypatch.setenv("AI_TRACES_RESCAN_SECONDS", "often")
    completing = ShellComplete(group, {}, "ai-traces", "_AI_TRACES_COMPLETE")
    assert completing.get_completions(["retry"], "") == []
