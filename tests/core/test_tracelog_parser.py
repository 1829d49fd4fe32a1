"""A whole log in, typed values out."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.tracelog.model import (
    Env,
    Kind,
    Outcome,
    Risk,
    SectionName,
    Severity,
    State,
    Tool,
    Transition,
)
from tests.worlds.reading import read

EXECUTION = """\
# Execution Log: [TASK-7]

**Timestamp:** 2026-01-10T14:30:00Z
**ENV:** stage
**RISK:** medium
**STATE Transition:** PLAN → DRAFT

## Task
Bring the contract up to date.

## Tools Used
- Read: 3 files
- Bash: tests pass

## Outcome
Partial

## Issues
- The tests are slow.

## Contract Gaps
None
"""
EXCEPTION = """\
# Exception: EXC-3

**Timestamp:** 2026-01-10T15:30:00+01:00
**Severity:** critical
**ENV:** prod

## What Happened
The deployment stopped.

## Root Cause
A full disk.

## Contract Reference
Section 4, Deployments

## Proposed Fix
Check the disk first.

## Workaround Used
We deleted old images.
"""
EXECUTION_TEMPLATE = """\
# Execution Log: [TASK-ID]

**Timestamp:** 2026-01-10T14:30:00Z
**ENV:** dev | stage | prod
**RISK:** low | medium | high
**STATE Transition:** PLAN → DRAFT

## Task
[Brief description]

## Tools Used
- Tool 1: [result summary]
- Tool 2: [result summary]

## Outcome
[Success | Partial | Failed]

## Issues
[None | List of issues encountered]

## Contract Gaps
[None | Areas where contract was unclear/insufficient]
"""
EXCEPTION_TEMPLATE = """\
# Exception: [EXCEPTION-ID]

**Timestamp:** 2026-01-10T14:30:00Z
**Severity:** warning | error | critical
**ENV:** dev | stage | prod

## What Happened
[Description of the failure]

## Root Cause
[Best guess at why]

## Contract Reference
[Which contract section was relevant]

## Proposed Fix
[Suggestion for contract or behavior change]

## Workaround Used
[How we recovered, if applicable]
"""


def test_execution_log_gives_every_value_and_no_warning() -> None:
    """A log that keeps to the spec is read field by field, without a warning."""
    log = read(EXECUTION, "2026-01-10-task-7.md")

    assert log.warnings == ()
    assert (log.kind, log.log_id) == (Kind.EXECUTION, "TASK-7")
    assert log.timestamp == datetime(2026, 1, 10, 14, 30, tzinfo=UTC)
    assert (log.env, log.risk, log.severity) == (Env.STAGE, Risk.MEDIUM, None)
    assert log.transition == Transition(State.PLAN, State.DRAFT)
    assert log.outcome is Outcome.PARTIAL
    assert log.tools == (Tool("Read", "3 files"), Tool("Bash", "tests pass"))
    assert (log.has_issues, log.has_contract_gap) == (True, False)
    assert log.header_lines == {0, 2, 3, 4, 5}
    assert [section.name for section in log.sections] == [
        SectionName.TASK,
        SectionName.TOOLS_USED,
        SectionName.OUTCOME,
        SectionName.ISSUES,
        SectionName.CONTRACT_GAPS,
    ]
    assert log.sections[0].text == "Bring the contract up to date."
    assert log.sections[0].line == 8


def test_exception_log_gives_every_value_and_no_warning() -> None:
    """An exception that keeps to the spec is read field by field, without a warning."""
    log = read(EXCEPTION, "exceptions/2026-01-10-exc-3.md")

    assert log.warnings == ()
    assert (log.kind, log.log_id) == (Kind.EXCEPTION, "EXC-3")
    assert log.timestamp == datetime(2026, 1, 10, 15, 30, tzinfo=timezone(timedelta(hours=1)))
    assert (log.env, log.severity) == (Env.PROD, Severity.CRITICAL)
    assert (log.risk, log.transition, log.outcome, log.tools) == (None, None, None, ())
    assert (log.has_issues, log.has_contract_gap) == (True, True)
    assert [str(section.name) for section in log.sections] == [
        "What Happened",
        "Root Cause",
        "Contract Reference",
        "Proposed Fix",
        "Workaround Used",
    ]


@pytest.mark.parametrize(
    ("template", "path", "lines"),
    [
        (EXECUTION_TEMPLATE, "2026-01-10-x.md", [1, 4, 5, 9, 12, 13, 16, 19, 22]),
        (EXCEPTION_TEMPLATE, "exceptions/2026-01-10-x.md", [1, 4, 5, 8, 11, 14, 17, 20]),
    ],
)
def test_template_text_is_no_value(template: str, path: str, lines: list[int]) -> None:
    """The raw template warns wherever a word is still to be written, and gives none of these as a value."""
    log = read(template, path)

    assert {warning.rule for warning in log.warnings} == {"template-text"}
    assert [warning.line for warning in log.warnings] == lines
    assert log.log_id == "x"
    assert (log.env, log.risk, log.severity, log.outcome, log.tools) == (None, None, None, None, ())
    assert not log.has_contract_gap
    assert log.has_issues == (log.kind is Kind.EXCEPTION)


@given(
    moment=st.datetimes(timezones=st.just(UTC)),
    env=st.sampled_from(Env),
    risk=st.sampled_from(Risk),
    before=st.sampled_from(State),
    after=st.sampled_from(State),
    outcome=st.sampled_from(Outcome),
    log_id=st.from_regex(r"[A-Z]{1,8}-[0-9]{1,4}", fullmatch=True),
)
def test_written_values_come_back(  # noqa: PLR0913 - one argument for each field of the template
    *,
    moment: datetime,
    env: Env,
    risk: Risk,
    before: State,
    after: State,
    outcome: Outcome,
    log_id: str,
) -> None:
    """Whatever values a log is written with are the values it is read with."""
    transition = Transition(before, after)
    text = (
        f"# Execution Log: {log_id}\n\n**Timestamp:** {moment.isoformat()}\n"
        f"**ENV:** {env}\n**RISK:** {risk}\n**STATE Transition:** {transition}\n\n"
        f"## Task\nx\n\n## Tools Used\n- T: r\n\n## Outcome\n{outcome}\n\n"
        "## Issues\nNone\n\n## Contract Gaps\nNone\n"
    )

    log = read(text)

    assert log.warnings == ()
    assert (log.log_id, log.timestamp, log.env, log.risk) == (log_id, moment, env, risk)
    assert (log.transition, log.outcome) == (transition, outcome)


def test_looser_format_of_a_later_contract_is_kept_with_warnings() -> None:
    """Another set of sections loses nothing: all are kept, in order, and warned of."""
    log = read(
        "# Execution Log: T-1\n\n**Date:** 2026-01-10\n\n## Tool used\nBash\n\n## Parameters\n`ls`\n\n"
        "## Outcome\nSuccess\n\n## Patterns observed\nNone\n"
    )

    assert [section.heading for section in log.sections] == [
        "Tool used",
        "Parameters",
        "Outcome",
        "Patterns observed",
    ]
    assert log.outcome is Outcome.SUCCESS
    assert [warning.line for warning in log.warnings if warning.rule == "unknown-section"] == [5, 8, 14]
    assert "unknown-field" in {warning.rule for warning in log.warnings}
