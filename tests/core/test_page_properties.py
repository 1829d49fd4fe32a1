from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.names import Digest, Key, LogPath, Property
from sync.page.draft import Choice, Choices, Flag, Links, Moment, Text, Value
from sync.page.limits import MAX_ITEMS, MAX_OPTION, MAX_TEXT, utf16_length
from sync.page.properties import properties
from sync.page.render import icon, render
from sync.tracelog.model import FormatWarning, Kind, Outcome, Severity, Tool, TraceLog
from sync.tracelog.parsing.parser import parse

PATH = LogPath("2026-01-10-task-7.md")
KEY, DIGEST = Key("host/2026-01-10-task-7.md"), Digest("0" * 64)

EXECUTION = """\
# Execution Log: TASK-7

**Timestamp:** 2026-01-10T14:30:00Z
**ENV:** prod
**RISK:** high
**STATE Transition:** PLAN → DRAFT

## Task
Deploy the *new* [site](https://example.com).

Second paragraph.

## Tools Used
- git, gh: pushed
- Bash: ok
- bash: again

## Outcome
Partial

## Issues
- one

## Contract Gaps
None
"""

EXCEPTION = """\
# Exception: EXC-1

**Timestamp:** 2026-01-10
**Severity:** critical
**ENV:** stage

## What Happened
It broke.

## Root Cause
Unknown.

## Contract Reference
Section `4.2`

- and 4.3

## Proposed Fix
None

## Workaround Used
None
"""


def log_of(markdown: str) -> TraceLog:
    """Return a parsed log."""
    return parse(markdown.encode(), PATH, zone=UTC)


def values(log: TraceLog) -> Mapping[Property, Value]:
    """Return the properties of a log's page."""
    return properties(log, key=KEY, content_hash=DIGEST)


def text(log: TraceLog, name: Property) -> str:
    """Return the text of a property."""
    value = values(log)[name]
    assert isinstance(value, Text)
    return value.text


def tools(*names: str) -> tuple[str, ...]:
    """Return the options that tools of these names become."""
    used = tuple(Tool(name, "") for name in names)
    value = values(replace(log_of(EXECUTION), tools=used))[Property.TOOLS]
    assert isinstance(value, Choices)
    return value.options


def test_an_execution_fills_its_properties() -> None:
    """Each value of the log has its property."""
    log = log_of(EXECUTION)
    assert values(log) == {
        Property.TITLE: Text("TASK-7"),
        Property.TYPE: Choice("Execution"),
        Property.TIMESTAMP: Moment(datetime(2026, 1, 10, 14, 30, tzinfo=UTC)),
        Property.ENV: Choice("prod"),
        Property.RISK: Choice("high"),
        Property.TRANSITION: Text("PLAN → DRAFT"),
        Property.OUTCOME: Choice("Partial"),
        Property.SEVERITY: Choice(None),
        Property.SUMMARY: Text("Deploy the new site. Second paragraph."),
        Property.TOOLS: Choices(("git; gh", "Bash")),
        Property.CONTRACT_REFERENCE: Text(""),
        Property.HAS_ISSUES: Flag(ticked=True),
        Property.CONTRACT_GAP: Flag(ticked=False),
        Property.FORMAT_WARNINGS: Text(""),
        Property.LOG_PATH: Text(KEY),
        Property.CONTENT_HASH: Text(DIGEST),
    }


def test_an_exception_fills_its_properties() -> None:
    """An exception has a severity and a contract reference, and no outcome."""
    found = values(log_of(EXCEPTION))
    assert found[Property.TYPE] == Choice("Exception")
    assert found[Property.TIMESTAMP] == Moment(date(2026, 1, 10))
    assert found[Property.SEVERITY] == Choice("critical")
    assert found[Property.OUTCOME] == Choice(None)
    assert found[Property.SUMMARY] == Text("It broke.")
    assert found[Property.CONTRACT_REFERENCE] == Text("Section 4.2\nand 4.3")
    assert found[Property.HAS_ISSUES] == Flag(ticked=True)


def test_a_missing_value_clears_its_property() -> None:
    """Every property has a value even for an empty log, so that an update clears what was there."""
    found = values(log_of(""))
    assert found.keys() == set(Property) - {Property.PATTERNS}
    assert found[Property.TIMESTAMP] == Moment(None)
    assert found[Property.SUMMARY] == Text("")
    assert {found[name] for name in (Property.ENV, Property.RISK, Property.OUTCOME)} == {Choice(None)}


def test_draft_carries_key_and_digest() -> None:
    """The draft is found by the key that its properties hold."""
    draft = render(log_of(EXECUTION), key=KEY, content_hash=DIGEST)
    assert (draft.key, draft.content_hash, draft.icon) == (KEY, DIGEST, "🟡")
    assert draft.properties == values(log_of(EXECUTION))


@given(st.text(max_size=300), st.lists(st.text(max_size=130), max_size=120))
def test_every_value_is_one_that_notion_holds(words: str, names: list[str]) -> None:
    """Whatever the log says, no option or text is refused."""
    used = tuple(Tool(name, "") for name in names)
    log = replace(log_of(f"# Execution Log: x\n\n## Task\n{words}"), log_id=words, tools=used)
    for name, value in values(log).items():
        match value:
            case Text():
                assert utf16_length(value.text) <= MAX_TEXT
                value.text.encode()
            case Choices():
                assert len(value.options) <= MAX_ITEMS
                assert len({option.casefold() for option in value.options}) == len(value.options)
                for option in value.options:
                    assert 0 < utf16_length(option) <= MAX_OPTION
                    assert "," not in option
                    assert option == option.strip()
            case Choice() | Moment() | Flag() | Links():
                assert name not in {Property.TITLE, Property.TOOLS}
    assert text(log, Property.TITLE)


def test_tools_are_options_once_each() -> None:
    """The first spelling wins; commas, which Notion refuses, become semicolons."""
    assert tools("Read", "READ", "read ", "a, b", "", "  ", "Write\nx") == ("Read", "a; b", "Write x")
    assert tools("x" * 150) == ("x" * 99 + "…",)
    assert len(tools(*map(str, range(150)))) == MAX_ITEMS


def test_summary_is_cut_at_a_word() -> None:
    """The summary is about as long as a table row shows; the body has the rest."""
    log = log_of("# Execution Log: x\n\n## Task\n" + "word " * 100 + "\n\n## Outcome\nSuccess")
    summary = text(log, Property.SUMMARY)
    assert utf16_length(summary) <= 300
    assert summary.endswith("word…")


def test_summary_of_a_list_or_code_is_its_text() -> None:
    """A section without a paragraph has a summary too, and only of itself."""
    log = log_of("## Task\n- one\n  - **two**\n\n```\nthree\n```\n### four\n\n## Issues\nfive")
    assert text(log, Property.SUMMARY) == "one two three four"


def test_a_long_contract_reference_is_cut() -> None:
    """What a property cannot hold ends in an ellipsis."""
    log = log_of("# Exception: x\n\n## Contract Reference\n" + "word " * 1_000)
    reference = text(log, Property.CONTRACT_REFERENCE)
    assert MAX_TEXT - 10 < utf16_length(reference) <= MAX_TEXT
    assert reference.endswith("word…")


def test_format_warnings_are_a_line_each() -> None:
    """The property shows every warning with its place."""
    warning = FormatWarning("odd-title", 1, 2, "A title", "Write one")
    log = replace(log_of(EXECUTION), warnings=(warning, replace(warning, line=3)))
    assert text(log, Property.FORMAT_WARNINGS) == (
        "1:2 odd-title: A title. Write one.\n3:2 odd-title: A title. Write one."
    )


@given(st.integers(1, 400), st.integers(1, 300))
def test_warnings_that_do_not_fit_are_counted(count: int, length: int) -> None:
    """Shown and counted warnings together are all warnings; the last line says how to see the rest."""
    warning = FormatWarning("rule", 1, 1, "x" * length, "Fix it")
    rows = text(replace(log_of(EXECUTION), warnings=(warning,) * count), Property.FORMAT_WARNINGS).split("\n")
    assert utf16_length("\n".join(rows)) <= MAX_TEXT
    if len(rows) == count and rows[-1] == str(warning):
        return
    shown = len(rows) - 1
    assert set(rows[:-1]) <= {str(warning)}
    assert rows[-1] == f"… and {count - shown} more: ai-traces lint {PATH}"


@pytest.mark.parametrize(
    ("kind", "outcome", "severity", "expected"),
    [
        (Kind.EXECUTION, Outcome.SUCCESS, None, "✅"),
        (Kind.EXECUTION, Outcome.PARTIAL, None, "🟡"),
        (Kind.EXECUTION, Outcome.FAILED, None, "❌"),
        (Kind.EXECUTION, None, Severity.ERROR, "📄"),
        (Kind.EXCEPTION, None, Severity.WARNING, "⚠️"),
        (Kind.EXCEPTION, None, Severity.ERROR, "🔴"),
        (Kind.EXCEPTION, None, Severity.CRITICAL, "🚨"),
        (Kind.EXCEPTION, Outcome.SUCCESS, None, "❗"),
    ],
)
def test_icon_shows_how_it_went(
    kind: Kind, outcome: Outcome | None, severity: Severity | None, expected: str
) -> None:
    """An execution shows its outcome, an exception its severity."""
    assert icon(replace(log_of(EXECUTION), kind=kind, outcome=outcome, severity=severity)) == expected
