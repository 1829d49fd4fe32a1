"""A log as typed, frozen values, including what the execution logging spec does not know."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sync.names import LogPath

if TYPE_CHECKING:
    # `status` uses these types without loading the parser.
    from markdown_it.token import Token


class Kind(StrEnum):
    """The template that a log follows; the value is the option of `Type` in Notion."""

    EXECUTION = "Execution"
    EXCEPTION = "Exception"


class Env(StrEnum):
    """Where the execution acted."""

    DEV = "dev"
    STAGE = "stage"
    PROD = "prod"


class Risk(StrEnum):
    """How much the execution could break."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Severity(StrEnum):
    """How bad an exception was."""

    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"


class Outcome(StrEnum):
    """How an execution ended."""

    SUCCESS = "Success"
    PARTIAL = "Partial"
    FAILED = "Failed"


class State(StrEnum):
    """The state of a piece of work, in the order of its life."""

    IDEA = "IDEA"
    PLAN = "PLAN"
    DRAFT = "DRAFT"
    TESTED = "TESTED"
    APPROVED = "APPROVED"
    SHIPPED = "SHIPPED"
    DOCUMENTED = "DOCUMENTED"


class SectionName(StrEnum):
    """A section that the spec knows; the value is its heading."""

    TASK = "Task"
    TOOLS_USED = "Tools Used"
    OUTCOME = "Outcome"
    ISSUES = "Issues"
    CONTRACT_GAPS = "Contract Gaps"
    WHAT_HAPPENED = "What Happened"
    ROOT_CAUSE = "Root Cause"
    CONTRACT_REFERENCE = "Contract Reference"
    PROPOSED_FIX = "Proposed Fix"
    WORKAROUND_USED = "Workaround Used"


@dataclass(frozen=True, slots=True)
class Transition:
    """A step between two states, as `PLAN → DRAFT`."""

    before: State
    after: State

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


@dataclass(frozen=True, slots=True)
class Tool:
    """One bullet of Tools Used. `result` is empty when the log gives none."""

    name: str
    result: str


@dataclass(frozen=True, slots=True)
class Section:
    """A second-level section in the order of the log.

    Attributes:
        heading: As written, without markup.
        name: The section of the spec that this is; None for one that the spec does not know.
        text: The markdown between this heading and the next section.
        line: The heading's line, counted from 1.
    """

    heading: str
    name: SectionName | None
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class FormatWarning:
    """One place where the log departs from the spec. Never a reason not to sync.

    Attributes:
        rule: A stable id, such as `missing-section`.
        line: Counted from 1 in the file as written.
        column: Counted from 1, in characters.
        expected: What the spec expects there.
        fix: What to change, in the imperative.
    """

    rule: str
    line: int
    column: int
    expected: str
    fix: str

    def __str__(self) -> str:
        return f"{self.line}:{self.column} {self.rule}: {self.expected}. {self.fix}."


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceLog:
    """A parsed log. A field that the file does not give, or not validly, is None or empty.

    Attributes:
        path: Where the log lies, relative to the logs directory.
        log_id: The task or exception id; from the file name when the title gives none.
        timestamp: Aware when the log gives a time, a plain date when it gives only a day.
        tools: The bullets of Tools Used, in order, repetitions included.
        sections: All second-level sections, known and unknown, in order.
        has_issues: The Issues section says something other than None; always true of an exception.
        has_contract_gap: Contract Gaps says something other than None; of an exception: its Contract
            Reference does.
        warnings: In the order of the file.
        text: The whole log, cleaned: no BOM, LF line ends, no NUL, valid Unicode; same lines as the file.
        tokens: The markdown tokens of `text` (front matter excluded), for the page.
        front_matter: The text between the `---` lines at the very top, without them; else empty.
        header_lines: The 0-based lines of `text` that are the title or a `**Field:** value` line.
    """

    path: LogPath
    kind: Kind
    log_id: str
    timestamp: datetime | date | None
    env: Env | None
    risk: Risk | None
    transition: Transition | None
    outcome: Outcome | None
    severity: Severity | None
    tools: tuple[Tool, ...]
    sections: tuple[Section, ...]
    has_issues: bool
    has_contract_gap: bool
    warnings: tuple[FormatWarning, ...]
    text: str = field(repr=False)
    tokens: "Sequence[Token]" = field(repr=False, compare=False)
    front_matter: str = field(repr=False)
    header_lines: frozenset[int] = field(repr=False)

    def section(self, name: SectionName) -> Section | None:
        """Return the first section of this name, if the log has one."""
        return next((section for section in self.sections if section.name is name), None)
