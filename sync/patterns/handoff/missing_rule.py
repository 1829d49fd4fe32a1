"""What to tell Jen about a rule that only she can word, as it cannot be made from the logs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync.contract.document import Document
from sync.contract.outline import ContractOutline, ContractSection, outline
from sync.contract.resolve import Unresolved, resolver
from sync.patterns.handoff.nearby import Nearby, nearby
from sync.patterns.handoff.pattern import Pattern
from sync.patterns.handoff.section_vote import vote
from sync.patterns.names import PatternId
from sync.patterns.remembering.expectation import Expectation


@dataclass(frozen=True, slots=True)
class MissingRule:
    """What is known of a rule that Jen is to word.

    Attributes:
        expected: Its expected effect.
        nearest: The headings of the contract where it may belong; none if no contract was named.
        related: Those of them that are related to the pattern's logs.
    """

    expected: Expectation
    nearest: tuple[str, ...]
    related: tuple[str, ...]


def missing_rules(
    patterns: Sequence[Pattern], contract: Document | None, *, of: int
) -> Mapping[PatternId, MissingRule]:
    """Return for each pattern what is known of its rule: the section that its logs name, or those nearby.

    Args:
        patterns: The patterns whose rule Jen is to word.
        contract: The contract; None if none was named.
        of: The number of runs that were read.
    """
    if contract is None or not patterns:
        return {each.id: MissingRule(Expectation(each.runs, of), (), ()) for each in patterns}
    sections = outline(contract)
    resolve = resolver(sections)
    return {
        each.id: MissingRule(
            Expectation(each.runs, of), *_near(vote(each, sections, resolve), sections, each)
        )
        for each in patterns
    }


def _near(section: ContractSection | Unresolved, contract: ContractOutline, pattern: Pattern) -> Nearby:
    if isinstance(section, Unresolved):
        return nearby(section.nearest, contract, pattern)
    named = (contract.named(section),)
    return Nearby(named, named)
