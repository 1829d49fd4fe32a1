"""The status report as a value, and as the JSON of `status --json`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from daemon.presence.pulse import Pulse, Role, Working
from sync.state.facts import Place

_ENOUGH_LOGS = 20
"""The number of synced logs from which the requests per log can be estimated."""

_LONGEST = timedelta(days=3_650)
"""The longest estimate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that is wrong.

    Attributes:
        path: The log that it concerns; empty if it concerns all of them.
        since: When it began; None if that is unknown.
        url: The page of the log; empty if there is none.
        needs_a_person: Whether it takes a person to end it.
        again_at: When the next automatic attempt is due; None if that is unknown.
    """

    what: str
    hint: str
    path: str = ""
    since: datetime | None = None
    url: str = ""
    needs_a_person: bool = True
    again_at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the problem for JSON."""
        return {
            "path": self.path,
            "what": self.what,
            "hint": self.hint,
            "since": _iso(self.since),
            "again_at": _iso(self.again_at),
            "url": self.url,
            "needs_a_person": self.needs_a_person,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The status report.

    Attributes:
        at: When it was made.
        logs_dir: The logs directory.
        place: The database; None before the first connection.
        is_remembered: Whether the state could be read; if not, every log counts as waiting.
        files: The number of logs on disk.
        synced: The number of logs whose page is in step, judged by their stamps.
        pending: The number of logs that wait to be synced.
        quarantined: The number of logs in quarantine.
        trashed: The number of logs whose page somebody moved to the trash, or deleted for good.
        waiting_since: When the first of the waiting logs was found to differ; None if that is unknown.
        working: The process that holds the state; None if there is none.
        last_sync: When a page was last brought in step.
        problems: The problems, the gravest first.
    """

    at: datetime
    logs_dir: Path
    place: Place | None
    is_remembered: bool
    files: int
    synced: int
    pending: int
    quarantined: int
    trashed: int
    waiting_since: datetime | None
    working: Working | None
    last_sync: datetime | None
    problems: tuple[Problem, ...]

    @property
    def needs_a_person(self) -> bool:
        """Whether a problem takes a person to end it."""
        return any(problem.needs_a_person for problem in self.problems)

    @property
    def in_step(self) -> bool:
        """Whether no log waits and no problem needs a person."""
        return not self.pending and not self.needs_a_person

    @property
    def pulse(self) -> Pulse | None:
        """The pulse of the running process; None if there is none."""
        return None if self.working is None else self.working.pulse

    @property
    def pid(self) -> int | None:
        """The pid of the daemon; None if it does not run, even if another command does."""
        working = self.working
        if working is None or (working.pulse is not None and working.pulse.role is not Role.DAEMON):
            return None
        return working.pid

    @property
    def drained_in(self) -> timedelta | None:
        """The estimated time until nothing waits; None if nothing waits or nothing moves."""
        if not self.pending or self.pulse is None:
            return None
        return time_to_drain(self.pulse, self.pending, now=self.at)

    def as_json(self) -> dict[str, Any]:
        """Return the report for JSON."""
        return {
            "in_step": self.in_step,
            "needs_a_person": self.needs_a_person,
            "files": self.files,
            "synced": self.synced,
            "pending": self.pending,
            "quarantined": self.quarantined,
            "trashed": self.trashed,
            "daemon": {"running": self.pid is not None, "pid": self.pid},
            "activity": self._activity(),
            "database": self.place and self.place._asdict(),
            "last_sync": _iso(self.last_sync),
            "problems": [problem.as_json() for problem in self.problems],
        }

    def _activity(self) -> dict[str, Any] | None:
        pulse, drained_in = self.pulse, self.drained_in
        if self.working is None or pulse is None:
            return None
        return {
            "role": pulse.role,
            "pid": self.working.pid,
            "since": _iso(pulse.started),
            "seen": _iso(pulse.beat),
            "waiting_since": _iso(self.waiting_since),
            "requests": sum(pulse.requests.values()),
            "refusals": pulse.refusals,
            "requests_per_minute": pulse.per_minute,
            "limit_per_minute": pulse.ceiling,
            "hosts": pulse.hosts,
            "paused_until": _iso(pulse.paused_until),
            "seconds_to_drain": drained_in and round(drained_in.total_seconds()),
        }


def time_to_drain(pulse: Pulse, pending: int, *, now: datetime) -> timedelta | None:
    """Estimate how long so many logs take at the present rate; return None if nothing moves.

    A log is taken to need as many requests as the logs that this process has synced, at least one.
    """
    if pulse.outage is not None or not pulse.per_minute:
        return None
    sent = sum(pulse.requests.values())
    each = max(1.0, sent / pulse.written) if pulse.written >= _ENOUGH_LOGS else 1.0
    pause = max(timedelta(0), pulse.paused_until - now) if pulse.paused_until else timedelta(0)
    minutes = pending * each / pulse.per_minute
    return pause + min(timedelta(minutes=min(minutes, _LONGEST.total_seconds())), _LONGEST)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
