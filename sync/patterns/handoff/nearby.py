"""Suggest sections of the contract where a rule may belong."""

from collections.abc import Sequence
from typing import NamedTuple

from sync.contract.naming import key_words
from sync.contract.outline import ContractOutline, ContractSection
from sync.patterns.grouping.words import stems
from sync.patterns.handoff.pattern import Pattern


class Nearby(NamedTuple):
    """The headings of suggested sections.

    Attributes:
        nearest: All of them, the nearest first.
        related: Those that are related to the pattern's logs.
    """

    nearest: tuple[str, ...]
    related: tuple[str, ...]


def nearby(sections: Sequence[ContractSection], contract: ContractOutline, pattern: Pattern) -> Nearby:
    """Return the headings of sections, and which of them are related to a pattern."""
    related = (section for section in sections if _is_related(section, contract, pattern))
    return Nearby(tuple(map(contract.named, sections)), tuple(map(contract.named, related)))


def _is_related(section: ContractSection, contract: ContractOutline, pattern: Pattern) -> bool:
    """Return whether half of a heading's words are in the logs; the title of the whole contract never is."""
    if all(section.index in other.above for other in contract.sections if other is not section):
        return len(contract.sections) == 1
    said = {stem for each in pattern.members for stem in stems(f"{each.text} {each.reference}")}
    title = stems(" ".join(key_words(section.bare_title)))
    return 2 * sum(stem in said for stem in title) >= max(1, len(title))
