"""Apply rewordings to a hand-off, whose patterns, figures and places in the contract stay the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sync.patterns.handoff.handoff import Handoff, HandoffEntry
from sync.patterns.handoff.placing import ChangePlace, NotPlaced, place
from sync.patterns.handoff.worded import Unchanged, WordedPart
from sync.patterns.names import PatternId
from sync.patterns.wording.faithful import expectation_objection, objection
from sync.patterns.wording.phrasing import Phrasing
from sync.patterns.wording.question import WordingQuestion

_LONGEST: Final[Mapping[WordedPart, int]] = {
    WordedPart.NAME: 90,
    WordedPart.PROPOSAL: 280,
    WordedPart.EXPECTED: 200,
}
_SHARED: Final[Mapping[WordedPart, float]] = {
    WordedPart.NAME: 0.5,
    WordedPart.PROPOSAL: 0.6,
    WordedPart.EXPECTED: 0.5,
}
"""The least fraction of meaningful words that must be in the sources."""

_ENDS: Final = (".", "!", "?")


@dataclass(frozen=True, slots=True)
class Reworded:
    """A reworded hand-off.

    Attributes:
        handoff: The hand-off.
        changed: The reworded parts.
        unchanged: The parts whose rewording was rejected.
    """

    handoff: Handoff
    changed: tuple[tuple[PatternId, WordedPart], ...]
    unchanged: tuple[Unchanged, ...]


def reworded(
    handoff: Handoff, asked: Sequence[WordingQuestion], phrasings: Mapping[PatternId, Phrasing]
) -> Reworded:
    """Apply each rewording that passes every check."""
    changed: list[tuple[PatternId, WordedPart]] = []
    unchanged: list[Unchanged] = []
    for question in asked:
        phrasing = phrasings.get(question.pattern, {})
        for part, before in question.parts:
            said = _finished(part, phrasing[part]) if part in phrasing else before
            if said == before:
                continue
            why = _objection(handoff, question, part, before=before, said=said)
            other = None if why else _with(handoff, question.pattern, part, said)
            if other is None:
                unchanged.append(
                    Unchanged(question.pattern, part, why or "it would go elsewhere in the contract")
                )
            else:
                handoff = other
                changed.append((question.pattern, part))
    return Reworded(handoff, tuple(changed), tuple(unchanged))


def with_sentence(handoff: Handoff, pattern: PatternId, sentence: str) -> Handoff | None:
    """Reword the change for a pattern; None if it has none, or its place in the contract would change."""
    return _with(handoff, pattern, WordedPart.PROPOSAL, sentence)


def _finished(part: WordedPart, said: str) -> str:
    said = said.strip()
    match part:
        case WordedPart.NAME | WordedPart.EXPECTED:
            return said.rstrip(".")
        case WordedPart.PROPOSAL:
            return said if said.endswith(_ENDS) else f"{said}."


def _objection(
    handoff: Handoff, question: WordingQuestion, part: WordedPart, *, before: str, said: str
) -> str:
    found = objection(
        said,
        instead_of=before,
        sources=question.sources,
        longest=_LONGEST[part],
        shared=_SHARED[part],
    )
    suggestion = _entry(handoff, question.pattern).suggestion
    if not found and part is WordedPart.EXPECTED and suggestion is not None:
        return expectation_objection(said, suggestion.expected)
    return found


def _with(handoff: Handoff, pattern: PatternId, part: WordedPart, said: str) -> Handoff | None:
    entry = _entry(handoff, pattern)
    if part is WordedPart.NAME:
        return _having(handoff, replace(entry, pattern=replace(entry.pattern, name=said)))
    if entry.suggestion is None:
        return None
    if part is WordedPart.EXPECTED:
        return _having(handoff, replace(entry, suggestion=replace(entry.suggestion, worded_expectation=said)))
    proposal = replace(entry.suggestion.proposal, sentence=said)
    suggestion = replace(entry.suggestion, proposal=proposal, is_reworded=True)
    return _placed_alike(_having(handoff, replace(entry, suggestion=suggestion)))


def _placed_alike(handoff: Handoff) -> Handoff | None:
    """Make the diff anew; None if anything but the words of the rules would differ."""
    changes = {each.pattern.id: each.suggestion for each in handoff.entries if each.suggestion is not None}
    patterns = [each.pattern for each in handoff.entries if each.suggestion is not None]
    proposals = {pattern: suggestion.proposal for pattern, suggestion in changes.items()}
    places, diff = place(patterns, proposals, handoff.contract)
    stays = _frame(diff) == _frame(handoff.diff) and all(
        _place(places[pattern]) == _place(suggestion.where) for pattern, suggestion in changes.items()
    )
    return replace(handoff, diff=diff) if stays else None


def _frame(diff: str) -> list[str]:
    """Return a diff without the text of its added lines."""
    return [line if line[:1] != "+" or line.startswith("+++ ") else "+" for line in diff.split("\n")]


def _place(where: ChangePlace) -> ChangePlace:
    """Return a place without its suggested sections, which depend on the words of the rule."""
    return replace(where, nearest=(), related=()) if isinstance(where, NotPlaced) else where


def _entry(handoff: Handoff, pattern: PatternId) -> HandoffEntry:
    return next(each for each in handoff.entries if each.pattern.id == pattern)


def _having(handoff: Handoff, entry: HandoffEntry) -> Handoff:
    entries = tuple(entry if each.pattern.id == entry.pattern.id else each for each in handoff.entries)
    return replace(handoff, entries=entries)
