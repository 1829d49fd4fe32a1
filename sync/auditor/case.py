"""The hand-off that an auditor is to judge, in a form that may leave the company."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from sync.auditor.disguise import Disguise, disguise_of
from sync.auditor.evidence import Evidence, evidence_of, texts_of
from sync.contract.document import Document, Unreadable, read_contract
from sync.patterns.handoff.handoff import Handoff, Suggestion
from sync.patterns.handoff.pattern import Pattern
from sync.patterns.handoff.placing import ChangePlace, InDiff, place
from sync.patterns.handoff.telling import origin, place_sentence
from sync.patterns.names import PatternId
from sync.patterns.records.record import Record, record_key_of
from sync.patterns.remembering.opinion import Asked

CONTRACT: Final = "contract.md"


@dataclass(frozen=True, slots=True)
class ProposedChange:
    """A proposed change, in words that may leave.

    Attributes:
        sentence: The proposed rule.
        place: A sentence on its place in the contract.
        origin: Sentences on its source and on other proposals.
        expected: The expected effect.
        in_diff: Whether it is part of the diff.
        is_ours: Whether no log proposes it.
    """

    sentence: str
    place: str
    origin: tuple[str, ...]
    expected: str
    in_diff: bool
    is_ours: bool


@dataclass(frozen=True, slots=True)
class AuditQuestion:
    """A pattern to judge.

    Attributes:
        pattern: The pattern, of which only the figures may leave.
        name: Its name as it may leave.
        evidence: All its records: the most typical, the newest, the oldest, then the others.
        sections: The sections that its logs name, each with its number of runs.
        change: The proposed change; None if there is none.
    """

    pattern: Pattern = field(repr=False)
    name: str
    evidence: tuple[Evidence, ...]
    sections: tuple[tuple[str, int], ...]
    change: ProposedChange | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The content of a bundle, without secrets and personal details.

    Attributes:
        handoff: The hand-off as Jen reads it, of which only the figures may leave.
        disguise: The placeholders for what is hidden.
        questions: The patterns to judge.
        evidence: All records, in the order of the logs.
        alone: The records that no other run has, if they were asked for.
        contract: The copy of the contract that leaves; None if there is no contract.
        diff: The diff against the copy.
        asked: What must be remembered to understand the answer.
    """

    handoff: Handoff = field(repr=False)
    disguise: Disguise
    questions: tuple[AuditQuestion, ...]
    evidence: tuple[Evidence, ...]
    alone: tuple[Evidence, ...]
    contract: Document | None
    diff: str = field(repr=False)
    asked: Asked = field(repr=False)


def case_of(handoff: Handoff, *, singletons: bool) -> Case:
    """Return the content of a bundle for a hand-off.

    Args:
        handoff: The hand-off as Jen reads it.
        singletons: Whether to include what only one run met, which may identify a person.
    """
    alone = handoff.extraction.alone if singletons else ()
    disguise = disguise_of(_texts(handoff, alone), document=_text(handoff.contract))
    evidence = evidence_of(_in_log_order(handoff, alone), disguise)
    contract = _copy(handoff.contract, disguise)
    places, diff = _placed(handoff, contract, disguise)
    return Case(
        handoff=handoff,
        disguise=disguise,
        questions=tuple(_questions(handoff, evidence, places, disguise)),
        evidence=evidence,
        alone=tuple(each for each in evidence if each.pattern is None),
        contract=contract,
        diff=diff,
        asked=_asked(handoff, alone),
    )


def _text(contract: Document | None) -> str:
    return "" if contract is None else "".join(contract.lines)


def _texts(handoff: Handoff, alone: tuple[Record, ...]) -> Iterator[str]:
    for _, record in _in_log_order(handoff, alone):
        yield from texts_of(record)
    yield from (log.path for log in handoff.extraction.window.logs)
    yield from sorted(entry.pattern.name for entry in handoff.entries)
    yield from (kept.promise.name for kept in handoff.checks)
    if handoff.contract is not None:
        yield handoff.contract.name


def _in_log_order(handoff: Handoff, alone: tuple[Record, ...]) -> list[tuple[PatternId | None, Record]]:
    """Return the records in the order of the logs."""
    order = _order(handoff)
    shared = [(entry.pattern.id, record) for entry in handoff.entries for record in entry.pattern.members]
    single: list[tuple[PatternId | None, Record]] = [(None, record) for record in alone]
    return sorted([*shared, *single], key=lambda each: (*order(each[1]), each[0] or ""))


def _order(handoff: Handoff) -> Callable[[Record], tuple[int, int, str, str]]:
    places = {log.path: place for place, log in enumerate(handoff.extraction.window.logs)}
    return lambda record: (places[record.path], record.line, record.kind, record.text)


def _copy(contract: Document | None, disguise: Disguise) -> Document | None:
    if contract is None:
        return None
    copy = read_contract(CONTRACT, disguise.hide_lines(_text(contract)).encode())
    assert not isinstance(copy, Unreadable)  # noqa: S101 - made from text without NUL
    return copy


def _placed(
    handoff: Handoff, contract: Document | None, disguise: Disguise
) -> tuple[Mapping[PatternId, ChangePlace], str]:
    """Make the diff anew against the copy of the contract, so that it applies to what the auditor has."""
    entries = [
        entry for entry in handoff.entries if entry.suggestion and isinstance(entry.suggestion.where, InDiff)
    ]
    proposals = {
        entry.pattern.id: replace(
            entry.suggestion.proposal, sentence=disguise.hide(entry.suggestion.proposal.sentence)
        )
        for entry in entries
        if entry.suggestion
    }
    return place([entry.pattern for entry in entries], proposals, contract)


def _questions(
    handoff: Handoff,
    evidence: tuple[Evidence, ...],
    places: Mapping[PatternId, ChangePlace],
    disguise: Disguise,
) -> Iterator[AuditQuestion]:
    order = _order(handoff)
    shared = (each for each in evidence if each.pattern is not None)
    given = dict(zip(_in_log_order(handoff, ()), shared, strict=True))
    for entry in handoff.entries:
        pattern = entry.pattern
        in_time = sorted(pattern.members, key=order)
        yield AuditQuestion(
            pattern=pattern,
            name=disguise.hide(pattern.name),
            evidence=tuple(
                given[pattern.id, record]
                for record in dict.fromkeys((pattern.centre, in_time[-1], in_time[0], *in_time))
            ),
            sections=tuple((disguise.hide(name), runs) for name, runs in pattern.sections),
            change=None
            if entry.suggestion is None
            else _change(entry.suggestion, places.get(pattern.id), disguise),
        )


def _change(suggestion: Suggestion, where: ChangePlace | None, disguise: Disguise) -> ProposedChange:
    suggestion = replace(suggestion, where=where or suggestion.where)
    return ProposedChange(
        sentence=disguise.hide(suggestion.proposal.sentence),
        place=disguise.hide(place_sentence(suggestion)),
        origin=tuple(disguise.hide(each) for each in origin(suggestion)),
        expected=str(suggestion.expected),
        in_diff=isinstance(suggestion.where, InDiff),
        is_ours=suggestion.proposal.source is None,
    )


def _asked(handoff: Handoff, alone: tuple[Record, ...]) -> Asked:
    last = handoff.extraction.window.last
    return Asked(
        MappingProxyType(
            {
                entry.pattern.id: tuple(sorted(set(map(record_key_of, entry.pattern.members))))
                for entry in handoff.entries
            }
        ),
        tuple(sorted(set(map(record_key_of, alone)))),
        "" if last is None else last.date().isoformat(),
    )
