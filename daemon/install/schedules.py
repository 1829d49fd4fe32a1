"""The commands that can run on a schedule, and when they do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Schedule(StrEnum):
    """A command that can run on a schedule."""

    VERIFY = "verify"
    PATTERNS = "patterns"


@dataclass(frozen=True, slots=True)
class Timetable:
    """When and how a scheduled command is run.

    Attributes:
        arguments: The arguments of the program.
        calendar: The time in the form of systemd's OnCalendar.
        interval: The time in the form of launchd's StartCalendarInterval.
        description: What the command does, for lists of services.
    """

    arguments: tuple[str, ...]
    calendar: str
    interval: Mapping[str, int]
    description: str


TIMETABLES: Mapping[Schedule, Timetable] = MappingProxyType(
    {
        Schedule.VERIFY: Timetable(
            arguments=("verify",),
            calendar="*-*-* 03:30:00",
            interval=MappingProxyType({"Hour": 3, "Minute": 30}),
            description="compare all logs with all pages, every night",
        ),
        Schedule.PATTERNS: Timetable(
            arguments=("patterns", "--publish"),
            calendar="Mon *-*-* 07:00:00",
            interval=MappingProxyType({"Weekday": 1, "Hour": 7, "Minute": 0}),
            description="put what keeps breaking into AI Traces, every Monday morning",
        ),
    }
)
