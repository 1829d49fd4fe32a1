"""Find the section of the contract that most logs of a pattern name."""

from collections import Counter
from collections.abc import Callable

from sync.contract.outline import ContractOutline, ContractSection
from sync.contract.resolve import FoundSection, Resolution, Unresolved, mentioned_in, nearest
from sync.patterns.handoff.pattern import Pattern
from sync.patterns.records.record import Record


def vote(
    pattern: Pattern, outline: ContractOutline, resolve: Callable[[str], Resolution]
) -> ContractSection | Unresolved:
    """Return the section that more than half of the logs with a reference mean; each log has one vote."""
    votes: dict[str, Resolution] = {}
    for record in pattern.members:
        cast = _cast(record, outline, resolve)
        if cast is not None and not isinstance(votes.get(record.path), FoundSection):
            votes[record.path] = cast
    found = Counter(each.section.index for each in votes.values() if isinstance(each, FoundSection))
    ranked = sorted(found, key=lambda index: (-found[index], index))
    if ranked and 2 * found[ranked[0]] > len(votes):
        return outline.sections[ranked[0]]
    return _refusal(pattern, outline, votes, [outline.sections[index] for index in ranked])


def _cast(
    record: Record, outline: ContractOutline, resolve: Callable[[str], Resolution]
) -> Resolution | None:
    """Return the section that a record means; None if it names none."""
    if record.reference:
        return resolve(record.reference)
    section = mentioned_in(outline, record.text)
    return None if section is None else FoundSection(section, "mention")


def _refusal(
    pattern: Pattern, outline: ContractOutline, votes: dict[str, Resolution], named: list[ContractSection]
) -> Unresolved:
    refused = [each for each in votes.values() if isinstance(each, Unresolved)]
    likely = (*named, *(section for each in refused for section in each.nearest))
    likely = (*likely, *nearest(outline, f"{pattern.name} {pattern.centre.text}"))
    sections = tuple({section.index: section for section in likely}.values())[:2]
    if not outline.sections:
        return Unresolved("the contract has no headings", ())
    if not votes:
        return Unresolved("no log names a section of the contract", sections)
    if len(named) > 1:
        return Unresolved("the logs name different sections", sections)
    if named:
        return Unresolved("too few of the logs name the same section", sections)
    return Unresolved(refused[0].why, sections)
