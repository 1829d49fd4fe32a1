"""Stop sending requests during an outage, and probe gently until it ends. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

_FIRST_PAUSE = timedelta(seconds=1)
FIRST_ACCESS_PAUSE = timedelta(seconds=30)
"""The first pause when a person has to act; each further pause is twice as long."""
LONGEST_PAUSE = timedelta(seconds=300)
"""The longest pause between two attempts, however long the outage lasts."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Requests flow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureCause:
    """Why nothing can be sent for any log.

    Attributes:
        needs_a_person: Whether a person has to end it, by a token, by sharing the database or by a plan.
        what: What is wrong.
        hint: What a person can do.
    """

    needs_a_person: bool
    what: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Nothing is sent before `until`; then a single log is tried first.

    Attributes:
        since: When the outage began.
        until: When the next attempt is due.
        failures: The number of failed attempts so far.
        cause: Why the last attempt failed.
    """

    since: datetime
    until: datetime
    failures: int
    cause: FailureCause


Breaker: TypeAlias = Closed | Open


def permits(breaker: Breaker, *, now: datetime, most: int) -> int:
    """Return how many logs may be worked on at once: `most`, one as a probe, or none."""
    match breaker:
        case Closed():
            return most
        case Open(until=until):
            return 1 if now >= until else 0


def with_capped_pause(breaker: Open, *, now: datetime) -> Open:
    """Return the breaker with at most the longest pause left, which a clock set back would exceed."""
    return replace(breaker, since=min(breaker.since, now), until=min(breaker.until, now + LONGEST_PAUSE))


def failed(breaker: Breaker, cause: FailureCause, *, started: datetime, now: datetime, jitter: float) -> Open:
    """Return the breaker after a failed attempt: open, with a pause that doubles up to five minutes.

    Attempts that were under way when the breaker opened fail for the same reason and count as one failure.

    Args:
        breaker: The breaker before.
        cause: Why the attempt failed.
        started: When the failed attempt began.
        now: When it failed.
        jitter: A random number from 0 to 1.
    """
    known = isinstance(breaker, Open) and started < breaker.until
    if isinstance(breaker, Open) and known and (breaker.cause.needs_a_person or not cause.needs_a_person):
        return breaker
    failures = (breaker.failures + (not known)) if isinstance(breaker, Open) else 1
    first = FIRST_ACCESS_PAUSE if cause.needs_a_person else _FIRST_PAUSE
    pause = min(first * 2 ** min(failures - 1, 12), LONGEST_PAUSE)
    return Open(
        since=breaker.since if isinstance(breaker, Open) else now,
        until=now + pause * (0.5 + jitter / 2),
        failures=failures,
        cause=cause,
    )
