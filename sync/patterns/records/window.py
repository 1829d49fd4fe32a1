"""Choose the logs that are read together: the newest ones, or those since a day."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sync.tracelog.model import TraceLog

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """The logs that are read together in the order of time, and the times of the first and last."""

    logs: tuple[TraceLog, ...]
    first: datetime | None
    last: datetime | None

    @property
    def runs(self) -> int:
        """The number of runs, which is that of the logs."""
        return len(self.logs)


def last(logs: Iterable[TraceLog], count: int) -> Window:
    """Choose the newest logs by their own time, then by file name; the time of writing is ignored."""
    ordered = sorted(logs, key=_place)
    return _window(ordered[max(0, len(ordered) - count) :])


def since(logs: Iterable[TraceLog], day: date) -> Window:
    """Choose the logs of a day in UTC and later; a log without a date is left out."""
    begin = datetime.combine(day, time(), UTC)
    return _window([log for log in sorted(logs, key=_place) if (moment_of(log) or _EARLIEST) >= begin])


def moment_of(log: TraceLog) -> datetime | None:
    """Return the time of a log in UTC: its timestamp, or else midnight of the day in its file name."""
    return as_moment(said_time(log))


def said_time(log: TraceLog) -> datetime | date | None:
    """Return the timestamp of a log, or else the day in its file name; None if it has neither."""
    return log.timestamp if log.timestamp is not None else _day_in_name(log)


def as_moment(timestamp: datetime | date | None) -> datetime | None:
    """Return a time in UTC; a date becomes its midnight."""
    match timestamp:
        case datetime():
            return timestamp.astimezone(UTC)
        case date():
            return datetime.combine(timestamp, time(), UTC)
        case None:
            return None


def iso(moment: datetime | None) -> str | None:
    """Return a time in ISO 8601, with Z for UTC; None for none."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


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
