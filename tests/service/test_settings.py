"""Promises of the settings and of finding the token: what is written holds, and errors say what to write."""

import os
import pickle
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import FrozenInstanceError, asdict, fields, replace
from math import isfinite
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.config.credentials import Credential, find_token
from daemon.config.secret import Secret
from daemon.config.settings import SETTINGS, Settings, load, set_nearby
from daemon.config.values import (
    LogFormat,
    LogLevel,
    OnPageEdited,
    OnPageTrashed,
    parse_max_deletes,
)
from daemon.manual.configuration import explained
from sync.departure import MaxDeletes, OnFileDeleted
from sync.errors import ConfigurationError
from sync.names import Property

TOKEN = "ntn_CANARY00000000000000000000000000000000000000"
EXAMPLE = Path(__file__).parents[2] / ".env.example"
NAMES = [setting.name for setting in SETTINGS.values()]


def settings(
    environ: Mapping[str, str], *, directory: Path = Path("/no"), config_dir: Path = Path("/no")
) -> Settings:
    """Load from these places only."""
    return load(environ, directory=directory, config_dir=config_dir)


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


@pytest.mark.parametrize(
    ("name", "value", "to_write"),
    [
        ("NOTION_BASE_URL", "api.notion.com", "NOTION_BASE_URL=https://"),
        ("NOTION_BASE_URL", "http://[::1", "NOTION_BASE_URL=https://"),
        ("NOTION_BASE_URL", "http://localhost:99999", "port"),
        ("NOTION_BASE_URL", "http://localhost:http", "port"),
        ("NOTION_BASE_URL", "https://api notion com", "spaces"),
        ("NOTION_DATABASE_ID", "AI Traces", "Copy link"),
        ("AI_TRACES_REQUESTS_PER_MINUTE", "0", "AI_TRACES_REQUESTS_PER_MINUTE=180"),
        ("AI_TRACES_REQUESTS_PER_MINUTE", "inf", "AI_TRACES_REQUESTS_PER_MINUTE=180"),
        ("AI_TRACES_REQUESTS_PER_MINUTE", "fast", "AI_TRACES_REQUESTS_PER_MINUTE=180"),
        ("AI_TRACES_REQUESTS_PER_MINUTE", "1e-300", "from 0.01 to 1000000000"),
        ("AI_TRACES_REQUESTS_PER_MINUTE", "1e300", "from 0.01 to 1000000000"),
        ("AI_TRACES_RESCAN_SECONDS", "-1", "0 for never"),
        ("AI_TRACES_RESCAN_SECONDS", "1e-300", "from 0.01 to 31536000 (a year), or 0 for never"),
        ("AI_TRACES_DRIFT_CHECK_SECONDS", "nan", "0 for never"),
        ("AI_TRACES_DRIFT_CHECK_SECONDS", "0.001", "from 0.01 to 31536000 (a year), or 0 for never"),
        ("AI_TRACES_SETTLE_SECONDS", "-1", "AI_TRACES_SETTLE_SECONDS=65"),
        ("AI_TRACES_SETTLE_SECONDS", "1e308", "from 0 to 86400 (a day)"),
        ("AI_TRACES_RESCAN_SECONDS", "1e12", "a year"),
        ("AI_TRACES_ON_FILE_DELETED", "delete", "trash, keep or mark"),
        ("AI_TRACES_ON_PAGE_TRASHED", "ignore", "respect or restore"),
        ("AI_TRACES_ON_PAGE_EDITED", "x", "repair or report"),
        ("AI_TRACES_MAX_DELETES", "many", "AI_TRACES_MAX_DELETES=10,20%"),
        ("AI_TRACES_MAX_DELETES", "10,200%", "from 0% to 100%"),
        ("AI_TRACES_MAX_DELETES", "1000000000", "from 0 to 999999999"),
        ("AI_TRACES_MANAGE_SCHEMA", "perhaps", "true or false"),
        ("AI_TRACES_REDACT", "2", "true or false"),
        ("AI_TRACES_PROPERTY_NAMES", "{", "JSON object"),
        ("AI_TRACES_PROPERTY_NAMES", "ENV=Environment", "this is no JSON"),
        ("AI_TRACES_PROPERTY_NAMES", "{'ENV': 'x'}", 'AI_TRACES_PROPERTY_NAMES={"ENV": "Environment"}'),
        ("AI_TRACES_PROPERTY_NAMES", "[]", "JSON object"),
        ("AI_TRACES_PROPERTY_NAMES", '{"Env": "Environment"}', "no property 'Env'"),
        ("AI_TRACES_PROPERTY_NAMES", '{"ENV": "RISK"}', "two properties"),
        ("AI_TRACES_PROPERTY_NAMES", '{"ENV": 1}', "JSON object"),
        ("AI_TRACES_HOST", "a/b", "letters"),
        ("AI_TRACES_BUDGET_URL", "http://user:secretpassword@host", "redis://"),
        ("AI_TRACES_LOGS_DIR", "~nobody-of-this-name/logs", "AI_TRACES_LOGS_DIR=~/"),
        ("AI_TRACES_LOGS_DIR", "/logs\0", "AI_TRACES_LOGS_DIR=~/"),
        ("AI_TRACES_LOG_LEVEL", "loud", "debug, info, warning or error"),
        ("AI_TRACES_LOG_FORMAT", "xml", "auto, console or json"),
        ("AI_TRACES_METRICS_PORT", "65536", "a port from 1 to 65535"),
        ("AI_TRACES_METRICS_PORT", "0", "a port from 1 to 65535"),
        ("AI_TRACES_METRICS_PORT", "localhost:9464", "a port from 1 to 65535"),
    ],
)
def test_a_wrong_value_is_named_with_what_to_write(name: str, value: str, to_write: str) -> None:
    """The error has the variable's name and an example, and shows no password."""
    with pytest.raises(ConfigurationError) as caught:
        settings({name: value})
    assert name in str(caught.value)
    assert to_write in str(caught.value)
    assert "secretpassword" not in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("variables", "meant"),
    [
        ({"AI_TRACES_REDACT": "False"}, {"redact": False}),
        (
            {"AI_TRACES_REDACT": "0", "AI_TRACES_MANAGE_SCHEMA": "no"},
            {"redact": False, "manage_schema": False},
        ),
        (
            {"AI_TRACES_REDACT": "YES", "AI_TRACES_MANAGE_SCHEMA": "on"},
            {"redact": True, "manage_schema": True},
        ),
        ({"AI_TRACES_ON_FILE_DELETED": "Keep"}, {"on_file_deleted": OnFileDeleted.KEEP}),
        ({"AI_TRACES_LOG_LEVEL": "DEBUG"}, {"log_level": LogLevel.DEBUG}),
        ({"AI_TRACES_REQUESTS_PER_MINUTE": "0.01"}, {"requests_per_minute": 0.01}),
        ({"AI_TRACES_REQUESTS_PER_MINUTE": "1e9"}, {"requests_per_minute": 1_000_000_000}),
        ({"AI_TRACES_RESCAN_SECONDS": "0"}, {"rescan_seconds": 0}),
        ({"AI_TRACES_DRIFT_CHECK_SECONDS": "0.01"}, {"drift_check_seconds": 0.01}),
        ({"AI_TRACES_DRIFT_CHECK_SECONDS": "31536000"}, {"drift_check_seconds": 31_536_000}),
        ({"AI_TRACES_SETTLE_SECONDS": "86400"}, {"settle_seconds": 86_400}),
        ({"AI_TRACES_SETTLE_SECONDS": "0"}, {"settle_seconds": 0}),
        ({"AI_TRACES_MAX_DELETES": "100%"}, {"max_deletes": MaxDeletes(0, 100)}),
        ({"AI_TRACES_METRICS_PORT": "65535"}, {"metrics_port": 65_535}),
    ],
)
def test_the_usual_spellings_are_understood(variables: dict[str, str], meant: dict[str, object]) -> None:
    """Capitals, digits and words for yes and no, and the ends of what a number may be."""
    found = settings(variables)
    assert {name: getattr(found, name) for name in meant} == meant


_NUMBERS = [
    (name, least, most)
    for name, setting in SETTINGS.items()
    if (ends := re.search(r"from ([\d.]+) to ([\d.]+)", setting.takes))
    for least, most in [(float(ends[1]), float(ends[2]))]
    if name != "max_deletes"
]


@given(st.floats(), st.sampled_from(_NUMBERS))
def test_a_number_counts_as_far_as_it_is_said(number: float, field: tuple[str, float, float]) -> None:
    """Any number inside of the range that the error, the manual and .env.example name, and none outside."""
    name, least, most = field
    setting = SETTINGS[name]
    written = f"{number:.0f}" if name == "metrics_port" and isfinite(number) else repr(number)
    is_inside = least <= float(written) <= most or (float(written) == 0 and "0 for never" in setting.takes)
    if is_inside:
        assert getattr(settings({setting.name: written}), name) == float(written)
        return
    with pytest.raises(ConfigurationError) as caught:
        settings({setting.name: written})
    assert caught.value.what == f"{setting.name} is {written!r}"
    example = setting.example or setting.default
    assert caught.value.hint == (
        f"{setting.name} takes {setting.takes}: write for example {setting.name}={example}"
    )


def test_every_number_has_a_range_that_the_example_names() -> None:
    """Whoever sets one reads how far it goes, beside the setting itself."""
    assert {name for name, _, _ in _NUMBERS} == {
        "requests_per_minute",
        "rescan_seconds",
        "drift_check_seconds",
        "settle_seconds",
        "metrics_port",
    }
    told = {each.name: each.explanation for each in explained(EXAMPLE.read_text(encoding="utf-8"))}
    for name in (*(name for name, _, _ in _NUMBERS), "max_deletes"):
        for ends in re.findall(r"from \S+ to [\d%.]+", SETTINGS[name].takes):
            assert ends in told[SETTINGS[name].name].lower(), name


def test_a_secret_is_shown_to_who_asks() -> None:
    """It is equal to one of the same text, in a set too, and no representation has the text."""
    secret = Secret(TOKEN)
    assert secret.reveal() == TOKEN
    assert {secret} == {Secret(TOKEN)} != {Secret("other")}
    assert secret != TOKEN
    assert "CANARY" not in f"{secret} {secret!r} {[secret]} {asdict(Credential(secret, 'here'))}"


def test_a_secret_is_not_written_down() -> None:
    """Pickling refuses it, within other things too."""
    for each in (Secret(TOKEN), Credential(Secret(TOKEN), "here")):
        with pytest.raises(TypeError, match="never written down"):
            pickle.dumps(each)


def test_what_is_no_number_is_told_in_plain_words() -> None:
    """As what it is, and not in those of a programming language."""
    with pytest.raises(ConfigurationError) as caught:
        settings({"AI_TRACES_RESCAN_SECONDS": "often"})
    assert caught.value.what == "AI_TRACES_RESCAN_SECONDS is 'often'"


def test_all_wrong_values_are_told_at_once() -> None:
    """Nobody has to mend one setting after the other."""
    with pytest.raises(ConfigurationError, match=r"(?s)AI_TRACES_HOST.*AI_TRACES_LOG_LEVEL"):
        settings({"AI_TRACES_HOST": "a b", "AI_TRACES_LOG_LEVEL": "loud"})


def test_a_misspelt_setting_is_pointed_out(tmp_path: Path) -> None:
    """A variable that was meant for us and is none does not pass in silence."""
    (tmp_path / ".env").write_text("AI_TRACES_REDACTED=false\n")
    found = settings({"AI_TRACES_LOG_DIR": "/x", "OTHER": "y"}, directory=tmp_path)
    assert found.misspelt == (
        "AI_TRACES_LOG_DIR is no setting; did you mean AI_TRACES_LOGS_DIR?",
        "AI_TRACES_REDACTED is no setting; did you mean AI_TRACES_REDACT?",
    )


def test_paths_become_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A tilde and a relative path mean the same wherever they are used later."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    found = settings({"AI_TRACES_LOGS_DIR": "~/logs", "AI_TRACES_CONTRACT": "contract.md"})
    assert (found.logs_dir, found.contract) == (tmp_path / "logs", tmp_path / "contract.md")


def test_the_service_manager_gives_the_state_directory(tmp_path: Path) -> None:
    """$STATE_DIRECTORY holds unless AI_TRACES_STATE_DIR is set; of several the first."""
    assert settings({"STATE_DIRECTORY": f"{tmp_path}:/other"}).state_dir == tmp_path
    assert settings({"STATE_DIRECTORY": "/other", "AI_TRACES_STATE_DIR": str(tmp_path)}).state_dir == tmp_path


def test_the_state_never_lies_among_the_logs(tmp_path: Path) -> None:
    """Not by a symlink either; beside or above the logs is fine."""
    logs = tmp_path / "logs"
    (logs / "state").mkdir(parents=True)
    (tmp_path / "link").symlink_to(logs / "state")
    for state in (logs, logs / "state", tmp_path / "link"):
        with pytest.raises(ConfigurationError, match="AI_TRACES_STATE_DIR"):
            settings({"AI_TRACES_LOGS_DIR": str(logs), "AI_TRACES_STATE_DIR": str(state)})
    settings({"AI_TRACES_LOGS_DIR": str(logs), "AI_TRACES_STATE_DIR": str(tmp_path)})


def test_links_in_a_circle_are_for_who_opens_them(tmp_path: Path) -> None:
    """The settings load, so that `status` and `run` can say which directory cannot be opened."""
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    for name in ("AI_TRACES_LOGS_DIR", "AI_TRACES_STATE_DIR"):
        settings({"AI_TRACES_STATE_DIR": str(tmp_path / "state"), name: str(circle)})


def test_settings_do_not_change() -> None:
    """Nothing can alter a setting after the start, nor a name in the mapping of names."""
    found: Any = settings({})
    with pytest.raises(FrozenInstanceError):
        found.host = "other"
    with pytest.raises(TypeError):
        found.property_names[Property.ENV] = "other"


@given(st.integers(0, 500), st.integers(0, 100), st.integers(0, 2_000), st.integers(0, 2_000))
def test_the_larger_of_pages_and_percent_is_allowed(pages: int, percent: int, deletes: int, of: int) -> None:
    """Up to so many pages or so many percent may go at once, whichever is more; either alone may be given."""
    limit = parse_max_deletes(f"{pages},{percent}%")
    assert limit == MaxDeletes(pages, percent)
    assert (deletes <= limit.allowed(of=of)) == (deletes <= pages or deletes * 100 <= of * percent)
    assert parse_max_deletes(f"{pages} pages or {percent} %") == limit
    assert parse_max_deletes(str(pages)) == MaxDeletes(pages, 0)
    assert parse_max_deletes(f"{percent}%") == MaxDeletes(0, percent)


def token_file(directory: Path, text: str = TOKEN + "\n", mode: int = 0o600) -> Path:
    """Write a token file."""
    file = directory / "notion-token"
    file.write_text(text)
    file.chmod(mode)
    return file


def test_the_token_is_looked_for_in_order(tmp_path: Path) -> None:
    """The systemd credential, then the file, then the variable; white space around it does not matter."""
    (tmp_path / "systemd").mkdir()
    (tmp_path / "own").mkdir()
    token_file(tmp_path / "systemd", "\n credential \n", 0o440)
    from_all = settings(
        {"NOTION_TOKEN": "variable", "NOTION_TOKEN_FILE": str(token_file(tmp_path / "own", "file\n"))}
    )
    by_service = {"CREDENTIALS_DIRECTORY": str(tmp_path / "systemd")}
    without_it = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    from_variable = settings({"NOTION_TOKEN": " variable "})
    found = [
        find_token(from_all, by_service),
        find_token(from_all, without_it),
        find_token(from_variable, {}),
    ]
    assert [each.token for each in found] == [
        Secret("credential"),
        Secret("file"),
        Secret("variable"),
    ]
    assert [each.source for each in found] == ["the systemd credential", "NOTION_TOKEN_FILE", "NOTION_TOKEN"]


def install_keyring(monkeypatch: pytest.MonkeyPatch, directory: Path, answer: str) -> None:
    """Have a keyring package that answers so."""
    (directory / "keyring.py").write_text(f"def get_password(service, name): {answer}\n")
    monkeypatch.syspath_prepend(directory)
    monkeypatch.setitem(sys.modules, "keyring", ModuleType("keyring"))  # so that it is removed in the end
    monkeypatch.delitem(sys.modules, "keyring")


def test_the_keyring_is_asked_last(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the keyring package is installed, it is asked for our entry when nothing else has a token."""
    install_keyring(monkeypatch, tmp_path, "return f'{service}/{name}'")
    assert find_token(settings({"NOTION_TOKEN": "variable"}), {}).source == "NOTION_TOKEN"
    found = find_token(settings({}), {})
    assert (found.token, found.source) == (Secret("ai-traces/notion-token"), "the system keyring")


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


@pytest.mark.parametrize("answer", ["return None", "raise OSError('locked')"])
def test_a_keyring_without_our_token_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: str
) -> None:
    """Empty or locked: the token is missing, and the error says all ways to give one."""
    install_keyring(monkeypatch, tmp_path, answer)
    with pytest.raises(ConfigurationError, match="There is no Notion token"):
        find_token(settings({}), {})


def test_a_missing_token_names_all_ways_to_give_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever has no token yet reads where it can go."""
    install_keyring(monkeypatch, tmp_path, "return None")
    with pytest.raises(ConfigurationError) as caught:
        find_token(settings({}), {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    for way in ("NOTION_TOKEN ", "NOTION_TOKEN_FILE", "systemd credential", "keyring", ".env"):
        assert way in str(caught.value)
    assert caught.value.hint.startswith("Run: ai-traces setup. ")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_token_file_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    """The error has the command that mends it."""
    file = token_file(tmp_path, mode=mode)
    with pytest.raises(ConfigurationError, match=re.escape(f"chmod 600 {file}")):
        find_token(settings({"NOTION_TOKEN_FILE": str(file)}), {})


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_token_file_of_another_user_is_refused(tmp_path: Path) -> None:
    """Somebody else could put another token there."""
    file = token_file(tmp_path)
    os.chown(file, 12345, -1)
    with pytest.raises(ConfigurationError, match="another user"):
        find_token(settings({"NOTION_TOKEN_FILE": str(file)}), {})


def test_a_token_file_that_is_none_is_named(tmp_path: Path) -> None:
    """Missing, or a directory: the error says which path."""
    for path in (tmp_path / "missing", tmp_path):
        with pytest.raises(ConfigurationError, match=re.escape(str(path))):
            find_token(settings({"NOTION_TOKEN_FILE": str(path)}), {})


@pytest.mark.parametrize(
    "text", ["", "  \n", f"{TOKEN}\n{TOKEN}", f"Bearer {TOKEN}", f"{TOKEN}é", f"{TOKEN}\0"]
)
def test_what_cannot_be_a_token_is_refused_without_showing_it(tmp_path: Path, text: str) -> None:
    """Empty, two lines, a copied header, a strange character: refused, and the text is in no error."""
    with pytest.raises(ConfigurationError) as caught:
        find_token(settings({"NOTION_TOKEN_FILE": str(token_file(tmp_path, text))}), {})
    assert "CANARY" not in str(caught.value)


def test_the_token_is_in_no_representation() -> None:
    """Neither the settings nor the credential show it."""
    found = settings({"NOTION_TOKEN": TOKEN, "AI_TRACES_BUDGET_URL": "redis://:CANARY@host"})
    assert (
        "CANARY"
        not in f"{found!r} {found} {asdict(replace(found, property_names={}))} {find_token(found, {})}"
    )
