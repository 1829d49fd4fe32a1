"""From logs to records: each trouble once, on its line, without secrets; and which logs are read."""

from datetime import UTC, date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.names import LogPath
from sync.patterns.records.masking import mask
from sync.patterns.records.record import RecordKind
from sync.patterns.records.taking import records_of
from sync.patterns.records.window import last, since
from sync.tracelog.model import Outcome, Severity, TraceLog
from sync.tracelog.parsing.parser import parse

_EXECUTION = """# Execution Log: T-1

**Timestamp:** 2026-01-10T14:30:00Z
**ENV:** dev

## Task
Import

## Outcome
Partial

## Issues
{issues}

## Contract Gaps
{gaps}
"""

_EXCEPTION = """# Exception: E-1

**Timestamp:** 2026-01-10T14:30:00Z
**Severity:** critical

## What Happened
The import stopped.

It had read 12 of 90 articles.

## Root Cause
The supplier closed the connection.

## Contract Reference
Tool Usage Rules

## Proposed Fix
- Ask for 50 articles at a time
"""


def _parsed(text: str, name: str = "2026-01-10-t.md") -> TraceLog:
    return parse(text.encode(), LogPath(name), zone=UTC)


def _execution(*, issues: str = "None", gaps: str = "None") -> TraceLog:
    return _parsed(_EXECUTION.format(issues=issues, gaps=gaps))


def test_each_bullet_is_a_record_on_its_line() -> None:
    """A deeper bullet or a second paragraph belongs to the bullet above; what ends in a colon announces."""
    log = _execution(
        issues="Two troubles:\n\n- First\n  - with a detail\n- Second\n\n  told at length",
        gaps="Unclear limits",
    )
    found = [(record.kind, record.text, record.line) for record in records_of(log)]
    first = log.text.split("\n").index("- First") + 1
    assert found == [
        (RecordKind.ISSUE, "First with a detail", first),
        (RecordKind.ISSUE, "Second told at length", first + 2),
        (RecordKind.GAP, "Unclear limits", log.text.split("\n").index("Unclear limits") + 1),
    ]
    assert {record.outcome for record in records_of(log)} == {Outcome.PARTIAL}


def test_a_table_gives_a_record_a_row() -> None:
    """The row of the headings is none."""
    log = _execution(issues="| Step | What |\n|---|---|\n| 3 | Import stopped |\n| 4 | Mail lost |")
    assert [record.text for record in records_of(log)] == ["3 · Import stopped", "4 · Mail lost"]


def test_what_a_tool_printed_is_no_issue_beside_words() -> None:
    """Only where nothing else is said does the output stand for it."""
    assert [record.text for record in records_of(_execution(issues="Stopped\n\n```\ntrace\n```"))] == [
        "Stopped"
    ]
    assert [record.text for record in records_of(_execution(issues="```\nENOSPC\n```"))] == ["ENOSPC"]


def test_none_and_the_template_are_no_records() -> None:
    """Nothing is made of nothing, in either section."""
    assert records_of(_execution(issues="- None", gaps="No contract gaps identified.")) == ()
    assert records_of(_execution(issues="[None | List of issues encountered]", gaps="N/A")) == ()


def test_an_exception_is_one_record_with_what_it_refers_to() -> None:
    """What happened is shown; why it did is compared too; the proposal is not."""
    (record,) = records_of(_parsed(_EXCEPTION))
    assert record.text == "The import stopped. It had read 12 of 90 articles"
    assert record.text.split(".")[0] in record.essence
    assert "supplier closed" in record.essence
    assert "50" not in record.essence
    assert "Ask" not in record.essence
    assert record.line == 7
    assert (record.severity, record.reference) == (Severity.CRITICAL, "Tool Usage Rules")
    assert record.proposed_fix == "Ask for 50 articles at a time"


def test_no_text_of_a_record_holds_a_secret() -> None:
    """Secrets go before anything is compared, shown or sent."""
    secret = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"[:36]
    for log in (
        _execution(issues=f"- Push with {secret} failed", gaps=f"Where does {secret} go"),
        _parsed(_EXCEPTION.replace("stopped", secret).replace("Tool Usage", secret).replace("Ask", secret)),
    ):
        records = records_of(log)
        assert records
        assert secret not in "".join(map(repr, records)) + "".join(
            record.essence + record.reference + record.proposed_fix for record in records
        )


@given(st.binary(max_size=400))
def test_any_bytes_give_records(content: bytes) -> None:
    """Whatever the file, reading it ends well, and each record says something on a line of the log."""
    log = parse(b"# Exception: x\n## What Happened\n" + content, LogPath("exceptions/x.md"), zone=UTC)
    for record in records_of(log):
        assert record.text
        assert record.essence
        assert 1 <= record.line <= log.text.count("\n") + 1


@given(
    number=st.integers(0, 10**9),
    day=st.dates(date(2000, 1, 1), date(2099, 1, 1)),
    identifier=st.uuids(),
    name=st.from_regex(r"[a-z]{2,8}", fullmatch=True),
)
def test_what_changes_from_time_to_time_is_masked(
    number: int, day: date, identifier: object, name: str
) -> None:
    """Two reports of one trouble differ in these and count as the same text."""
    text = f"Upload of /var/data/{name}/{number}.csv ({identifier}) failed on {day} after {number} ms, see https://x.test/{name}"
    assert mask(text) == mask(
        "Upload of /tmp/a/1.csv (00000000-0000-4000-8000-000000000000) failed on 2026-01-01 after 5 ms, see http://y.test/"
    )
    assert "failed" in mask(text)


@pytest.mark.parametrize(
    "browser",
    [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:91.0) Gecko/20100101 Firefox/91.0 SeaMonkey/2.53.9",
        "Mozilla/5.0 (X11; Linux) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36",
        "mozilla/4.0",
    ],
)
def test_a_browser_says_nothing_about_the_trouble(browser: str) -> None:
    """It stands in every report of one form and would make them all alike."""
    assert mask(f"User agent {browser} The upload hangs") == "User agent The upload hangs"


@given(seed=st.integers(0, 1000), count=st.integers(0, 12))
def test_the_last_logs_are_those_of_the_latest_time_then_name(seed: int, count: int) -> None:
    """In whatever order the files are found; without a time the day in the name counts."""
    logs = [
        _parsed(_EXECUTION.replace("2026-01-10", f"2026-01-{day:02}"), f"2026-01-{day:02}-a.md")
        for day in range(1, 8)
    ]
    logs.append(_parsed("# Execution Log: X\n", "2026-01-08-b.md"))
    logs.append(_parsed("# Execution Log: Y\n", "no-date.md"))
    names = [log.path for log in (logs[-1], *logs[:-1])]
    Random(seed).shuffle(logs)  # noqa: S311 - an order, not a secret
    window = last(logs, count)
    assert [log.path for log in window.logs] == names[len(names) - min(count, len(names)) :]
    assert window.runs == min(count, 9)
    assert [log.path for log in since(logs, date(2026, 1, 6)).logs] == names[6:]
