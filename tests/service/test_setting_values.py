"""Values of settings: usual spellings are understood, and errors say what to write."""

import re
from dataclasses import FrozenInstanceError
from math import inf, isfinite
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from daemon.config.settings import SETTINGS
from daemon.config.values import (
    LogLevel,
    parse_max_deletes,
)
from daemon.manual.configuration import explained
from sync.departure_decision import MaxDeletes, OnFileDeleted
from sync.errors import ConfigurationError
from sync.names import Property
from tests.worlds.configured import EXAMPLE, settings


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
        ("AI_TRACES_REQUESTS_PER_MINUTE", "inf", "'inf' is no number of requests"),
        ("AI_TRACES_REQUESTS_PER_MINUTE", "nan", "'nan' is no number of requests"),
        ("AI_TRACES_REQUESTS_PER_MINUTE", "fast", "any positive number"),
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
        ({"AI_TRACES_REQUESTS_PER_MINUTE": "0.001"}, {"requests_per_minute": 0.001}),
        ({"AI_TRACES_REQUESTS_PER_MINUTE": "1e-3"}, {"requests_per_minute": 0.001}),
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


@given(st.floats())
@example(5e-324)
@example(1.7e308)
def test_any_positive_number_is_a_pace(number: float) -> None:
    """However small or large; zero, less, and what is no number are refused with what to write."""
    environ = {"AI_TRACES_REQUESTS_PER_MINUTE": repr(number)}
    if 0 < number < inf:
        assert settings(environ).requests_per_minute == number
        return
    with pytest.raises(ConfigurationError) as caught:
        settings(environ)
    assert repr(number) in caught.value.what
    assert "any positive number" in caught.value.hint


def test_every_number_has_a_range_that_the_example_names() -> None:
    """Whoever sets one reads how far it goes, beside the setting itself."""
    assert {name for name, _, _ in _NUMBERS} == {
        "rescan_seconds",
        "drift_check_seconds",
        "settle_seconds",
        "metrics_port",
    }
    told = {each.name: each.explanation for each in explained(EXAMPLE.read_text(encoding="utf-8"))}
    for name in (*(name for name, _, _ in _NUMBERS), "max_deletes"):
        for ends in re.findall(r"from \S+ to [\d%.]+", SETTINGS[name].takes):
            assert ends in told[SETTINGS[name].name].lower(), name
    assert "any positive number" in told["AI_TRACES_REQUESTS_PER_MINUTE"].lower()


def test_what_is_no_number_is_told_in_plain_words() -> None:
    """As what it is, and not in those of a programming language."""
    with pytest.raises(ConfigurationError) as caught:
        settings({"AI_TRACES_RESCAN_SECONDS": "often"})
    assert caught.value.what == "AI_TRACES_RESCAN_SECONDS is 'often'"


def test_all_wrong_values_are_told_at_once() -> None:
    """Nobody has to mend one setting after the other."""
    with pytest.raises(ConfigurationError, match=r"(?s)AI_TRACES_HOST.*AI_TRACES_LOG_LEVEL"):
        settings({"AI_TRACES_HOST": "a b", "AI_TRACES_LOG_LEVEL": "loud"})


def test_paths_become_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A tilde and a relative path mean the same wherever they are used later."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    found = settings({"AI_TRACES_LOGS_DIR": "~/logs", "AI_TRACES_CONTRACT": "contract.md"})
    assert (found.logs_dir, found.contract) == (tmp_path / "logs", tmp_path / "contract.md")


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
