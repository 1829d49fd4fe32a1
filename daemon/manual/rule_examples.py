"""For each rule of `lint` a log that breaks it: what differs from a log that breaks none."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sync.names import LogPath
from sync.tracelog.linting.style_rules import StyleRule
from sync.tracelog.linting.when_to_log import MissingLog
from sync.tracelog.rules import Deviation, Rule

NAME = LogPath("2026-01-10-TASK-42.md")

SAMPLE = """\
# Execution Log: TASK-42

**Timestamp:** 2026-01-10T14:30:00Z
**ENV:** dev
**RISK:** low
**STATE Transition:** PLAN → DRAFT

## Task
Move the nightly export to the new bucket, and to a café's Wi-Fi.

## Tools Used
- Read: 3 files
- Bash: 41 tests passed

## Outcome
Success

## Issues
None

## Contract Gaps
None
"""
"""A log that keeps to every rule, under the name above."""

EXCEPTION = """\
# Exception: TASK-42

**Timestamp:** 2026-01-10T14:30:00Z
**Severity:** error
**ENV:** prod

## What Happened
The export was deployed to production, and stopped after 60 s.

## Root Cause
The region of the bucket.

## Contract Reference
Tool Usage Rules

## Proposed Fix
Retry a slow call once.

## Workaround Used
None
"""


@dataclass(frozen=True, slots=True)
class Example:
    """What breaks a rule.

    Attributes:
        swaps: Text of the good log, each with what takes its place.
        path: Where the bad log lies.
        encoding: How its text is written.
        of: The good log.
    """

    swaps: tuple[tuple[str, str], ...]
    path: LogPath = NAME
    encoding: str = "utf-8"
    of: str = SAMPLE

    @property
    def content(self) -> bytes:
        """The bytes of the bad log."""
        text = self.of
        for right, wrong in self.swaps:
            text = text.replace(right, wrong, 1)
        return text.encode(self.encoding, "surrogateescape" if self.encoding == "utf-8" else "strict")


def _swap(right: str, wrong: str) -> Example:
    return Example(((right, wrong),))


def _at(path: str) -> Example:
    return Example((), LogPath(path))


_SECTIONS = ("Task", "Tools Used", "Outcome", "Issues", "Contract Gaps")

EXAMPLES: Mapping[Deviation, Example] = MappingProxyType(
    {
        Rule.EMPTY_LOG: _swap(SAMPLE, ""),
        Rule.INVALID_UTF8: _swap("a café's", "a caf\udce9's"),
        Rule.NOT_UTF8: Example((), encoding="utf-16"),
        Rule.CONTROL_CHARACTER: _swap("41 tests passed", "\x1b[32m41 tests passed"),
        Rule.FRONT_MATTER: _swap("# Execution Log", "---\nowner: claude\n---\n# Execution Log"),
        Rule.FENCED_LOG: Example(
            (("# Execution Log", "```markdown\n# Execution Log"), ("Gaps\nNone\n", "Gaps\nNone\n```\n"))
        ),
        Rule.FILE_NAME: _at("TASK-42.md"),
        Rule.WRONG_FOLDER: _at(f"exceptions/{NAME}"),
        Rule.MISSING_TITLE: _swap("# Execution Log: TASK-42\n", ""),
        Rule.ODD_TITLE: _swap("# Execution Log: TASK-42", "# Moving the export"),
        Rule.TEMPLATE_TEXT: _swap("**ENV:** dev", "**ENV:** dev | stage | prod"),
        Rule.MISSING_FIELD: _swap("**RISK:** low\n", ""),
        Rule.UNKNOWN_FIELD: _swap("**RISK:** low\n", "**RISK:** low\n**Owner:** Jen\n"),
        Rule.DUPLICATE_FIELD: _swap("**RISK:** low\n", "**RISK:** low\n**RISK:** high\n"),
        Rule.UNKNOWN_VALUE: _swap("**ENV:** dev", "**ENV:** production"),
        Rule.BAD_TIMESTAMP: _swap("2026-01-10T14:30:00Z", "Saturday"),
        Rule.TIMESTAMP_ZONE: _swap("2026-01-10T14:30:00Z", "2026-01-10T14:30:00"),
        Rule.TIMESTAMP_TIME: _swap("2026-01-10T14:30:00Z", "2026-01-10"),
        Rule.BAD_TRANSITION: _swap("PLAN → DRAFT", "PLAN → DONE"),
        Rule.MISSING_SECTION: _swap("\n## Contract Gaps\nNone\n", ""),
        Rule.EMPTY_SECTION: _swap("## Issues\nNone\n", "## Issues\n"),
        Rule.UNKNOWN_SECTION: _swap("Gaps\nNone\n", "Gaps\nNone\n\n## Notes\nNone\n"),
        Rule.DUPLICATE_SECTION: _swap("Gaps\nNone\n", "Gaps\nNone\n\n## Task\nMore\n"),
        Rule.HEADING_LEVEL: Example(tuple((f"\n## {name}", f"\n### {name}") for name in _SECTIONS)),
        Rule.DASHES_HEADING: _swap("Success\n", "Success\n---\n"),
        Rule.UNKNOWN_OUTCOME: _swap("Outcome\nSuccess", "Outcome\nIt worked"),
        Rule.TOOLS_LIST: _swap("- Read: 3 files\n- Bash: 41 tests passed\n", "I read 3 files.\n"),
        Rule.TOOL_RESULT: _swap("- Read: 3 files", "- Read"),
        StyleRule.ARROW: _swap("PLAN → DRAFT", "PLAN -> DRAFT"),
        StyleRule.VALUE_CASE: _swap("**ENV:** dev", "**ENV:** DEV"),
        StyleRule.FIELD_FORM: _swap("**RISK:** low", "Risk: low"),
        StyleRule.HEADING_FORM: _swap("## Tools Used", "## TOOLS USED:"),
        StyleRule.BLANK_LINES: _swap("Success\n\n## Issues", "Success\n## Issues"),
        StyleRule.FILE_DAY: _at("2026-01-12-TASK-42.md"),
        StyleRule.FILE_ID: _at("2026-01-10-TASK-24.md"),
        MissingLog.UNLOGGED_FAILURE: _swap("Outcome\nSuccess", "Outcome\nFailed"),
        MissingLog.UNLOGGED_EVENT: _swap("- Read: 3 files", "- Read: failed"),
        MissingLog.UNLOGGED_DEPLOYMENT: Example((), LogPath(f"exceptions/{NAME}"), of=EXCEPTION),
    }
)
