"""A record: one trouble in one log."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from sync.names import LogPath
from sync.patterns.names import RecordKey
from sync.tracelog.model import Env, Outcome, Severity


class RecordKind(StrEnum):
    """The part of a log that tells of the trouble."""

    ISSUE = "issue"
    GAP = "contract gap"
    EXCEPTION = "exception"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One issue line, one contract gap or one exception; all texts are redacted.

    Attributes:
        path: The path of the log.
        log_id: The task or exception id of the log.
        line: The line where the text begins, from 1.
        kind: The part of the log that it is from.
        text: The text to show.
        essence: The text to group by, without varying parts such as dates and numbers; never empty.
        moment: The time of the log; a date if only that is known; None if neither is.
        env: The environment in the log.
        severity: The severity in the log; None for an execution.
        outcome: The outcome of the execution; None for an exception.
        tools: The names of the tools in the log.
        reference: The section of the contract that the log names; empty if it names none.
        proposed_fix: The fix that the log proposes; empty if there is none.
        cause: The cause in the log; empty if there is none.
    """

    path: LogPath
    log_id: str
    line: int
    kind: RecordKind
    text: str
    essence: str = field(repr=False)
    moment: datetime | date | None
    env: Env | None
    severity: Severity | None
    outcome: Outcome | None
    tools: tuple[str, ...] = field(repr=False)
    reference: str = field(repr=False)
    proposed_fix: str = field(repr=False)
    cause: str = field(default="", repr=False)


def record_key_of(record: Record) -> RecordKey:
    """Return the key of a record, made of its log and its essence, so that its line may change."""
    digest = hashlib.sha256(record.essence.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{record.path}#{digest[:8]}"


def path_in(key: RecordKey) -> str:
    """Return the path of the log in a record's key."""
    return key.rpartition("#")[0]


def by_place(record: Record) -> tuple[str, int, str, str]:
    """Return the sort key that puts records in the order of path and line."""
    return record.path, record.line, record.kind, record.text
