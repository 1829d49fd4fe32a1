"""Which commands can run by the clock, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Schedule(StrEnum):
    """A command that is run from time to time, named after it."""

    VERIFY = "verify"
    PATTERNS = "patterns"


@dataclass(frozen=True, slots=True)
class Timetable:
    """When and how a scheduled command is run.

    Attributes:
        arguments: Behind the program.
        calendar: As systemd writes it.
        interval: As launchd's StartCalendarInterval has it.
        description: What it does, for lists of services.
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
