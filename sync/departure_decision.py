"""What becomes of the page of a log that is gone, and when nothing may become of it. Pure."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

GRACE = timedelta(seconds=2)
"""How long a log must be gone: a file that is moved about or saved anew is absent for a moment."""

LOOK_AGAIN = timedelta(minutes=5)
"""How long a departure that is held back waits for the files to return or a person to agree."""


class OnFileDeleted(StrEnum):
    """What becomes of the page of a log that was deleted."""

    TRASH = "trash"
    KEEP = "keep"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class MaxDeletes:
    """How many pages may be trashed at once: so many pages or so many percent, whichever is more."""

    pages: int
    percent: float

    def allowed(self, *, of: int) -> int:
        """Return how many out of `of` known pages may be trashed."""
        return max(self.pages, math.floor(of * self.percent / 100))


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is decided yet."""

    until: datetime
    what: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Depart:
    """The page goes the way that the settings say."""

    way: OnFileDeleted


DepartureDecision: TypeAlias = Wait | Depart


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a departure is judged by.

    Attributes:
        gone_since: When the log was first found to be gone.
        leaving: How many logs are gone whose pages are still there, this one included.
        allowed: How many pages may be trashed at once.
        any_log_left: The logs directory holds at least one log.
    """

    gone_since: datetime
    leaving: int
    allowed: int
    any_log_left: bool


def decide_departure(case: Circumstances, *, way: OnFileDeleted, now: datetime) -> DepartureDecision:
    """Decide about the page of a log that is gone.

    An empty directory is taken for one that is not mounted, and many departures at once for a mistake.
    """
    if now < case.gone_since + GRACE:
        return Wait(case.gone_since + GRACE, "")
    if way is not OnFileDeleted.TRASH:
        return Depart(way)
    if not case.any_log_left:
        return Wait(
            now + LOOK_AGAIN,
            "All logs are gone, which looks like a directory that is not mounted; no page was trashed",
            "Bring the files back, or set AI_TRACES_ON_FILE_DELETED=keep if the pages are to stay",
        )
    if case.leaving > case.allowed:
        gone = "1 log is gone" if case.leaving == 1 else f"{case.leaving} logs are gone at once"
        return Wait(
            now + LOOK_AGAIN,
            f"{gone}, more than the {case.allowed} whose pages may be trashed",
            f"Bring the files back; or, if the pages are to go, set AI_TRACES_MAX_DELETES={case.leaving}"
            " and restart ai-traces",
        )
    return Depart(way)
