"""A pattern: one trouble that several runs met, and what there is to say about it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sync.patterns.records.record import Record
from sync.tracelog.model import Severity


@dataclass(frozen=True, slots=True)
class Score:
    """Why a pattern stands where it stands: how many runs, how bad on average, how recent on average.

    Attributes:
        severity: The mean weight of a run: 8 critical, 4 error or failed, 2 warning or partial, else 1.
        recency: 1 when all is of the newest day, half of it for each thirty days before, or for each quarter
            of the window when that is longer; the mean by weight.
    """

    runs: int
    severity: float
    recency: float

    @property
    def total(self) -> float:
        """Return the product of the parts."""
        return self.runs * self.severity * self.recency


class Direction(StrEnum):
    """Where a pattern is going since the last hand-off."""

    NEW = "new"
    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"


@dataclass(frozen=True, slots=True)
class Trend:
    """How often the last hand-off met a pattern: in `before_runs` of `before_of` logs. A new one: 0 of 0."""

    direction: Direction
    before_runs: int
    before_of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One trouble that at least two runs met.

    Attributes:
        id: Lasting, such as `P-7f3a`.
        name: In the words of a log, or in a person's.
        terms: Up to three words that tell it from the other patterns.
        members: By path and line.
        centre: The member that is most like the others.
        runs: How many different logs tell of it.
        rate: Runs per hundred logs of the window.
        first: When its first member ran, as far as any says so.
        severity: The worst that a member says; None when none says any.
        sections: The references to the contract, as written, and how many runs name each; most first.
        tentative: So few records were there that the next log may change the group.
        mixed: More than one trouble may be in here: it is listed, and gets no proposal.
        worth_proposing: Enough runs, or one that is bad enough; not mixed; no answer of a person stands.
    """

    id: str
    name: str
    terms: tuple[str, ...]
    members: tuple[Record, ...] = field(repr=False)
    centre: Record = field(repr=False)
    runs: int
    rate: float
    first: datetime | None
    last: datetime | None
    severity: Severity | None
    sections: tuple[tuple[str, int], ...]
    tentative: bool
    mixed: bool
    score: Score
    trend: Trend
    worth_proposing: bool
