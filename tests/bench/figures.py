"""What a measurement gives: named numbers with a unit, some with a bar to clear."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """A promise about a number: it is at most, or at least, so much."""

    limit: float
    at_least: bool = False

    def holds(self, value: float) -> bool:
        """Tell whether a value keeps the promise."""
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `bar` is None where nothing is promised."""

    name: str
    value: float
    unit: str
    bar: Bar | None = None

    @property
    def clears_bar(self) -> bool | None:
        """Whether the promise is kept; None where there is none."""
        return None if self.bar is None else self.bar.holds(self.value)


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured.

    Attributes:
        rescans: How many logs the rescans go through.
        synced: How many synced logs the daemon holds at start and at rest, one after the other.
        singles: How many single logs are timed on their way to the page.
        windows: How many minutes of a backfill are measured.
        repeats: How often what varies is repeated.
        idle_seconds: How long the daemon is watched at rest.
        backfill: How many logs a backfill has before it while its use of the budget is measured.
        baseline: How many logs are mirrored in a naive way, too.
    """

    rescans: Sequence[int]
    synced: Sequence[int]
    singles: int
    windows: int
    repeats: int
    idle_seconds: float
    backfill: int
    baseline: int


FULL = Scale(
    rescans=(1_000, 10_000, 100_000),
    synced=(10_000, 100_000),
    singles=40,
    windows=3,
    repeats=5,
    idle_seconds=30.0,
    backfill=10_000,
    baseline=200,
)
QUICK = Scale(
    rescans=(100, 500),
    synced=(500,),
    singles=5,
    windows=1,
    repeats=2,
    idle_seconds=2.0,
    backfill=1_000,
    baseline=20,
)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest of the values that at least this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]
