"""Find the section of the contract that a log means, or none if that is not certain."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from sync.contract.likeness import alike
from sync.contract.mentions import mentioned
from sync.contract.naming import key_words, slug, words
from sync.contract.outline import ContractOutline, ContractSection
from sync.contract.reference import Reference, read_reference

_ALIKE: Final = 0.75
"""The likeness from which on a section counts as meant."""

_NEAR: Final = 0.40
"""The likeness below which a section is not even suggested."""

_LEAD: Final = 0.10
"""The margin by which the best must exceed the second best."""

_CLAUSES: Final = 8
"""The number of a reference's clauses that are compared, as the section is usually named early."""

_PART: Final = "it may be part of another section's name"

_AGREES: Final = 0.60
"""The likeness to a numbered title that the words beside its number must have."""


@dataclass(frozen=True, slots=True)
class FoundSection:
    """The section that is meant, and how it was found, such as "number"."""

    section: ContractSection
    by: str


@dataclass(frozen=True, slots=True)
class Unresolved:
    """It is not certain which section is meant.

    Attributes:
        why: The reason, as a clause.
        nearest: Up to two sections, the likeliest first.
    """

    why: str
    nearest: tuple[ContractSection, ...] = field(repr=False)


Resolution: TypeAlias = FoundSection | Unresolved

_Candidates: TypeAlias = Sequence[ContractSection]


@dataclass(frozen=True, slots=True)
class _Ladder:
    outline: ContractOutline
    weight: Callable[[str], float]
    names: tuple[tuple[tuple[str, ...], ...], ...]

    @property
    def sections(self) -> tuple[ContractSection, ...]:
        return self.outline.sections


def resolver(outline: ContractOutline) -> Callable[[str], Resolution]:
    """Return a function that finds the section which a reference means; it remembers its answers."""
    names = (_variants((*_titles(section), *section.short_titles)) for section in outline.sections)
    ladder = _Ladder(outline, _weights(outline.sections), tuple(names))
    known: dict[str, Resolution] = {}

    def resolve(written: str) -> Resolution:
        if written not in known:
            known[written] = _resolve(ladder, read_reference(written))
        return known[written]

    return resolve


def mentioned_in(outline: ContractOutline, sentence: str) -> ContractSection | None:
    """Return the section that a sentence mentions by name; None unless it is exactly one."""
    found = _without_those_above(mentioned(outline.sections, sentence), outline.sections)
    return found[0] if len(found) == 1 else None


def nearest(outline: ContractOutline, text: str) -> tuple[ContractSection, ...]:
    """Return the two sections whose names share most words with a text, the nearest first."""
    weight = _weights(outline.sections)
    said = frozenset(words(text))

    def shared(section: ContractSection) -> float:
        name = key_words(section.title)
        return sum(weight(word) for word in name if word in said) / (sum(map(weight, name)) or 1.0)

    return tuple(sorted(outline.sections, key=lambda each: (-shared(each), each.index))[:2])


def _resolve(ladder: _Ladder, reference: Reference) -> Resolution:
    for by, candidates in _rungs(ladder, reference):
        if len(candidates) > 1:
            return Unresolved(f"it may be one of {len(candidates)} sections", tuple(candidates[:2]))
        if candidates and (doubts := _doubts(ladder, reference, candidates[0])):
            return Unresolved(_PART, (candidates[0], doubts[0]))
        if candidates:
            return FoundSection(candidates[0], by)
    return _by_likeness(ladder, reference)


def _rungs(ladder: _Ladder, reference: Reference) -> Iterator[tuple[str, _Candidates]]:
    """Yield the candidates of each way of finding a section, the most certain way first."""
    sections = ladder.sections
    yield "name", _called(sections, reference.text)
    yield "path", _at_the_end(sections, reference.steps)
    yield "name", _named(sections, reference.text)
    yield "number", _numbered(ladder, reference)
    yield "address", [section for section in sections if section.slug in reference.addresses]
    yield "address", [section for section in sections if reference.text.lower().lstrip("#") == section.slug]
    yield "address", [section for section in sections if reference.text.lower() == slug(section.bare_title)]
    named = [section for clause in reference.clauses for section in _named(sections, clause)]
    yield "mention", _without_those_above([*mentioned(sections, reference.text), *named], sections)


def _called(sections: _Candidates, name: str) -> _Candidates:
    """Return the sections with exactly this title; if there are none, those with this name or alias."""
    return [each for each in sections if words(each.title) == words(name) != ()] or _bearing(sections, name)


def _bearing(sections: _Candidates, name: str) -> _Candidates:
    """Return all sections with this name, with or without a number."""
    said = words(name)
    return [each for each in sections if said and said in {words(title) for title in _titles(each)}]


def _named(sections: _Candidates, name: str) -> _Candidates:
    """Return the sections with this name; else those with its key words; else that short name."""
    said, said_key = words(name), key_words(name)
    if not said:
        return []
    return (
        _called(sections, name)
        or [each for each in sections if said_key in {key_words(title) for title in _titles(each)}]
        or [each for each in sections if said in {words(title) for title in each.short_titles}]
    )


def _titles(section: ContractSection) -> tuple[str, ...]:
    return (section.title, section.bare_title, *section.aliases)


def _at_the_end(sections: _Candidates, steps: Sequence[str]) -> _Candidates:
    """Follow a path such as `Tool Usage Rules > Retries`, skipping steps that name no section."""
    found: list[ContractSection] = []
    for step in steps:
        here = _bearing(sections, step) or _named(sections, step)
        if step is steps[-1] and not here:
            return []
        below = [each for each in here if any(parent.index in each.above for parent in found)]
        found = below or list(here) or found
    return found


def _numbered(ladder: _Ladder, reference: Reference) -> _Candidates:
    """Return the section with the number if the words agree, and all candidates if they do not."""
    found = [section for section in ladder.sections if section.number in reference.numbers]
    if len(found) != 1 or len(reference.numbers) != 1:
        return found
    section = found[0]
    named = [
        other
        for clause in reference.clauses
        for other in _named(ladder.sections, clause)
        if other.bare_title and other.index != section.index
    ]
    if section.index in {other.index for clause in reference.clauses for other in _named([section], clause)}:
        return found
    if named:
        return [section, *named]
    if not reference.unnumbered:
        return found
    if alike(reference.unnumbered, key_words(section.bare_title), weight=ladder.weight) >= _AGREES:
        return found
    return []


def _without_those_above(found: Iterable[ContractSection], sections: _Candidates) -> _Candidates:
    """Leave out sections around another one that was found: they only say where it is."""
    indices = {section.index for section in found}
    covered = {parent for index in indices for parent in sections[index].above}
    return [section for section in sections if section.index in indices - covered]


def _by_likeness(ladder: _Ladder, reference: Reference) -> Resolution:
    said = _variants(reference.clauses[:_CLAUSES])
    scored = sorted(
        ((_likeness(ladder, said, section), section) for section in ladder.sections),
        key=lambda each: (-each[0], each[1].index),
    )
    if not scored:
        return Unresolved("the contract has no headings", ())
    (best, found), (next_best, _) = scored[0], (*scored, (0.0, scored[0][1]))[1]
    nearest = tuple(section for likeness, section in scored[:2] if likeness >= _NEAR)
    if best < _ALIKE:
        return Unresolved("no section has the name that the logs give", nearest)
    if best - next_best < _LEAD:
        return Unresolved("two sections have nearly that name", nearest)
    if doubts := _doubts(ladder, reference, found):
        return Unresolved(_PART, (found, doubts[0]))
    if any(each.number in reference.numbers for each in ladder.sections if each is not found):
        return Unresolved("number and words do not agree", nearest)
    return FoundSection(found, "likeness")


def _doubts(ladder: _Ladder, reference: Reference, found: ContractSection) -> _Candidates:
    """Return other sections whose titles contain every word of the reference, unless this one's does."""
    said = Counter(reference.whole)
    if said <= Counter(words(found.title)) or any(said <= Counter(words(alias)) for alias in found.aliases):
        return ()
    return [section for section in ladder.sections if said <= Counter(words(section.title))]


def _likeness(ladder: _Ladder, said: Sequence[Sequence[str]], section: ContractSection) -> float:
    """Return the likeness of the most similar pair of a clause and a name of the section."""
    return max(
        (
            alike(clause, name, weight=ladder.weight)
            for clause in said
            for name in ladder.names[section.index]
        ),
        default=0.0,
    )


def _variants(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return the words of each name, with and without filling words."""
    return tuple(dict.fromkeys(found for name in names for found in (key_words(name), words(name)) if found))


def _weights(sections: _Candidates) -> Callable[[str], float]:
    """Return a function that weights a word: the fewer titles have it, the more it weighs."""
    having = Counter(word for section in sections for word in set(words(section.title)))

    def weight(word: str) -> float:
        return 1.0 + math.log((1 + len(sections)) / (1 + having[word]))

    return weight
