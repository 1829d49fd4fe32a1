"""A pattern whose rule has to be a person's: no log proposes one, and what the logs say makes none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync.contract.document import Document
from sync.contract.outline import ContractOutline, ContractSection, outline
from sync.contract.resolve import Refused, resolver
from sync.patterns.handoff.nearby import Nearby, nearby
from sync.patterns.handoff.pattern import Pattern
from sync.patterns.handoff.section_vote import vote
from sync.patterns.names import PatternId
from sync.patterns.remembering.expectation import Expectation


@dataclass(frozen=True, slots=True)
class Wanting:
    """What there is to say about such a rule before it is written.

    Attributes:
        expected: What it should do to the pattern.
        nearest: The headings of the contract where it may belong; none when no contract was named.
        related: Those of them that have something to do with what the logs say.
    """

    expected: Expectation
    nearest: tuple[str, ...]
    related: tuple[str, ...]


def wanting(
    patterns: Sequence[Pattern], contract: Document | None, *, of: int
) -> Mapping[PatternId, Wanting]:
    """Say where a rule that is a person's to word may belong: where its logs say, else nearby.

    Args:
        patterns: Those whose rule is asked for.
        contract: None for none.
        of: How many runs were read.
    """
    if contract is None or not patterns:
        return {each.id: Wanting(Expectation(each.runs, of), (), ()) for each in patterns}
    sections = outline(contract)
    resolve = resolver(sections)
    return {
        each.id: Wanting(Expectation(each.runs, of), *_near(vote(each, sections, resolve), sections, each))
        for each in patterns
    }


def _near(section: ContractSection | Refused, contract: ContractOutline, pattern: Pattern) -> Nearby:
    if isinstance(section, Refused):
        return nearby(section.nearest, contract, pattern)
    named = (contract.named(section),)
    return Nearby(named, named)
