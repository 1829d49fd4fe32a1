"""What follows from a failure: later again, never again like this, or nothing at all for now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sync.errors import (
    AccessLost,
    Ambiguous,
    Conflict,
    LogUnreadable,
    PageGone,
    Rejected,
    StateUnusable,
    SyncError,
    Transient,
)

LONGEST_BACKOFF = timedelta(seconds=300)
_FIRST_BACKOFF = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Take the path up again, not before this time."""

    when: datetime


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Leave the path alone until its file or the software changes, or a person asks for it."""

    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Pause everything: no path can succeed before a person has done something."""

    reason: str
    hint: str


Decision: TypeAlias = RetryAt | Quarantine | Stop


def decide(error: Exception, attempts: int, *, now: datetime, jitter: float) -> Decision:  # noqa: PLR0911 - a case each
    """Decide what happens to a path after a failure.

    Args:
        error: The failure.
        attempts: How many attempts at this path have failed in a row before this one.
        now: The time of the failure.
        jitter: A random number from 0 to 1.
    """
    match error:
        case Transient(retry_after=timedelta() as wait):
            return RetryAt(now + wait)
        case Ambiguous() if attempts == 0:
            return RetryAt(now)  # by looking first; the page's state knows when the write has settled
        case Transient() | Ambiguous() | Conflict() | PageGone() | LogUnreadable():
            return RetryAt(now + backoff(attempts, jitter=jitter))
        case Rejected():
            return Quarantine(error.what, error.hint)
        case AccessLost() | StateUnusable():
            return Stop(error.what, error.hint)
        case SyncError():
            return Quarantine(error.what, error.hint)
        case _:
            return Quarantine(
                f"ai-traces itself failed ({type(error).__name__}: {error})",
                "This is a fault of ai-traces, not of the log; the traceback is in the daemon's log",
            )


def backoff(attempts: int, *, jitter: float) -> timedelta:
    """Return a random wait, up to a bound that doubles with each attempt and ends at five minutes."""
    doublings = min(attempts, 16)  # far beyond the bound; larger powers would overflow
    return jitter * min(_FIRST_BACKOFF * (1 << doublings), LONGEST_BACKOFF)
