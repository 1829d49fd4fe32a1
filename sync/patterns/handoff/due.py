"""Find the patterns that are due for a decision."""

from sync.contract.amendment import says
from sync.contract.document import Document
from sync.patterns.handoff.extraction import Extraction
from sync.patterns.handoff.pattern import Pattern
from sync.patterns.names import PatternId
from sync.patterns.remembering.memory import Answer, Memory


def due_of(extraction: Extraction, contract: Document | None) -> list[Pattern]:
    """Return the due patterns: those with a change that Jen agreed to first, then by rank."""
    memory = extraction.memory
    due = [each for each in extraction.patterns if _is_due(each, memory, contract)]
    return sorted(due, key=lambda each: not is_agreed(memory, each.id, contract))


def has_said(memory: Memory, pattern: PatternId, answer: Answer) -> bool:
    """Return whether Jen's answer to a pattern is this one."""
    answered = memory.of(pattern).answered
    return answered is not None and answered.answer is answer


def is_agreed(memory: Memory, pattern: PatternId, contract: Document | None) -> bool:
    """Return whether Jen has accepted a change that the contract does not have yet.

    If it has a rule for the pattern and is unchanged since her answer, she accepted a second rule.
    """
    answered = memory.of(pattern).answered
    if answered is None or answered.answer is not Answer.ACCEPTED:
        return False
    return contract is None or not says(contract, pattern) or contract.sha256 == answered.contract


def _is_due(pattern: Pattern, memory: Memory, contract: Document | None) -> bool:
    """Return whether to propose a change: a worthwhile one, or an accepted one that is not made yet."""
    if pattern.mixed:
        return False
    if is_agreed(memory, pattern.id, contract):
        return True
    is_written = contract is not None and says(contract, pattern.id)
    return pattern.worth_proposing and (not is_written or memory.of(pattern.id).answered is not None)
