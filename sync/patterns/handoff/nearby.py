"""Headings of the contract near which a rule may belong."""

from collections.abc import Sequence
from typing import NamedTuple

from sync.contract.naming import telling
from sync.contract.outline import ContractOutline, ContractSection
from sync.patterns.grouping.words import stems
from sync.patterns.handoff.pattern import Pattern


class Nearby(NamedTuple):
    """Headings, the nearest first.

    Attributes:
        nearest: All of them.
        related: Those of them that have something to do with what the logs say.
    """

    nearest: tuple[str, ...]
    related: tuple[str, ...]


def nearby(sections: Sequence[ContractSection], contract: ContractOutline, pattern: Pattern) -> Nearby:
    """Name sections of a contract, and tell which of them have to do with a pattern."""
    related = (section for section in sections if _is_related(section, contract, pattern))
    return Nearby(tuple(map(contract.named, sections)), tuple(map(contract.named, related)))


def _is_related(section: ContractSection, contract: ContractOutline, pattern: Pattern) -> bool:
    """Tell whether half of a heading's words are in the logs; the title of it all says nothing."""
    if all(section.index in other.above for other in contract.sections if other is not section):
        return len(contract.sections) == 1
    said = {stem for each in pattern.members for stem in stems(f"{each.text} {each.reference}")}
    title = stems(" ".join(telling(section.bare_title)))
    return 2 * sum(stem in said for stem in title) >= max(1, len(title))
