"""How the process at work is doing: a value that it shows in its lock, where `status` reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Self

from daemon.breaker import Breaker, Closed, Open
from daemon.presence.as_json import read_dataclass, written
from daemon.presence.lock import holder_of

_LONGEST = 500
"""Characters of a sentence that are shown: all of it has to fit into the lock."""


class Role(StrEnum):
    """What the process is there for."""

    DAEMON = "daemon"
    BACKFILL = "backfill"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that concerns every log.

    Attributes:
        needs_a_person: It does not end by itself.
    """

    what: str
    hint: str
    needs_a_person: bool
    since: datetime

    def shortened(self) -> Self:
        """Return it with sentences of a length that is shown."""
        return replace(self, what=self.what[:_LONGEST], hint=self.hint[:_LONGEST])


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage(Trouble):
    """Trouble that keeps everything from being synced.

    Attributes:
        until: When it is tried again.
    """

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How the process at work is doing.

    Attributes:
        started: When the process began.
        beat: When this was true; shown anew at least every minute.
        edition: Of the pages that it makes.
        outage: What keeps everything from being synced; None when nothing does.
        impairment: What is wrong with noticing changes; None when nothing is.
        paused_until: Notion wants no request before; None when requests flow.
        per_minute: Requests a minute at the present rate.
        ceiling: Requests a minute when Notion refuses none.
        requests: Sent since the start, by lane.
        refusals: How often Notion asked for a pause.
        written: Logs whose sync took requests since the start.
        waiting: Requests that wait for their turn.
        hosts: How many draw on the budget, this one included; 0 when it is this process's own.
        alone: Why they do not draw on one together at the moment; None when they do.
    """

    role: Role
    started: datetime
    beat: datetime
    edition: str = ""
    outage: Outage | None = None
    impairment: Trouble | None = None
    paused_until: datetime | None = None
    per_minute: float = 0.0
    ceiling: float = 0.0
    requests: Mapping[str, int] = field(default_factory=dict)
    refusals: int = 0
    written: int = 0
    waiting: int = 0
    hosts: int = 0
    alone: Trouble | None = None

    def as_text(self) -> str:
        """Return the pulse as one line, its sentences cut to what the lock holds."""
        short = replace(
            self,
            outage=self.outage and self.outage.shortened(),
            impairment=self.impairment and self.impairment.shortened(),
            alone=self.alone and self.alone.shortened(),
        )
        return written(short)


@dataclass(frozen=True, slots=True)
class Working:
    """The process that holds a state directory.

    Attributes:
        pulse: What it shows; None while it has shown nothing, or nothing that this version reads.
    """

    pid: int
    pulse: Pulse | None


def at_work(state_dir: Path) -> Working | None:
    """Return the process that holds the state directory, and how it is doing; None when none does."""
    holder = holder_of(state_dir)
    if holder is None:
        return None
    try:
        return Working(holder.pid, read_dataclass(Pulse, holder.shown))
    except ValueError:
        return Working(holder.pid, None)


def outage_of(breaker: Breaker) -> Outage | None:
    """Return what a breaker says keeps everything from being synced."""
    match breaker:
        case Closed():
            return None
        case Open(what=what, hint=hint, access=access, since=since, until=until):
            return Outage(what=what, hint=hint, needs_a_person=access, since=since, until=until)
