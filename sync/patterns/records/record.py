"""One trouble that a log tells of."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from sync.names import LogPath
from sync.patterns.names import RecordKey
from sync.tracelog.model import Env, Outcome, Severity


class RecordKind(StrEnum):
    """Where in a log the trouble stands."""

    ISSUE = "issue"
    GAP = "contract gap"
    EXCEPTION = "exception"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One issue line, one contract gap or one exception. Every text is without secrets.

    Attributes:
        path: The log.
        log_id: Its task or exception id.
        line: Where the text begins, from 1.
        text: What is shown.
        essence: What it is grouped by: the text without what changes from time to time; never empty.
        moment: The log's own time; a plain date when it or the file's name gives only that, else None.
        severity: What the log says; of an execution always None.
        outcome: How the execution ended; of an exception always None.
        reference: The section of the contract that the log names, else empty.
        proposed_fix: What the log proposes, else empty.
        cause: Why it happened, as the log has it, else empty.
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
    """Return what identifies a record: its log and what it says, not its line."""
    digest = hashlib.sha256(record.essence.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{record.path}#{digest[:8]}"
