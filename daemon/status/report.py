"""How things stand, as a value, and as the JSON that `status --json` prints."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from daemon.presence.pulse import Pulse, Role, Working
from sync.state.facts import Place

_ENOUGH_LOGS = 20
"""Logs after which the requests that one takes can be estimated."""

_LONGEST = timedelta(days=3_650)
"""A time to drain beyond which nobody waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that is not as it should be.

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
    """How things stand.

    Attributes:
        at: When this was so.
        logs_dir: Where the logs are looked for.
        place: The database; None before the first connection.
        is_remembered: Whether the state could be read; if not, every log counts as waiting.
        files: Logs on disk.
        synced: Those whose page is in step, as far as their stamps tell.
        pending: Those that wait to be synced.
        quarantined: Those that were set aside.
        trashed: Those whose page somebody moved to the trash, or deleted for good.
        waiting_since: When the first of those that wait was seen to differ; None when that is not known.
        working: The process that holds the state; None when there is none.
        last_sync: When a page was last brought in step.
        problems: What is wrong, the gravest first.
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
        """Whether something is wrong that does not end by itself."""
        return any(problem.needs_a_person for problem in self.problems)

    @property
    def in_step(self) -> bool:
        """Whether every log that is not set aside is in step, and nothing is wrong."""
        return not self.pending and not self.needs_a_person

    @property
    def pulse(self) -> Pulse | None:
        """How the process at work is doing; None when there is none, or it has not said."""
        return None if self.working is None else self.working.pulse

    @property
    def pid(self) -> int | None:
        """The process of the daemon; None when it does not run, whatever else is at work."""
        working = self.working
        if working is None or (working.pulse is not None and working.pulse.role is not Role.DAEMON):
            return None
        return working.pid

    @property
    def drained_in(self) -> timedelta | None:
        """How long it takes until nothing waits; None when nothing does, or nothing moves."""
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
    """Estimate how long so many logs take at the present pace; None when nothing moves.

    Each takes as many requests as those did that this process has synced so far, one at least.
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
