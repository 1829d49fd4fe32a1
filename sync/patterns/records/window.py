"""Which logs are read together: the last so many, or those since a day."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sync.tracelog.model import TraceLog

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """The logs that are read together, in the order of time, and when the first and the last of them ran."""

    logs: tuple[TraceLog, ...]
    first: datetime | None
    last: datetime | None

    @property
    def runs(self) -> int:
        """How many runs were read: each log is one."""
        return len(self.logs)


def last(logs: Iterable[TraceLog], count: int) -> Window:
    """Choose the last logs by their own time, then by file name; when a file was written does not matter."""
    ordered = sorted(logs, key=_place)
    return _window(ordered[max(0, len(ordered) - count) :])


def since(logs: Iterable[TraceLog], day: date) -> Window:
    """Choose the logs of this day, as UTC counts it, and later; a log without any date is left out."""
    begin = datetime.combine(day, time(), UTC)
    return _window([log for log in sorted(logs, key=_place) if (moment_of(log) or _EARLIEST) >= begin])


def moment_of(log: TraceLog) -> datetime | None:
    """Return when a log says that it ran: its timestamp, else the day in its file name at midnight."""
    return as_moment(said_time(log))


def said_time(log: TraceLog) -> datetime | date | None:
    """Return a log's own time, else the day in its file name; None when it has neither."""
    return log.timestamp if log.timestamp is not None else _day_in_name(log)


def as_moment(timestamp: datetime | date | None) -> datetime | None:
    """Return a time in UTC; a day alone begins at midnight."""
    match timestamp:
        case datetime():
            return timestamp.astimezone(UTC)
        case date():
            return datetime.combine(timestamp, time(), UTC)
        case None:
            return None


def _window(logs: list[TraceLog]) -> Window:
    moments = [moment for log in logs if (moment := moment_of(log)) is not None]
    return Window(tuple(logs), min(moments, default=None), max(moments, default=None))


def _place(log: TraceLog) -> tuple[datetime, str, str]:
    return moment_of(log) or _EARLIEST, log.path.rsplit("/", 1)[-1], log.path


def _day_in_name(log: TraceLog) -> date | None:
    found = _DAY.match(log.path.rsplit("/", 1)[-1])
    try:
        return None if found is None else date.fromisoformat(found[0])
    except ValueError:
        return None
