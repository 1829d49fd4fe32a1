"""The result of a check: a verdict, what was seen, and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class CheckVerdict(StrEnum):
    """Whether something is as it should be."""

    GOOD = "good"
    REMARK = "remark"
    BAD = "bad"


class Area(StrEnum):
    """What a check is about, in the order of the screen."""

    SETTINGS = "Settings"
    NOTION = "Notion"
    SCHEMA = "Properties"
    FILES = "Files"
    MACHINE = "This machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The result of a check.

    Attributes:
        area: What it is about.
        name: What was checked, in a word or two.
        verdict: Whether it is as it should be.
        what: What was seen, as a phrase.
        next_step: What to do now; empty if there is nothing to do.
    """

    area: Area
    name: str
    verdict: CheckVerdict
    what: str
    next_step: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the check for JSON."""
        return {
            "area": self.area.value,
            "name": self.name,
            "verdict": self.verdict.value,
            "what": self.what,
            "next_step": self.next_step,
        }


@dataclass(frozen=True, slots=True)
class Examiner:
    """Make checks of one area."""

    area: Area

    def good(self, name: str, what: str) -> Check:
        """Return a check of something that is as it should be."""
        return Check(area=self.area, name=name, verdict=CheckVerdict.GOOD, what=what)

    def remark(self, name: str, what: str, next_step: str = "") -> Check:
        """Return a check with something that a person may want to know."""
        return Check(area=self.area, name=name, verdict=CheckVerdict.REMARK, what=what, next_step=next_step)

    def bad(self, name: str, what: str, next_step: str) -> Check:
        """Return a check of something that keeps the mirror from working."""
        return Check(area=self.area, name=name, verdict=CheckVerdict.BAD, what=what, next_step=next_step)


def worst_verdict(checks: Sequence[Check]) -> CheckVerdict:
    """Return the worst verdict among the checks."""
    return max((check.verdict for check in checks), key=list(CheckVerdict).index, default=CheckVerdict.GOOD)
