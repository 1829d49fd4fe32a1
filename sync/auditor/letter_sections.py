"""The letter's section on a pattern, its records and its change, and the one on records without a pattern."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sync.amounts import counted
from sync.auditor.case import AuditQuestion, ProposedChange
from sync.auditor.evidence import Evidence
from sync.patterns.handoff.as_text import fence
from sync.patterns.handoff.shown import shortened
from sync.patterns.records.window import as_moment

LONGEST_SENTENCE: Final = 600
_LONGEST_NAME: Final = 200
_SECTIONS: Final = 5


@dataclass(frozen=True, slots=True)
class DetailLevel:
    """The limits of a letter: patterns, records of each, letters of a record, bytes of contract or diff."""

    patterns: int
    records: int
    letters: int
    document: int


def section(question: AuditQuestion, detail: DetailLevel) -> Iterator[str]:
    """Yield the parts of the section on a pattern."""
    pattern, identity = question.pattern, question.pattern.id
    score = pattern.score
    yield f"## Pattern {identity}"
    yield (
        f"{identity}: {counted(pattern.runs, 'run')} ({pattern.rate:g} of 100), "
        f"{counted(len(pattern.members), 'record')}. Rank {score.total:.1f} = {score.runs} runs × severity "
        f"{score.severity:.1f} × recency {score.recency:.2f}."
        f"{' Tentative.' if pattern.tentative else ''}{' Mixed.' if pattern.mixed else ''}"
    )
    told = [f"{identity} is called: {shortened(question.name, _LONGEST_NAME)}"]
    for name, runs in question.sections[:_SECTIONS]:
        told.append(f"{identity} section named by {counted(runs, 'run')}: {shortened(name, _LONGEST_NAME)}")
    yield fenced(told)
    shown = question.evidence[: detail.records]
    rest = len(question.evidence) - len(shown)
    yield f"Records of {identity}{f' ({rest} more are in records.jsonl)' if rest else ''}:"
    yield fenced([line for each in shown for line in _record(each, detail)])
    if question.change is None:
        yield f"No change is proposed for {identity}."
    else:
        yield f"Change proposed for {identity}:"
        yield fenced([f"{identity} {line}" for line in _change(question.change)])


def _record(evidence: Evidence, detail: DetailLevel) -> Iterator[str]:
    record, moment = evidence.record, as_moment(evidence.record.moment)
    facts = [shortened(evidence.place, _LONGEST_NAME), str(record.kind)]
    facts += [str(each) for each in (record.severity, record.outcome, record.env) if each]
    facts += [str(moment.date())] if moment else []
    yield f"{evidence.id} at {', '.join(facts)}"
    yield f"{evidence.id} says: {shortened(record.text, detail.letters)}"
    if record.cause:
        yield f"{evidence.id} cause: {shortened(record.cause, detail.letters)}"


def _change(change: ProposedChange) -> Iterator[str]:
    yield f"place: {shortened(change.place, LONGEST_SENTENCE)}"
    yield f"rule: {shortened(change.sentence, LONGEST_SENTENCE)}"
    yield from (f"origin: {shortened(each, LONGEST_SENTENCE)}" for each in change.origin)
    yield f"expected: {change.expected}"


def alone_section(alone: Sequence[Evidence], detail: DetailLevel) -> Iterator[str]:
    """Yield the parts of the section on records that only one run has."""
    shown = alone[: detail.patterns]
    yield "## Met in one run only"
    rest = len(alone) - len(shown)
    yield f"These belong to no pattern{f'; {rest} more are in records.jsonl' if rest else ''}:"
    yield fenced([line for each in shown for line in _record(each, detail)])


def fenced(lines: Sequence[str]) -> str:
    """Return lines in a code fence that none of them closes."""
    text = "\n".join(lines)
    closed_by = fence(text)
    return f"{closed_by}data\n{text}\n{closed_by}"
