"""The expected effect of a change on a pattern, and the check of it."""

from dataclasses import dataclass
from enum import StrEnum
from math import comb
from typing import Final

_LEFT_OF: Final = 4
"""One of so many runs may still have the pattern after the change."""

_CHANCE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Expectation:
    """A pattern was in `runs` of `of` runs; after the change it should be in at most `at_most` of as many."""

    runs: int
    of: int

    @property
    def at_most(self) -> int:
        """The largest number of runs that may still have it."""
        return self.runs // _LEFT_OF

    @property
    def in_plain_words(self) -> str:
        """The expectation for a person, with "none" for "at most 0"."""
        return str(self).replace("expect at most 0 in", "expect none in")

    def __str__(self) -> str:
        return f"{self.runs} of the last {self.of} runs; expect at most {self.at_most} in the next {self.of}"


class ExpectationStanding(StrEnum):
    """The result of an expectation so far."""

    UNTRIED = "untried"
    ON_COURSE = "on course"
    KEPT = "kept"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class CheckedExpectation:
    """An expectation and its check: `runs` of the `of` runs since then had the pattern."""

    expected: Expectation
    runs: int
    of: int

    @property
    def standing(self) -> ExpectationStanding:
        """The result: whether it was kept, or still can be while there are too few runs."""
        allowed = self.expected.at_most * max(1.0, self.of / max(1, self.expected.of))
        if self.runs > allowed:
            return ExpectationStanding.MISSED
        if self.of == 0:
            return ExpectationStanding.UNTRIED
        return ExpectationStanding.KEPT if self.of >= self.expected.of else ExpectationStanding.ON_COURSE

    @property
    def chance(self) -> float:
        """The probability of so few runs if nothing has changed, by Fisher's one-sided exact test."""
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
        """Whether the difference may be due to chance."""
        return self.chance > _CHANCE
