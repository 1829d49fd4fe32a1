"""Which patterns a change is to be proposed for."""

from collections.abc import Mapping

from sync.contract.amendment import says
from sync.contract.document import Document
from sync.patterns.handoff.extraction import Extraction
from sync.patterns.handoff.pattern import Pattern
from sync.patterns.names import PatternId
from sync.patterns.remembering.memory import Answer, Memory
from sync.patterns.remembering.registry import Promise


def due_of(
    extraction: Extraction, promises: Mapping[PatternId, Promise], contract: Document | None
) -> list[Pattern]:
    """Return the patterns that are due: what Jen has agreed to first, then the weightiest."""
    memory = extraction.memory
    due = [each for each in extraction.patterns if _is_due(each, memory, promises, contract)]
    return sorted(due, key=lambda each: not has_said(memory, each.id, Answer.ACCEPTED))


def has_said(memory: Memory, pattern: PatternId, answer: Answer) -> bool:
    """Tell whether that is what Jen has answered to a pattern."""
    answered = memory.of(pattern).answered
    return answered is not None and answered.answer is answer


def _is_due(
    pattern: Pattern, memory: Memory, promises: Mapping[PatternId, Promise], contract: Document | None
) -> bool:
    """Tell whether a change is to be proposed: it is worth one, or Jen has agreed and it is not made yet."""
    if pattern.mixed:
        return False
    if contract is not None and says(contract, pattern.id):
        return pattern.worth_proposing and memory.of(pattern.id).answered is not None
    promise = promises.get(pattern.id)
    unchanged = contract is None or promise is None or contract.sha256 == promise.contract
    return pattern.worth_proposing or (unchanged and has_said(memory, pattern.id, Answer.ACCEPTED))
