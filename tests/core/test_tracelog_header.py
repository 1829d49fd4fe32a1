"""The title, the path and the fields below the title."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.names import LogPath
from sync.tracelog.model import Env, Kind, Risk, State, TraceLog, Transition
from sync.tracelog.parsing.parser import parse
from sync.tracelog.timestamp import parse_timestamp


def read(text: str, path: str = "2026-01-10-task-9.md") -> TraceLog:
    """Parse a text with UTC as the machine's zone."""
    return parse(text.encode(), LogPath(path), zone=UTC)


def rules(log: TraceLog) -> set[str]:
    """Return the ids of the rules that a log breaks."""
    return {warning.rule for warning in log.warnings}


@pytest.mark.parametrize(
    ("title", "kind", "log_id"),
    [
        ("# Execution Log: [TASK-7]", Kind.EXECUTION, "TASK-7"),
        ("# Execution Log: TASK-7", Kind.EXECUTION, "TASK-7"),
        ("# EXECUTION LOG: `TASK-7`", Kind.EXECUTION, "TASK-7"),
        ("# **Execution Log:** TASK_7_a #", Kind.EXECUTION, "TASK_7_a"),
        ("Execution Log: TASK-7\n===", Kind.EXECUTION, "TASK-7"),
        ("# Execution Log: [A] and [B]", Kind.EXECUTION, "[A] and [B]"),
        ("# exception: E-1", Kind.EXCEPTION, "E-1"),
        ("# Exception — E-1", Kind.EXCEPTION, "E-1"),
        ("# Exception Log: E-1", Kind.EXCEPTION, "E-1"),
        ("# Exception handling", Kind.EXECUTION, "task-9"),
        ("# Execution Log:", Kind.EXECUTION, "task-9"),
        ("# Exception: [EXCEPTION-ID]", Kind.EXCEPTION, "task-9"),
        ("", Kind.EXECUTION, "task-9"),
        ("```\n# Exception: E-1\n```\ntext", Kind.EXECUTION, "task-9"),
        ("> # Exception: E-1", Kind.EXECUTION, "task-9"),
        ("## Task\n\n# Exception: E-1", Kind.EXECUTION, "task-9"),
        ("# Notes\n\n# Exception: E-1", Kind.EXCEPTION, "E-1"),
    ],
)
def test_title_tells_kind_and_id(title: str, kind: Kind, log_id: str) -> None:
    """The title before the first section names kind and id; without one the path does."""
    log = read(title + "\n")

    assert (log.kind, log.log_id) == (kind, log_id)


@pytest.mark.parametrize(
    ("path", "kind", "log_id"),
    [
        ("2026-01-10-task-7.md", Kind.EXECUTION, "task-7"),
        ("exceptions/2026-01-10-e-1.md", Kind.EXCEPTION, "e-1"),
        ("2026/exceptions/notes.MD", Kind.EXCEPTION, "notes"),
        ("exceptions.md", Kind.EXECUTION, "exceptions"),
        ("2026-01-10.md", Kind.EXECUTION, "2026-01-10"),
        (".md", Kind.EXECUTION, ".md"),
        ("", Kind.EXECUTION, "log"),
        ("\udcff.md", Kind.EXECUTION, "\ufffd"),
    ],
)
def test_path_tells_kind_and_id_without_a_title(path: str, kind: Kind, log_id: str) -> None:
    """A log without a title is identified by its path; the id is never empty and always valid Unicode."""
    log = read("text", path)

    assert (log.kind, log.log_id) == (kind, log_id)


@pytest.mark.parametrize(
    "line",
    [
        "**ENV:** prod",
        "**ENV**: prod",
        "ENV: prod",
        "env: prod",
        "- **ENV:** prod",
        "* ENV: prod",
        "__ENV:__ Prod",
        "**ENV: prod**",
        "**ENV:** `PROD`.",
        "**ENV:** **prod**,",
        "**ENV:** [prod]",
        "**ENV:** prod\\",
        "**ENV:** prod  ",
        "  **ENV:**prod",
        "**ENV：** prod",
    ],
)
def test_field_is_read_in_each_spelling(line: str) -> None:
    """Markup, case and closing punctuation do not hide a value, and the line counts as header."""
    log = read(f"# Execution Log: T\n\nfirst\n\n{line}\n")

    assert log.env is Env.PROD
    assert log.header_lines == {0, 4}


@pytest.mark.parametrize(
    "text",
    [
        "> **ENV:** prod",
        "```\n**ENV:** prod\n```",
        "    **ENV:** prod",
        "| ENV: prod | b |\n|---|---|\n| **ENV:** prod | x |",
        "## Task\n**ENV:** prod",
        "see **ENV:** prod",
        "ENVIRONMENT: prod",
        "**ENV:** prod | dev",
        "**ENV:** prod and dev",
    ],
)
def test_other_text_is_no_field_value(text: str) -> None:
    """Quotes, code, tables, sections and prose hold no fields, and two values are none."""
    assert read(f"# Execution Log: T\n\n{text}\n").env is None


def test_first_of_two_fields_counts() -> None:
    """A repeated field keeps its first value; both lines belong to the header."""
    log = read("# Execution Log: T\n**RISK:** low\n**RISK:** high\n")

    assert log.risk is Risk.LOW
    assert log.header_lines == {0, 1, 2}


def test_fields_are_found_without_title_and_before_it() -> None:
    """Fields stand anywhere before the first section."""
    assert read("**ENV:** dev\n\n## Task\nx").env is Env.DEV
    assert read("**ENV:** dev\n\n# Execution Log: T\n").env is Env.DEV


def test_separator_right_below_the_fields_makes_no_heading() -> None:
    """`---` below the last field is a divider, for the values and for the page."""
    log = read("# Execution Log: T\n\n**ENV:** dev\n**RISK:** low\n---\n\n## Task\nx\n")

    assert (log.env, log.risk) == (Env.DEV, Risk.LOW)
    assert [section.heading for section in log.sections] == ["Task"]
    assert [token.type for token in log.tokens[3:7]] == ["paragraph_open", "inline", "paragraph_close", "hr"]
    assert log.header_lines == {0, 2, 3}


@given(
    before=st.sampled_from(State),
    after=st.sampled_from(State),
    arrow=st.sampled_from(["→", "->", "=>", "-->", "⇒"]),
    space=st.sampled_from(["", " ", "  "]),
    mark=st.sampled_from(["", "`", "**"]),
)
def test_transition_is_read_with_each_arrow(
    *, before: State, after: State, arrow: str, space: str, mark: str
) -> None:
    """Any two states with any usual arrow between them are a transition."""
    value = f"{mark}{before.lower()}{mark}{space}{arrow}{space}{mark}{after}{mark}"

    log = read(f"# Execution Log: T\n**STATE Transition:** {value}\n")

    assert log.transition == Transition(before, after)


@pytest.mark.parametrize(
    "text", ["PLAN", "→", "PLAN →", "PLAN → NOWHERE", "PLAN DRAFT", "PLAN → DRAFT → TESTED"]
)
def test_anything_else_is_no_transition(text: str) -> None:
    """One state, three states or an unknown one give no transition but a warning."""
    log = read(f"# Execution Log: T\n**STATE Transition:** {text}\n")

    assert log.transition is None
    assert "bad-transition" in rules(log)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-10T14:30:00Z", datetime(2026, 1, 10, 14, 30, tzinfo=UTC)),
        ("2026-01-10 14:30z", datetime(2026, 1, 10, 14, 30, tzinfo=UTC)),
        ("2026-01-10  14:30:05 UTC", datetime(2026, 1, 10, 14, 30, 5, tzinfo=UTC)),
        ("2026-01-10T14:30:05.5+0530", datetime(2026, 1, 10, 9, 0, 5, 500000, tzinfo=UTC)),
        ("2026-01-10T14:30:05,123456789-03", datetime(2026, 1, 10, 17, 30, 5, 123456, tzinfo=UTC)),
        ("2026-01-10", date(2026, 1, 10)),
        ("2026-01-10T", None),
        ("2026-01-10T24:30:00Z", None),
        ("2026-02-29", None),
        ("0000-01-01", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:00:00-05:00", None),
        ("2026-01-10T14:30:00+25:00", None),
        ("2026-01-10T14:30:00 CET", None),
        ("٢٠٢٦-٠١-١٠", None),
        ("20260110", None),
        ("2026-W02-1", None),
    ],
)
def test_timestamp_is_read(text: str, expected: datetime | date | None) -> None:
    """Days and times are read in ISO form, with a T or spaces, in any offset; nothing else is guessed."""
    assert parse_timestamp(text) == expected


def test_day_stays_a_day() -> None:
    """A day is no midnight."""
    assert type(read("# Execution Log: T\n**Timestamp:** 2026-01-10").timestamp) is date


def test_time_without_zone_is_the_machines() -> None:
    """A time without a zone is meant in the zone of the machine, daylight saving included."""
    text = b"# Execution Log: T\n**Timestamp:** 2026-07-10 14:30\n"

    log = parse(text, LogPath("2026-07-10-t.md"), zone=ZoneInfo("Europe/Copenhagen"))

    assert log.timestamp == datetime(2026, 7, 10, 14, 30, tzinfo=timezone(timedelta(hours=2)))


@given(
    moment=st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)),  # noqa: DTZ001 - hypothesis wants naive bounds
    offset=st.integers(-23 * 60, 23 * 60),
)
def test_iso_timestamps_come_back(*, moment: datetime, offset: int) -> None:
    """What Python writes as ISO 8601 is read as the same moment."""
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))

    assert parse_timestamp(aware.isoformat()) == aware
