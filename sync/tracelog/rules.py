"""The rules of the log format: a stable id for each, what is expected, and what to do."""

from enum import Enum

from sync.tracelog.model import FormatWarning


class Deviation(Enum):
    """A kind of rule: an id, what is expected, what to do; words in braces are filled in by `at`."""

    def __init__(self, rule_id: str, expected: str, fix: str) -> None:
        self.id = rule_id
        self.expected = expected
        self.fix = fix

    def at(self, line: int, column: int = 1, **words: str) -> FormatWarning:
        """Return the warning that this rule is broken at a place, both counted from 1."""
        return FormatWarning(
            rule=self.id,
            line=line,
            column=column,
            expected=self.expected.format(**words),
            fix=self.fix.format(**words),
        )


class Rule(Deviation):
    """A rule of the log format; breaking it gives a warning on the page."""

    EMPTY_LOG = (
        "empty-log",
        "A title, fields and sections",
        "Write the log or delete the file",
    )
    INVALID_UTF8 = (
        "invalid-utf8",
        "Text in UTF-8",
        "Save the file as UTF-8; every byte that could not be read shows as �",
    )
    NOT_UTF8 = (
        "not-utf8",
        "Text in UTF-8, not {encoding}",
        "Save the file as UTF-8",
    )
    CONTROL_CHARACTER = (
        "control-character",
        "Text without invisible control characters",
        "Remove {code} here and any others below",
    )
    FRONT_MATTER = (
        "front-matter",
        "The title in the first line",
        "Write what stands between the --- lines as `**Field:** value` lines below the title",
    )
    FENCED_LOG = (
        "fenced-log",
        "The log itself, not a code block around it",
        "Remove the {fence} at the start and at the end of the file",
    )
    FILE_NAME = (
        "file-name",
        "A file name such as `2026-01-10-task-7.md`: the day, the id, `.md`",
        "Rename the file",
    )
    WRONG_FOLDER = (
        "wrong-folder",
        "{kind} logs {place}",
        "Move the file, or correct the title",
    )
    MISSING_TITLE = (
        "missing-title",
        "A title `{title}`",
        "Add it as the first line",
    )
    ODD_TITLE = (
        "odd-title",
        "A title of the form `{title}`",
        "Write the title in this form",
    )
    TEMPLATE_TEXT = (
        "template-text",
        "Your own words instead of the template's `{text}`",
        "Replace the template's text",
    )
    MISSING_FIELD = (
        "missing-field",
        "A line `**{name}:** {example}` below the title",
        "Add the {name} line",
    )
    UNKNOWN_FIELD = (
        "unknown-field",
        "No other fields below the title than {names}",
        "Move {name} into a section, or correct its name",
    )
    DUPLICATE_FIELD = (
        "duplicate-field",
        "One {name} line; only the first counts",
        "Remove this line",
    )
    UNKNOWN_VALUE = (
        "unknown-value",
        "{name} as one of: {values}",
        "Use one of these words and nothing else",
    )
    BAD_TIMESTAMP = (
        "bad-timestamp",
        "A day and time such as `2026-01-10T14:30:00Z`",
        "Write the time in this form",
    )
    TIMESTAMP_ZONE = (
        "timestamp-zone",
        "A time with its zone, such as `2026-01-10T14:30:00Z`; without one this computer's zone is assumed",
        "Add Z for UTC, or an offset such as +01:00",
    )
    TIMESTAMP_TIME = (
        "timestamp-time",
        "A day and a time, such as `2026-01-10T14:30:00Z`",
        "Add the time of day",
    )
    BAD_TRANSITION = (
        "bad-transition",
        "Two states with an arrow, such as `PLAN → DRAFT`; the states are {values}",
        "Write the state before and the state after",
    )
    MISSING_SECTION = (
        "missing-section",
        "A section `## {name}`",
        "Add `## {name}` with {content}",
    )
    EMPTY_SECTION = (
        "empty-section",
        "Text below `## {name}`",
        "Add {content}",
    )
    UNKNOWN_SECTION = (
        "unknown-section",
        "No other sections than {names}",
        "Rename `{heading}`, or make it a ### heading inside one of them",
    )
    DUPLICATE_SECTION = (
        "duplicate-section",
        "One `## {name}` section; only the first counts",
        "Join the two, or rename this one",
    )
    HEADING_LEVEL = (
        "heading-level",
        "Section headings with two signs: `## {name}`",
        "Give the section headings two # signs",
    )
    DASHES_HEADING = (
        "dashes-heading",
        "An empty line above ---; without it the text above it becomes a heading",
        "Add an empty line above ---",
    )
    UNKNOWN_OUTCOME = (
        "unknown-outcome",
        "Success, Partial or Failed as the first word of Outcome",
        "Begin the section with one of these words",
    )
    TOOLS_LIST = (
        "tools-list",
        "A list with one line for each tool, such as `- Read: 3 files`",
        "Write the tools as a list",
    )
    TOOL_RESULT = (
        "tool-result",
        "What each tool gave, such as `- Read: 3 files`",
        "Add a colon and the result here and to any others below",
    )
