"""Which logs are read together: the newest ones, or those since a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from sync.patterns.records.window import Window, last, since
from sync.tracelog.model import TraceLog


@dataclass(frozen=True, slots=True)
class LastLogs:
    """Choose the newest logs, up to a number."""

    count: int

    def window(self, logs: Iterable[TraceLog]) -> Window:
        """Return the newest of these logs, oldest first."""
        return last(logs, self.count)


@dataclass(frozen=True, slots=True)
class LogsSince:
    """Choose the logs of a day and later."""

    day: date

    def window(self, logs: Iterable[TraceLog]) -> Window:
        """Return those of these logs that ran on the day or later, oldest first."""
        return since(logs, self.day)


LogChoice: TypeAlias = LastLogs | LogsSince
