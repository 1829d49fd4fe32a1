"""A pattern: one trouble in several runs, with its figures."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sync.patterns.records.record import Record
from sync.tracelog.model import Severity


@dataclass(frozen=True, slots=True)
class Score:
    """The factors of a pattern's rank.

    Attributes:
        runs: The number of runs.
        severity: The mean weight of the runs: 8 critical, 4 error or failed, 2 warning or partial, else 1.
        recency: The weighted mean recency of the runs: 1 for the newest, halved every thirty days or every
            quarter of the window, whichever is longer.
    """

    runs: int
    severity: float
    recency: float

    @property
    def total(self) -> float:
        """The product of the factors."""
        return self.runs * self.severity * self.recency


class Direction(StrEnum):
    """The direction of a pattern since the last hand-off."""

    NEW = "new"
    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"


@dataclass(frozen=True, slots=True)
class Trend:
    """The direction of a pattern, which was in `before_runs` of `before_of` runs, or 0 of 0 if it is new."""

    direction: Direction
    before_runs: int
    before_of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One trouble in at least two runs.

    Attributes:
        id: The lasting id, such as `P-7f3a`.
        name: The name, from a log or by a person.
        terms: Up to three words that distinguish it from the other patterns.
        members: The records, by path and line.
        centre: The member that is most similar to the others.
        runs: The number of logs that tell of it.
        rate: The number of runs with it in a hundred runs.
        first: The time of its first member; None if no member has one.
        last: The time of its last member; None if no member has one.
        severity: The worst severity of a member; None if no member has one.
        sections: The references to the contract with their numbers of runs, the most common first.
        tentative: Whether there are so few records that the next log may change the group.
        mixed: Whether it may contain more than one trouble, so that nothing is proposed for it.
        score: The factors of its rank.
        trend: The trend since the last hand-off.
        worth_proposing: Whether it has enough runs or a critical one, is not mixed, and is not answered.
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
