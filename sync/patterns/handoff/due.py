"""Which patterns a change is to be proposed for."""

from sync.contract.amendment import says
from sync.contract.document import Document
from sync.patterns.handoff.extraction import Extraction
from sync.patterns.handoff.pattern import Pattern
from sync.patterns.names import PatternId
from sync.patterns.remembering.memory import Answer, Memory


def due_of(extraction: Extraction, contract: Document | None) -> list[Pattern]:
    """Return the patterns that are due: what Jen has agreed to first, then the weightiest."""
    memory = extraction.memory
    due = [each for each in extraction.patterns if _is_due(each, memory, contract)]
    return sorted(due, key=lambda each: not is_agreed(memory, each.id, contract))


def has_said(memory: Memory, pattern: PatternId, answer: Answer) -> bool:
    """Tell whether that is what Jen has answered to a pattern."""
    answered = memory.of(pattern).answered
    return answered is not None and answered.answer is answer


def is_agreed(memory: Memory, pattern: PatternId, contract: Document | None) -> bool:
    """Tell whether Jen has said yes to a change that the contract does not have yet.

    Where it has a rule for the pattern she said yes to a second one, if it is as it was then.
    """
    answered = memory.of(pattern).answered
    if answered is None or answered.answer is not Answer.ACCEPTED:
        return False
    return contract is None or not says(contract, pattern) or contract.sha256 == answered.contract


def _is_due(pattern: Pattern, memory: Memory, contract: Document | None) -> bool:
    """Tell whether a change is to be proposed: it is worth one, or Jen has agreed and it is not made yet."""
    if pattern.mixed:
        return False
    if is_agreed(memory, pattern.id, contract):
        return True
    is_written = contract is not None and says(contract, pattern.id)
    return pattern.worth_proposing and (not is_written or memory.of(pattern.id).answered is not None)
