"""Find the places of proposed changes in the contract, and make one diff of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sync.contract.amendment import ContractRule, Placed, Placement, SaidAlready, Unplaced, amend
from sync.contract.document import Document
from sync.contract.outline import ContractOutline, ContractSection, outline
from sync.contract.resolve import Unresolved, nearest, resolver
from sync.patterns.handoff.nearby import nearby
from sync.patterns.handoff.pattern import Pattern
from sync.patterns.handoff.proposal import Proposal
from sync.patterns.handoff.section_vote import vote
from sync.patterns.names import PatternId
from sync.redaction.redact import redact


@dataclass(frozen=True, slots=True)
class InDiff:
    """The change is in the diff; `instead_of` is the rule that it replaces, empty if it is new."""

    section: str
    instead_of: str


@dataclass(frozen=True, slots=True)
class NotPlaced:
    """The change is not in the diff.

    Attributes:
        why: The reason, as a clause.
        nearest: Up to two headings.
        related: Those of them that are related to the pattern's logs.
    """

    why: str
    nearest: tuple[str, ...]
    related: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InContract:
    """The contract has the rule already, on this line, from 1."""

    section: str
    line: int


@dataclass(frozen=True, slots=True)
class NoContract:
    """No contract was named."""


ChangePlace: TypeAlias = InDiff | NotPlaced | InContract | NoContract


def place(
    patterns: Sequence[Pattern], proposals: Mapping[PatternId, Proposal], contract: Document | None
) -> tuple[Mapping[PatternId, ChangePlace], str]:
    """Return the place of each proposal, and the diff of all that have one in the contract."""
    if contract is None:
        return dict.fromkeys(proposals, NoContract()), ""
    sections = outline(contract)
    resolve = resolver(sections)
    places: dict[PatternId, ChangePlace] = {}
    rules: list[ContractRule] = []
    for pattern in patterns:
        section = vote(pattern, sections, resolve)
        if isinstance(section, Unresolved):
            places[pattern.id] = _not_placed(section.why, section.nearest, sections, pattern)
        else:
            proposal = proposals[pattern.id]
            rules.append(ContractRule(pattern.id, section, proposal.sentence, proposal.alike))
    amendment = amend(contract, rules, is_secret=_holds_secret)
    by_id = {pattern.id: pattern for pattern in patterns}
    return (
        places
        | {each.rule.tag: _as_place(each, sections, by_id[each.rule.tag]) for each in amendment.placements},
        amendment.diff,
    )


def _not_placed(
    why: str, near: Sequence[ContractSection], sections: ContractOutline, pattern: Pattern
) -> NotPlaced:
    return NotPlaced(why, *nearby(near, sections, pattern))


def _as_place(placement: Placement, sections: ContractOutline, pattern: Pattern) -> ChangePlace:
    rule = placement.rule
    match placement:
        case Placed(instead_of=instead_of):
            return InDiff(sections.named(rule.section), instead_of)
        case SaidAlready(line=line):
            return InContract(sections.named(rule.section), line)
        case Unplaced(why=why):
            likely = {each.index: each for each in (rule.section, *nearest(sections, rule.sentence))}
            return _not_placed(why, tuple(likely.values())[:2], sections, pattern)


def _holds_secret(text: str) -> bool:
    return bool(redact(text).counts)
