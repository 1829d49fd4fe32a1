"""Stop asking when Notion does not answer, and find out gently when it does again. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

_FIRST_PAUSE = timedelta(seconds=1)
FIRST_ACCESS_PAUSE = timedelta(seconds=30)
"""Until the next attempt where a person has to mend something; each pause is twice the one before."""
LONGEST_PAUSE = timedelta(seconds=300)
"""Between two attempts, however long it lasts."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Requests flow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureCause:
    """Why a request failed that concerns every log.

    Attributes:
        access: It takes a person to end it: token, sharing, plan.
        what: What is wrong.
        hint: What a person can do.
    """

    access: bool
    what: str
    hint: str


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


def with_capped_pause(breaker: Open, *, now: datetime) -> Open:
    """Return the breaker with no pause beyond the longest one, after the clock was set back."""
    return replace(breaker, since=min(breaker.since, now), until=min(breaker.until, now + LONGEST_PAUSE))


def failed(breaker: Breaker, cause: FailureCause, *, started: datetime, now: datetime, jitter: float) -> Open:
    """Open, or stay open for longer: twice as long each time, up to five minutes.

    What was under way when the breaker opened fails for the same reason: all of it counts as one failure.

    Args:
        breaker: As it is.
        cause: Why the attempt failed.
        started: When the attempt began that failed.
        now: When it failed.
        jitter: From 0 to 1.
    """
    known = isinstance(breaker, Open) and started < breaker.until
    if isinstance(breaker, Open) and known and (breaker.access or not cause.access):
        return breaker
    failures = (breaker.failures + (not known)) if isinstance(breaker, Open) else 1
    first = FIRST_ACCESS_PAUSE if cause.access else _FIRST_PAUSE
    pause = min(first * 2 ** min(failures - 1, 12), LONGEST_PAUSE)
    return Open(
        since=breaker.since if isinstance(breaker, Open) else now,
        until=now + pause * (0.5 + jitter / 2),
        failures=failures,
        access=cause.access,
        what=cause.what,
        hint=cause.hint,
    )
