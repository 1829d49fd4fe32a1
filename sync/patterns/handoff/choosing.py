"""Which of the patterns that are due for a change are put to Jen now: as many as two minutes hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sync.patterns.handoff.pattern import Pattern
from sync.patterns.handoff.proposal import Proposal, propose
from sync.patterns.names import PatternId


@dataclass(frozen=True, slots=True)
class Chosen:
    """What Jen is asked.

    Attributes:
        proposals: Changes to say yes or no to.
        wanting: Patterns whose rule only she can word.
        waiting: What is due as well, and has to wait.
    """

    proposals: Mapping[PatternId, Proposal]
    wanting: tuple[PatternId, ...]
    waiting: tuple[PatternId, ...]


def chosen(due: Sequence[Pattern], *, top: int) -> Chosen:
    """Choose so many decisions at most: changes first, for a yes or a no takes less than finding a rule.

    Args:
        due: The weightiest first.
        top: How many decisions there may be.
    """
    found = {each.id: proposal for each in due if (proposal := propose(each)) is not None}
    changes = [each.id for each in due if each.id in found][:top]
    questions = [each.id for each in due if each.id not in found][: top - len(changes)]
    asked = {*changes, *questions}
    return Chosen(
        MappingProxyType({each: found[each] for each in changes}),
        tuple(questions),
        tuple(each.id for each in due if each.id not in asked),
    )
