"""Stop asking when Notion does not answer, and find out gently when it does again. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

_FIRST_PAUSE = timedelta(seconds=1)
_FIRST_ACCESS_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(seconds=300)


@dataclass(frozen=True, slots=True)
class Closed:
    """Requests flow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Nothing is sent before `until`; then one log goes first, to see.

    Attributes:
        since: When the trouble began.
        until: When the next attempt is due.
        failures: Attempts that failed since then.
        access: It takes a person to end it: token, sharing, plan.
        what: What is wrong.
        hint: What a person can do.
    """

    since: datetime
    until: datetime
    failures: int
    access: bool
    what: str
    hint: str


Breaker: TypeAlias = Closed | Open


def permits(breaker: Breaker, *, now: datetime, most: int) -> int:
    """Return how many logs may be worked on at once: all, one to see, or none."""
    match breaker:
        case Closed():
            return most
        case Open(until=until):
            return 1 if now >= until else 0


def failed(breaker: Breaker, *, access: bool, what: str, hint: str, now: datetime, jitter: float) -> Open:
    """Open, or stay open for longer: twice as long each time, up to five minutes. `jitter` is from 0 to 1."""
    failures = breaker.failures + 1 if isinstance(breaker, Open) else 1
    first = _FIRST_ACCESS_PAUSE if access else _FIRST_PAUSE
    pause = min(first * 2 ** min(failures - 1, 12), _LONGEST_PAUSE)
    return Open(
        since=breaker.since if isinstance(breaker, Open) else now,
        until=now + pause * (0.5 + jitter / 2),
        failures=failures,
        access=access,
        what=what,
        hint=hint,
    )
