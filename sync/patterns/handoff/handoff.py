"""What Jen is told: the patterns, changes to the contract for the worst, and how to see that they helped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sync.contract.amendment import says
from sync.contract.document import Document
from sync.patterns.handoff.choosing import chosen
from sync.patterns.handoff.extraction import Extraction
from sync.patterns.handoff.pattern import Pattern
from sync.patterns.handoff.placing import InDiff, Place, place, wanting
from sync.patterns.handoff.proposal import Proposal
from sync.patterns.handoff.wanting import Wanting
from sync.patterns.handoff.worded import Worded
from sync.patterns.names import PatternId
from sync.patterns.records.window import moment_of
from sync.patterns.remembering.expectation import Check, Expectation
from sync.patterns.remembering.identity import Merged, Split
from sync.patterns.remembering.memory import Answer, Memory
from sync.patterns.remembering.opinion import Opinion
from sync.patterns.remembering.registry import Given, Promise, Registry


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A change for one pattern.

    Attributes:
        agreed: Jen has said yes, and the contract does not have it yet.
        in_words: The expectation as a model has worded it; empty when none has.
        in_other_words: A model has worded the change.
    """

    proposal: Proposal
    where: Place
    expected: Expectation
    agreed: bool
    in_words: str = ""
    in_other_words: bool = False

    @property
    def expectation(self) -> str:
        """What is expected, as a sentence without its end."""
        return self.in_words or str(self.expected)

    @property
    def expectation_in_plain_words(self) -> str:
        """What is expected, as a person says it."""
        return self.in_words or self.expected.in_plain_words


@dataclass(frozen=True, slots=True)
class Entry:
    """A pattern, the change for it or what is wanting for one, and what an auditor said of it."""

    pattern: Pattern
    suggestion: Suggestion | None
    opinions: tuple[Opinion, ...] = ()
    wanting: Wanting | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of a change to the contract.

    Attributes:
        is_ours: The contract has what was proposed, or Jen has said yes to it; else it has changed otherwise.
    """

    pattern: PatternId
    promise: Promise
    check: Check
    is_ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """Everything that a hand-off says; how it is written is another matter.

    Attributes:
        entries: The weightiest pattern first.
        kept: What came of earlier changes.
        waiting: Patterns that are worth a decision, too, beyond as many as were asked for; by rank.
        changes: Patterns that were merged or split since the last time, as sentences.
        contract: What the diff is against; None when none was named.
        given: What the next hand-off compares with.
        worded: What part a model had in its words; None: none.
    """

    extraction: Extraction
    entries: tuple[Entry, ...]
    kept: tuple[Kept, ...]
    waiting: tuple[PatternId, ...]
    changes: tuple[str, ...]
    contract: Document | None
    diff: str = field(repr=False)
    given: Given = field(repr=False)
    worded: Worded | None = None


def hand_off(
    extraction: Extraction, *, before: Registry, again: Given | None, contract: Document | None, top: int
) -> Handoff:
    """Put a hand-off together.

    Args:
        extraction: What the logs say.
        before: The registry that it was made with; its last hand-off is what this one compares with.
        again: The same hand-off, when it was given before; what it said of merges and splits is said again.
        contract: What changes are proposed to; None for none.
        top: How many decisions Jen is asked for at most: changes, and rules that only she can word.
    """
    promises: Mapping[PatternId, Promise] = {} if before.last is None else before.last.promises
    due = [each for each in extraction.patterns if _is_due(each, extraction.memory, promises, contract)]
    due.sort(key=lambda each: not _has_agreed(extraction.memory, each.id))
    asked = chosen(due, top=top)
    proposed = [each for each in extraction.patterns if each.id in asked.proposals]
    places, diff = place(proposed, asked.proposals, contract)
    unworded = [each for each in extraction.patterns if each.id in asked.wanting]
    wanted = wanting(unworded, contract, of=extraction.window.runs)
    entries = tuple(
        Entry(
            each,
            _suggested(each, asked.proposals.get(each.id), places.get(each.id), extraction),
            before.opinions_on(each.id),
            wanted.get(each.id),
        )
        for each in extraction.patterns
    )
    kept = tuple(
        _kept(pattern, promise, extraction, contract)
        for pattern, promise in sorted(promises.items())
        if contract is not None and not _is_same(contract, promise)
    )
    changes = (*(() if again is None else again.changes), *map(_told, extraction.changes))
    return Handoff(
        extraction=extraction,
        entries=entries,
        kept=kept,
        waiting=asked.waiting,
        changes=tuple(dict.fromkeys(changes)),
        contract=contract,
        diff=diff,
        given=_given(extraction, entries, _still_open(promises, again, kept), changes, contract),
    )


def _still_open(
    promises: Mapping[PatternId, Promise], again: Given | None, kept: Sequence[Kept]
) -> Mapping[PatternId, Promise]:
    """Leave out what was checked in full; a change may have been made since the same hand-off was given."""
    done = {each.pattern for each in kept if each.check.of >= each.check.expected.of}
    still = {pattern: promise for pattern, promise in promises.items() if pattern not in done}
    return still if again is None else {**still, **again.promises}


def _has_agreed(memory: Memory, pattern: PatternId) -> bool:
    verdict = memory.of(pattern).verdict
    return verdict is not None and verdict.answer is Answer.ACCEPTED


def _has_refused(memory: Memory, pattern: PatternId) -> bool:
    verdict = memory.of(pattern).verdict
    return verdict is not None and verdict.answer is Answer.REJECTED


def _is_due(
    pattern: Pattern, memory: Memory, promises: Mapping[PatternId, Promise], contract: Document | None
) -> bool:
    """Tell whether a change is to be proposed: it is worth one, or Jen has agreed and it is not made yet."""
    if pattern.mixed:
        return False
    if contract is not None and says(contract, pattern.id):
        return pattern.worth_proposing and memory.of(pattern.id).verdict is not None
    promise = promises.get(pattern.id)
    unchanged = contract is None or promise is None or _is_same(contract, promise)
    return pattern.worth_proposing or (unchanged and _has_agreed(memory, pattern.id))


def _suggested(
    pattern: Pattern, proposal: Proposal | None, where: Place | None, extraction: Extraction
) -> Suggestion | None:
    if proposal is None or where is None:
        return None
    expected = Expectation(pattern.runs, extraction.window.runs)
    return Suggestion(proposal, where, expected, _has_agreed(extraction.memory, pattern.id))


def _kept(pattern: PatternId, promise: Promise, extraction: Extraction, contract: Document | None) -> Kept:
    since = datetime.fromisoformat(promise.since) if promise.since else None
    later = {
        log.path
        for log in extraction.window.logs
        if since is None or ((moment := moment_of(log)) is not None and moment > since)
    }
    memory = extraction.memory
    records = (
        key
        for part, known in memory.known.items()
        if memory.leads_to(part) == pattern
        for key in known.records
    )
    met = {key.rpartition("#")[0] for key in records} & later
    is_ours = _has_agreed(memory, pattern) or (contract is not None and says(contract, pattern))
    return Kept(pattern, promise, Check(promise.expected, len(met), len(later)), is_ours)


def _told(change: Merged | Split) -> str:
    match change:
        case Merged(into=into, patterns=patterns):
            return f"{' and '.join(patterns)} now look like one and the same: {into}."
        case Split(pattern=pattern, into=into):
            return f"{pattern} now looks like several: {', '.join(into)}."


def _given(
    extraction: Extraction,
    entries: Sequence[Entry],
    promises: Mapping[PatternId, Promise],
    changes: Sequence[str],
    contract: Document | None,
) -> Given:
    window = extraction.window
    since = "" if window.last is None else window.last.isoformat()
    new = {
        each.pattern.id: Promise(each.pattern.name, asked.expected, contract.sha256, since)
        for each in entries
        if (asked := each.suggestion or each.wanting) is not None and contract is not None
    }
    old = {
        pattern: replace(promise, since=since) if _is_same(contract, promise) else promise
        for pattern, promise in promises.items()
        if not _has_refused(extraction.memory, pattern)
    }
    return Given(
        newest=window.logs[-1].path if window.logs else "",
        told={each.pattern.id: (each.pattern.runs, window.runs) for each in entries},
        promises=old | new,
        changes=tuple(dict.fromkeys(changes)),
        in_diff=tuple(
            each.pattern.id
            for each in entries
            if each.suggestion is not None and isinstance(each.suggestion.where, InDiff)
        ),
    )


def _is_same(contract: Document | None, promise: Promise) -> bool:
    return contract is not None and contract.sha256 == promise.contract
