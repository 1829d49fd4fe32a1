"""Commands called from a directory that was deleted meanwhile: from there a path leads nowhere."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from daemon.cli import group
from daemon.cli.ending import exit_code
from sync.errors import ConfigurationError, NoSuchLog, SyncError

_LOG = "2026-01-10-a.md"


@pytest.fixture
def env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Stand in a directory that is no more; one log is in the logs directory."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / _LOG).write_text("# Execution Log: A\n")
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    return {
        "AI_TRACES_LOGS_DIR": str(tmp_path / "logs"),
        "AI_TRACES_STATE_DIR": str(tmp_path / "state"),
        "AI_TRACES_CONTRACT": "",
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ["retry", "nowhere.md"],
        ["lint", "nowhere.md"],
        ["audit"],
        ["audit", "--output", "bundle"],
        ["audit", "import", "answer.md"],
        ["patterns", "--output", "told.md"],
        ["patterns", "--diff", "change.diff"],
        ["patterns", "--contract", "contract.md"],
    ],
)
def test_what_leads_nowhere_is_told(env: dict[str, str], arguments: list[str]) -> None:
    """It ends with 2 and a sentence."""
    result = CliRunner().invoke(group, arguments, env=env)
    if isinstance(result.exception, SyncError):
        assert isinstance(result.exception, NoSuchLog)
        assert exit_code(result.exception) == 2
    else:
        assert result.exit_code == 2, result.output
        assert result.stderr.strip()


def test_a_setting_that_leads_nowhere_is_named(env: dict[str, str]) -> None:
    """A relative path starts at a directory that is no more: it is said of which variable."""
    env["AI_TRACES_LOGS_DIR"] = "logs"
    result = CliRunner().invoke(group, ["status"], env=env, standalone_mode=False)
    assert isinstance(result.exception, ConfigurationError)
    assert "AI_TRACES_LOGS_DIR: logs starts at the current directory, which was deleted" in str(
        result.exception
    )


@pytest.mark.parametrize("command", ["retry", "lint"])
def test_a_name_longer_than_any_file_has_is_no_log(env: dict[str, str], command: str) -> None:
    """What the system says of such a name is no defect of ours."""
    result = CliRunner().invoke(group, [command, f"{'a' * 300}.md"], env=env, standalone_mode=False)
    assert isinstance(result.exception, NoSuchLog)


@pytest.mark.parametrize(("command", "ends"), [("retry", 0), ("lint", 1)])
def test_a_log_is_found_by_its_path_in_the_logs_directory(
    env: dict[str, str], command: str, ends: int
) -> None:
    """For that no directory is needed to stand in."""
    result = CliRunner().invoke(group, [command, _LOG], env=env, standalone_mode=False)
    assert (result.exception, result.return_value or 0) == (None, ends)
