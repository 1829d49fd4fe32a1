"""Every rule, with a log that breaks it."""

from datetime import UTC

import pytest

from sync.names import LogPath
from sync.tracelog.model import TraceLog
from sync.tracelog.parsing.parser import parse
from sync.tracelog.rules import Rule

GOOD = """\
# Execution Log: T-1

**Timestamp:** 2026-01-10T14:30:00Z
**ENV:** dev
**RISK:** low
**STATE Transition:** PLAN → DRAFT

## Task
Something

## Tools Used
- Read: a file

## Outcome
Success

## Issues
None

## Contract Gaps
None
"""
NAME = "2026-01-10-t-1.md"

Break = tuple[Rule, str, str, int, int]


def swap(old: str, new: str) -> str:
    """Return the good log with one thing changed."""
    assert old in GOOD
    return GOOD.replace(old, new, 1)


BREAKS: list[Break] = [
    (Rule.CONTROL_CHARACTER, swap("Something", "Some\x1b[31mthing"), NAME, 9, 5),
    (Rule.FRONT_MATTER, "---\nENV: prod\n---\n" + GOOD, NAME, 1, 1),
    (Rule.FENCED_LOG, f"```markdown\n{GOOD}```\n", NAME, 1, 1),
    (Rule.FILE_NAME, GOOD, "t-1.md", 1, 1),
    (Rule.FILE_NAME, GOOD, "2026-13-10-t-1.md", 1, 1),
    (Rule.FILE_NAME, GOOD, "2026-01-10-.md", 1, 1),
    (Rule.WRONG_FOLDER, GOOD, f"exceptions/{NAME}", 1, 1),
    (Rule.MISSING_TITLE, swap("# Execution Log: T-1\n", ""), NAME, 1, 1),
    (Rule.ODD_TITLE, swap("# Execution Log: T-1", "# My work"), NAME, 1, 1),
    (Rule.ODD_TITLE, swap("# Execution Log: T-1", "## Execution Log: T-1"), NAME, 1, 1),
    (Rule.ODD_TITLE, swap("# Execution Log: T-1", "# Execution Log"), NAME, 1, 1),
    (Rule.TEMPLATE_TEXT, swap("T-1", "[TASK-ID]"), NAME, 1, 1),
    (Rule.TEMPLATE_TEXT, swap("dev", "dev | stage | prod"), NAME, 4, 10),
    (Rule.TEMPLATE_TEXT, swap("Something", "[Brief description]"), NAME, 9, 1),
    (Rule.TEMPLATE_TEXT, swap("a file", "[result summary]"), NAME, 12, 9),
    (Rule.MISSING_FIELD, swap("**RISK:** low\n", ""), NAME, 1, 1),
    (Rule.MISSING_FIELD, swap("**RISK:** low\n", "**RISK:**\n"), NAME, 5, 1),
    (Rule.UNKNOWN_FIELD, swap("**RISK:** low\n", "**RISK:** low\n**Owner:** Jen\n"), NAME, 6, 1),
    (Rule.UNKNOWN_FIELD, swap("**RISK:** low\n", "**RISK:** low\n**Severity:** error\n"), NAME, 6, 1),
    (Rule.DUPLICATE_FIELD, swap("**RISK:** low\n", "**RISK:** low\n**risk:** high\n"), NAME, 6, 1),
    (Rule.UNKNOWN_VALUE, swap("dev", "production"), NAME, 4, 10),
    (Rule.UNKNOWN_VALUE, swap("low", "none"), NAME, 5, 11),
    (Rule.BAD_TIMESTAMP, swap("2026-01-10T14:30:00Z", "yesterday"), NAME, 3, 16),
    (Rule.BAD_TIMESTAMP, swap("2026-01-10T14:30:00Z", "2026-02-30T14:30:00Z"), NAME, 3, 16),
    (Rule.TIMESTAMP_ZONE, swap("14:30:00Z", "14:30:00"), NAME, 3, 16),
    (Rule.TIMESTAMP_TIME, swap("T14:30:00Z", ""), NAME, 3, 16),
    (Rule.BAD_TRANSITION, swap("PLAN → DRAFT", "PLAN → DONE"), NAME, 6, 23),
    (Rule.BAD_TRANSITION, swap("PLAN → DRAFT", "PLAN → DRAFT → TESTED"), NAME, 6, 23),
    (Rule.MISSING_SECTION, swap("## Task\nSomething\n\n", ""), NAME, 8, 1),
    (Rule.MISSING_SECTION, swap("\n## Contract Gaps\nNone\n", ""), NAME, 18, 1),
    (Rule.EMPTY_SECTION, swap("Something\n", ""), NAME, 8, 1),
    (Rule.UNKNOWN_SECTION, GOOD + "\n## Notes\nNone\n", NAME, 23, 1),
    (Rule.UNKNOWN_SECTION, GOOD + "\n## Root Cause\nNone\n", NAME, 23, 1),
    (Rule.DUPLICATE_SECTION, GOOD + "\n## Task\nAgain\n", NAME, 23, 1),
    (Rule.HEADING_LEVEL, GOOD.replace("\n## ", "\n### "), NAME, 8, 1),
    (Rule.HEADING_LEVEL, GOOD.replace("\n## ", "\n# "), NAME, 8, 1),
    (Rule.DASHES_HEADING, swap("Success\n", "Success\n---\n"), NAME, 16, 1),
    (Rule.DASHES_HEADING, swap("DRAFT\n", "DRAFT\n---\n"), NAME, 7, 1),
    (Rule.UNKNOWN_OUTCOME, swap("Success", "It worked"), NAME, 14, 1),
    (Rule.TOOLS_LIST, swap("- Read: a file", "I read a file"), NAME, 11, 1),
    (Rule.TOOL_RESULT, swap("- Read: a file", "- Read"), NAME, 12, 1),
]
RAW_BREAKS = [
    (Rule.EMPTY_LOG, b"", 1, 1),
    (Rule.EMPTY_LOG, b"\xef\xbb\xbf \r\n\t", 1, 1),
    (Rule.INVALID_UTF8, swap("Something", "Som@thing").encode().replace(b"@", b"\xff"), 9, 4),
    (Rule.NOT_UTF8, GOOD.encode("utf-16"), 1, 1),
    (Rule.CONTROL_CHARACTER, swap("Something", "Some\0thing").encode(), 9, 5),
]


def found(log: TraceLog) -> list[tuple[str, int, int]]:
    """Return rule and place of each warning."""
    return [(warning.rule, warning.line, warning.column) for warning in log.warnings]


def test_good_log_breaks_no_rule() -> None:
    """The log that the examples below are changed from has no warning itself."""
    assert found(parse(GOOD.encode(), LogPath(NAME), zone=UTC)) == []


@pytest.mark.parametrize(("rule", "text", "path", "line", "column"), BREAKS)
def test_each_break_is_the_only_warning(rule: Rule, text: str, path: str, line: int, column: int) -> None:
    """One departure from the spec gives one warning, at its place."""
    assert found(parse(text.encode(), LogPath(path), zone=UTC)) == [(rule.id, line, column)]


@pytest.mark.parametrize(("rule", "content", "line", "column"), RAW_BREAKS)
def test_each_break_in_the_bytes_is_the_only_warning(
    rule: Rule, content: bytes, line: int, column: int
) -> None:
    """What is wrong with the bytes is one warning too; an empty log does not miss each field as well."""
    assert found(parse(content, LogPath(NAME), zone=UTC)) == [(rule.id, line, column)]


def test_every_rule_has_an_example() -> None:
    """No rule exists that cannot be broken."""
    assert {rule for rule, *_ in BREAKS} | {rule for rule, *_ in RAW_BREAKS} == set(Rule)


@pytest.mark.parametrize("rule", Rule)
def test_rule_reads_as_two_sentences(rule: Rule) -> None:
    """The id is kebab-case; expectation and fix begin like sentences and end without a full stop."""
    assert rule.id == rule.name.lower().replace("_", "-")
    for text in (rule.expected, rule.fix):
        assert text.startswith("{") or text[0].isupper()
        assert not text.endswith(".")


def test_warning_reads_as_one_line() -> None:
    """Place, rule, what is expected and what to do stand in one line."""
    warning = Rule.BAD_TIMESTAMP.at(3, 16)

    assert str(warning) == (
        "3:16 bad-timestamp: A day and time such as `2026-01-10T14:30:00Z`. Write the time in this form."
    )


def test_words_of_the_log_are_not_read_as_placeholders() -> None:
    """Braces in a heading arrive in the warning as they are; a long heading is shortened."""
    log = parse(f"{GOOD}\n## {{x}} {'long ' * 30}\n".encode(), LogPath(NAME), zone=UTC)

    assert log.warnings[0].fix.startswith("Rename `{x} long long")
    assert len(log.warnings[0].fix) < 150
