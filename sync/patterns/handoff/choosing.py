"""Choose which decisions to ask Jen for now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sync.patterns.handoff.pattern import Pattern
from sync.patterns.handoff.proposal import Proposal, propose
from sync.patterns.names import PatternId


@dataclass(frozen=True, slots=True)
class Chosen:
    """The decisions to ask for.

    Attributes:
        proposals: The proposed changes, by pattern.
        missing_rules: The patterns whose rule only Jen can word.
        waiting: The other due patterns, which have to wait.
    """

    proposals: Mapping[PatternId, Proposal]
    missing_rules: tuple[PatternId, ...]
    waiting: tuple[PatternId, ...]


def chosen(due: Sequence[Pattern], *, top: int) -> Chosen:
    """Choose up to `top` decisions: changes first, as a yes or no takes less time than finding a rule.

    Args:
        due: The due patterns, by rank.
        top: The largest number of decisions.
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
