"""One attempt to sync a log, as it is told to whoever counts or reports."""

from dataclasses import dataclass
from datetime import datetime

from sync.names import LogPath
from sync.notion.limiter import Lane
from sync.verdict import Reconciled


@dataclass(frozen=True, slots=True)
class Job:
    """The result of one attempt to sync a log, for the canonical log line.

    Attributes:
        outcome: What became of the log, or the error.
        next_look: When the log is tried again; None if it is finished.
        attempts: The number of earlier attempts that failed.
        seconds: How long this attempt took.
        requests: How many requests it took.
    """

    path: LogPath
    lane: Lane
    outcome: Reconciled | Exception
    next_look: datetime | None
    attempts: int
    seconds: float
    requests: int = 0
