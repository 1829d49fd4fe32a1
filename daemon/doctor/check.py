"""What one look found: a verdict, what was seen, and what a person does next."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class CheckVerdict(StrEnum):
    """Whether something is as it has to be."""

    GOOD = "good"
    REMARK = "remark"
    BAD = "bad"


class Area(StrEnum):
    """What a check is about; the order is that of the screen."""

    SETTINGS = "Settings"
    NOTION = "Notion"
    SCHEMA = "Properties"
    FILES = "Files"
    MACHINE = "This machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What one look found.

    Attributes:
        name: What was looked at, in a word or two.
        what: What was seen, as a phrase.
        next_step: What a person does now; empty when there is nothing to do.
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
    """Makes the checks of one area."""

    area: Area

    def good(self, name: str, what: str) -> Check:
        """Find something as it has to be."""
        return Check(area=self.area, name=name, verdict=CheckVerdict.GOOD, what=what)

    def remark(self, name: str, what: str, next_step: str = "") -> Check:
        """Find something that a person may want to know."""
        return Check(area=self.area, name=name, verdict=CheckVerdict.REMARK, what=what, next_step=next_step)

    def bad(self, name: str, what: str, next_step: str) -> Check:
        """Find something that keeps the mirror from working."""
        return Check(area=self.area, name=name, verdict=CheckVerdict.BAD, what=what, next_step=next_step)


def worst_verdict(checks: Sequence[Check]) -> CheckVerdict:
    """Return the gravest verdict among the checks."""
    return max((check.verdict for check in checks), key=list(CheckVerdict).index, default=CheckVerdict.GOOD)
