"""The pulse: how the running process is doing, published in its lock, where `status` reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Self

from daemon.breaker import Breaker, Closed, Open
from daemon.presence.as_json import read_dataclass, write_dataclass
from daemon.presence.lock import holder_of

_LONGEST = 500
"""The longest sentence that is published: the whole pulse has to fit into the lock."""


class Role(StrEnum):
    """What the process is for."""

    DAEMON = "daemon"
    BACKFILL = "backfill"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that is wrong and concerns every log.

    Attributes:
        needs_a_person: Whether it takes a person to end it.
    """

    what: str
    hint: str
    needs_a_person: bool
    since: datetime

    def shortened(self) -> Self:
        """Return the trouble with its sentences cut to the longest that is published."""
        return replace(self, what=self.what[:_LONGEST], hint=self.hint[:_LONGEST])


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage(Trouble):
    """Trouble that keeps every log from being synced.

    Attributes:
        until: When the next attempt is due.
    """

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How the running process is doing.

    Attributes:
        role: What the process is for.
        started: When the process began.
        beat: When this was true; published at least every minute.
        edition: The edition of the pages that it makes.
        outage: What keeps every log from being synced; None if nothing does.
        impairment: What keeps changes from being noticed at once; None if nothing does.
        paused_until: Notion accepts no request before this time; None while requests flow.
        per_minute: The present rate of requests.
        ceiling: The rate of requests while Notion refuses none.
        requests: The number of requests since the start, by lane.
        refusals: How often Notion asked for a pause.
        written: The number of logs since the start whose sync took requests.
        waiting: The number of requests that wait for their turn.
        hosts: How many processes share the budget, this one included; 0 if it is not shared.
        alone: Why the budget is not shared at the moment although it should be; None if it is.
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
        """Return the pulse as one line that fits into the lock."""
        short = replace(
            self,
            outage=self.outage and self.outage.shortened(),
            impairment=self.impairment and self.impairment.shortened(),
            alone=self.alone and self.alone.shortened(),
        )
        return write_dataclass(short)


@dataclass(frozen=True, slots=True)
class Working:
    """The process that holds a state directory.

    Attributes:
        pulse: Its pulse; None if it has published none that this version can read.
    """

    pid: int
    pulse: Pulse | None


def at_work(state_dir: Path) -> Working | None:
    """Return the process that holds the state directory, with its pulse; None if there is none."""
    holder = holder_of(state_dir)
    if holder is None:
        return None
    try:
        return Working(holder.pid, read_dataclass(Pulse, holder.shown))
    except ValueError:
        return Working(holder.pid, None)


def outage_of(breaker: Breaker) -> Outage | None:
    """Return the outage that an open breaker stands for; None for a closed one."""
    match breaker:
        case Closed():
            return None
        case Open(cause=cause, since=since, until=until):
            return Outage(
                what=cause.what,
                hint=cause.hint,
                needs_a_person=cause.needs_a_person,
                since=since,
                until=until,
            )
