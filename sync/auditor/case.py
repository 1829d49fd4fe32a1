"""All that an auditor is to judge: the hand-off to Jen, as it may leave the company."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from sync.auditor.disguise import Disguise, disguise_of
from sync.auditor.evidence import Evidence, evidence_of, words_of
from sync.contract.document import Document, Unreadable, read_contract
from sync.patterns.handoff.handoff import Handoff, Suggestion
from sync.patterns.handoff.pattern import Pattern
from sync.patterns.handoff.placing import ChangePlace, InDiff, place
from sync.patterns.handoff.telling import origin, told_place
from sync.patterns.names import PatternId
from sync.patterns.records.record import Record, record_key_of
from sync.patterns.remembering.opinion import Asked

CONTRACT: Final = "contract.md"


@dataclass(frozen=True, slots=True)
class ProposedChange:
    """A change that is proposed, in words that may leave.

    Attributes:
        place: Where it goes, as a sentence.
        origin: Where it comes from, and what else is proposed, as sentences.
        is_ours: No log proposes it.
    """

    sentence: str
    place: str
    origin: tuple[str, ...]
    expected: str
    in_diff: bool
    is_ours: bool


@dataclass(frozen=True, slots=True)
class AuditQuestion:
    """A pattern with what belongs to it.

    Attributes:
        evidence: All its records, the most typical first, then the newest and the oldest.
    """

    pattern: Pattern = field(repr=False)
    name: str
    evidence: tuple[Evidence, ...]
    sections: tuple[tuple[str, int], ...]
    change: ProposedChange | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What leaves. Every text is without secrets and without what leads to a person.

    Attributes:
        handoff: As it is told to Jen: only its figures may leave.
        evidence: Every record, in the order of the logs.
        alone: Those that no other run shares; none unless they were asked for.
        contract: The copy that leaves; the diff is against it.
        asked: What to remember, so that the answer can be understood.
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
    """Make a hand-off fit for leaving.

    Args:
        handoff: As it is told to Jen.
        singletons: Add what only one run met; alone it may tell more of a person than of a trouble.
    """
    alone = handoff.extraction.alone if singletons else ()
    disguise = disguise_of(_words(handoff, alone), document=_text(handoff.contract))
    evidence = evidence_of(_settled(handoff, alone), disguise)
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


def _words(handoff: Handoff, alone: tuple[Record, ...]) -> Iterator[str]:
    for _, record in _settled(handoff, alone):
        yield from words_of(record)
    yield from (log.path for log in handoff.extraction.window.logs)
    yield from sorted(entry.pattern.name for entry in handoff.entries)
    yield from (kept.promise.name for kept in handoff.kept)
    if handoff.contract is not None:
        yield handoff.contract.name


def _settled(handoff: Handoff, alone: tuple[Record, ...]) -> list[tuple[PatternId | None, Record]]:
    """Return the records in the order of the logs, whatever the order of the files was."""
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
    assert not isinstance(copy, Unreadable)  # noqa: S101 - it was read from text, and has no NUL any more
    return copy


def _placed(
    handoff: Handoff, contract: Document | None, disguise: Disguise
) -> tuple[Mapping[PatternId, ChangePlace], str]:
    """Draw the diff anew against the copy, so that the auditor's applies to what he has."""
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
    given = dict(zip(_settled(handoff, ()), shared, strict=True))
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
        place=disguise.hide(told_place(suggestion)),
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
