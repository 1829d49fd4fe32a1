"""What a change should do to a pattern, as a number that can be checked."""

from dataclasses import dataclass
from enum import StrEnum
from math import comb
from typing import Final

_LEFT_OF: Final = 4
"""Of so many runs one may be left after the change."""

_CHANCE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Expectation:
    """So many runs of so many met a pattern; after the change at most `at_most` of as many should."""

    runs: int
    of: int

    @property
    def at_most(self) -> int:
        """Return how many runs may still meet it."""
        return self.runs // _LEFT_OF

    @property
    def in_plain_words(self) -> str:
        """Say it for a person, to whom "at most 0" is none."""
        return str(self).replace("expect at most 0 in", "expect none in")

    def __str__(self) -> str:
        return f"{self.runs} of the last {self.of} runs; expect at most {self.at_most} in the next {self.of}"


class ExpectationStanding(StrEnum):
    """How an expectation stands."""

    UNTRIED = "untried"
    ON_COURSE = "on course"
    KEPT = "kept"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class CheckedExpectation:
    """An expectation, and what came of it: `runs` of the `of` logs since then met the pattern."""

    expected: Expectation
    runs: int
    of: int

    @property
    def standing(self) -> ExpectationStanding:
        """Say whether it was kept; while there are too few runs for that, whether it still can be."""
        allowed = self.expected.at_most * max(1.0, self.of / max(1, self.expected.of))
        if self.runs > allowed:
            return ExpectationStanding.MISSED
        if self.of == 0:
            return ExpectationStanding.UNTRIED
        return ExpectationStanding.KEPT if self.of >= self.expected.of else ExpectationStanding.ON_COURSE

    @property
    def chance(self) -> float:
        """Return how likely so few runs are when nothing has changed: Fisher's exact test, one side."""
        met = self.expected.runs + self.runs
        all_runs = self.expected.of + self.of
        ways = sum(
            comb(self.of, few) * comb(self.expected.of, met - few)
            for few in range(self.runs + 1)
            if met - few >= 0
        )
        return ways / comb(all_runs, met)

    @property
    def may_be_chance(self) -> bool:
        """Tell whether the difference is too small to say that the change made it."""
        return self.chance > _CHANCE
