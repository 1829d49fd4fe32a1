"""Where settings come from: the defaults, the example, the environment and files."""

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from daemon.config.settings import SETTINGS, load, set_nearby
from daemon.config.values import (
    LogFormat,
    LogLevel,
    OnPageEdited,
    OnPageTrashed,
)
from sync.departure_decision import MaxDeletes, OnFileDeleted
from sync.errors import ConfigurationError
from sync.names import Property
from tests.worlds.configured import EXAMPLE, TOKEN, settings

NAMES = [setting.name for setting in SETTINGS.values()]


def test_the_defaults_are_those_of_the_interface(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without any setting, what the interface promises holds."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    found = settings({})
    values = {each.name: getattr(found, each.name) for each in fields(found)}
    assert values.pop("state_dir").is_relative_to(tmp_path)
    assert values == {
        "notion_token": None,
        "notion_token_file": None,
        "notion_database_id": "9272e7a6-91ab-4c50-b5b9-b28cc2f41f3d",
        "notion_base_url": "https://api.notion.com",
        "logs_dir": tmp_path / "jen-os/logs/claude-executions",
        "requests_per_minute": 180,
        "rescan_seconds": 300,
        "drift_check_seconds": 600,
        "settle_seconds": 65,
        "on_file_deleted": OnFileDeleted.TRASH,
        "on_page_trashed": OnPageTrashed.RESPECT,
        "on_page_edited": OnPageEdited.REPAIR,
        "max_deletes": MaxDeletes(10, 20),
        "manage_schema": True,
        "property_names": {each: each.value for each in Property},
        "redact": True,
        "host": "",
        "budget_url": None,
        "contract": None,
        "anthropic_api_key": None,
        "log_level": LogLevel.INFO,
        "log_format": LogFormat.AUTO,
        "metrics_port": None,
        "misspelt": (),
    }


def test_the_example_names_every_setting_with_its_default() -> None:
    """A copied .env.example changes nothing, and lacks no setting."""
    text = EXAMPLE.read_text(encoding="utf-8")
    assert sorted(re.findall(r"^(\w+)=", text, re.MULTILINE)) == sorted(NAMES)
    given_values = dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))
    assert settings(given_values) == settings({})
    for name, setting in SETTINGS.items():
        if given_values[setting.name] == "":
            assert name == "state_dir" or not getattr(settings({}), name), f"{name} has a default to be shown"


def test_every_setting_of_the_example_is_explained() -> None:
    """Each assignment stands below one to three lines of comment."""
    paragraphs = re.split(r"\n\n+", EXAMPLE.read_text(encoding="utf-8").strip())
    assigned = [
        paragraph.splitlines()
        for paragraph in paragraphs
        if "\n" in paragraph and "=" in paragraph.splitlines()[-1]
    ]
    assert len(assigned) == len(NAMES)
    for *comment, assignment in assigned:
        assert not assignment.startswith("#")
        assert 1 <= len(comment) <= 3
        assert all(line.startswith("# ") for line in comment)


def test_the_environment_wins_over_the_nearest_file_and_that_over_the_general_one(tmp_path: Path) -> None:
    """Three places, the nearest to the command wins; an empty value counts as not given."""
    for name, lines in {
        "general": "AI_TRACES_HOST=general\nAI_TRACES_LOG_LEVEL=error\nAI_TRACES_RESCAN_SECONDS=1\n",
        "nearest": "AI_TRACES_HOST=nearest\nAI_TRACES_LOG_LEVEL=debug\nAI_TRACES_RESCAN_SECONDS=\n",
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / ".env").write_text(lines)
    found = settings(
        {"AI_TRACES_HOST": "environment", "AI_TRACES_LOG_LEVEL": " "},
        directory=tmp_path / "nearest",
        config_dir=tmp_path / "general",
    )
    assert (found.host, found.log_level, found.rescan_seconds) == ("environment", LogLevel.DEBUG, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="where the user's configuration lies differs")
def test_the_nearest_file_lies_in_the_current_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without being told otherwise, the `.env` here counts, and the one in the user's configuration."""
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / ".env").write_text("AI_TRACES_HOST=here\n")
    (tmp_path / "config" / "ai-traces").mkdir(parents=True)
    (tmp_path / "config" / "ai-traces" / ".env").write_text(
        "AI_TRACES_HOST=general\nAI_TRACES_REDACT=false\n"
    )
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    found = load({})
    assert (found.host, found.redact) == ("here", False)


def test_a_quoted_env_file_is_read_as_a_shell_would(tmp_path: Path) -> None:
    """JSON in single quotes, a comment, an export: the usual ways to write a .env file."""
    (tmp_path / ".env").write_text(
        'export AI_TRACES_HOST=laptop # mine\nAI_TRACES_PROPERTY_NAMES=\'{"ENV": "Environment"}\'\n'
    )
    found = settings({}, directory=tmp_path)
    assert found.host == "laptop"
    assert found.property_names[Property.ENV] == "Environment"
    assert found.property_names[Property.RISK] == "RISK"


@pytest.mark.parametrize(
    "line", ['AI_TRACES_ON_FILE_DELETED="keep', "AI_TRACES_ON_FILE_DELETED: keep", "AI_TRACES_REDACT false"]
)
def test_a_line_of_ours_that_is_no_assignment_is_named(tmp_path: Path, line: str) -> None:
    """Passed over, the default would hold in silence, and trash what she wants to keep."""
    (tmp_path / ".env").write_text(f"# ours\nNOTION_TOKEN={TOKEN}\n\n\n{line}\nAI_TRACES_HOST=a\n")
    with pytest.raises(ConfigurationError) as caught:
        settings({}, directory=tmp_path)
    name = re.match(r"\w+", line)
    assert name is not None
    assert f"{name[0]} in line 5 of {tmp_path / '.env'}" in str(caught.value)
    assert f"{name[0]}=VALUE" in str(caught.value)
    assert "CANARY" not in str(caught.value)


def test_a_line_of_another_program_is_its_own_affair(tmp_path: Path) -> None:
    """The file in the directory where one stands may be somebody else's."""
    (tmp_path / ".env").write_text("# AI_TRACES_HOST b\nsource ./more.sh $NOTION_TOKEN\nAI_TRACES_HOST=a\n")
    assert settings({}, directory=tmp_path).host == "a"


def test_an_unreadable_env_file_is_named(tmp_path: Path) -> None:
    """A file that is not text ends the start, with its name."""
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match=re.escape(str(tmp_path / ".env"))):
        settings({}, directory=tmp_path)


def test_a_misspelt_setting_is_pointed_out(tmp_path: Path) -> None:
    """A variable that was meant for us and is none does not pass in silence."""
    (tmp_path / ".env").write_text("AI_TRACES_REDACTED=false\n")
    found = settings({"AI_TRACES_LOG_DIR": "/x", "OTHER": "y"}, directory=tmp_path)
    assert found.misspelt == (
        "AI_TRACES_LOG_DIR is no setting; did you mean AI_TRACES_LOGS_DIR?",
        "AI_TRACES_REDACTED is no setting; did you mean AI_TRACES_REDACT?",
    )


def test_the_service_manager_gives_the_state_directory(tmp_path: Path) -> None:
    """$STATE_DIRECTORY holds unless AI_TRACES_STATE_DIR is set; of several the first."""
    assert settings({"STATE_DIRECTORY": f"{tmp_path}:/other"}).state_dir == tmp_path
    assert settings({"STATE_DIRECTORY": "/other", "AI_TRACES_STATE_DIR": str(tmp_path)}).state_dir == tmp_path


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A directory of somebody else."""
    directory = tmp_path / "locked"
    directory.mkdir()
    (directory / ".env").write_text("AI_TRACES_HOST=theirs\n")
    directory.chmod(0)
    yield directory
    directory.chmod(0o700)


@pytest.fixture
def as_nobody(locked: Path) -> Iterator[Path]:
    """Root may look into every directory: be somebody else meanwhile."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    yield locked
    os.seteuid(before)


def test_a_directory_that_may_not_be_entered_holds_no_settings(as_nobody: Path) -> None:
    """As when root's shell stands in its own home and speaks for somebody else: nothing there is theirs."""
    assert load({}, directory=as_nobody, config_dir=Path("/nowhere")).host == ""
    assert set_nearby({}, directory=as_nobody, config_dir=Path("/nowhere")) == {}


def test_a_directory_that_was_deleted_holds_no_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell may still stand in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gone").mkdir()
    os.chdir("gone")
    (tmp_path / "gone").rmdir()
    assert load({}, config_dir=tmp_path).host == ""
