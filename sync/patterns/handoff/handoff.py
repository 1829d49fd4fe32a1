"""What Jen is told: the patterns, changes to the contract for the worst, and how to see that they helped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sync.contract.document import Document
from sync.patterns.handoff.choosing import chosen
from sync.patterns.handoff.due import due_of, has_said, is_agreed
from sync.patterns.handoff.extraction import Extraction
from sync.patterns.handoff.pattern import Pattern
from sync.patterns.handoff.placing import ChangePlace, InDiff, place
from sync.patterns.handoff.promises import CheckedPromise, checked_promises, is_same, still_open
from sync.patterns.handoff.proposal import Proposal
from sync.patterns.handoff.wanting import Wanting, wanting
from sync.patterns.handoff.worded import Worded
from sync.patterns.names import PatternId
from sync.patterns.remembering.expectation import Expectation
from sync.patterns.remembering.identity import Merged, Split
from sync.patterns.remembering.memory import Answer
from sync.patterns.remembering.opinion import Opinion
from sync.patterns.remembering.registry import GivenHandoff, Promise, Registry


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A change for one pattern.

    Attributes:
        agreed: Jen has said yes, and the contract does not have it yet.
        in_words: The expectation as a model has worded it; empty when none has.
        in_other_words: A model has worded the change.
    """

    proposal: Proposal
    where: ChangePlace
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
class HandoffEntry:
    """A pattern, the change for it or what is wanting for one, and what an auditor said of it."""

    pattern: Pattern
    suggestion: Suggestion | None
    opinions: tuple[Opinion, ...] = ()
    wanting: Wanting | None = None


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
    entries: tuple[HandoffEntry, ...]
    kept: tuple[CheckedPromise, ...]
    waiting: tuple[PatternId, ...]
    changes: tuple[str, ...]
    contract: Document | None
    diff: str = field(repr=False)
    given: GivenHandoff = field(repr=False)
    worded: Worded | None = None


def hand_off(
    extraction: Extraction,
    *,
    before: Registry,
    again: GivenHandoff | None,
    contract: Document | None,
    top: int,
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
    asked = chosen(due_of(extraction, contract), top=top)
    proposed = [each for each in extraction.patterns if each.id in asked.proposals]
    places, diff = place(proposed, asked.proposals, contract)
    unworded = [each for each in extraction.patterns if each.id in asked.wanting]
    wanted = wanting(unworded, contract, of=extraction.window.runs)
    entries = tuple(
        HandoffEntry(
            each,
            _suggested(
                each,
                asked.proposals.get(each.id),
                places.get(each.id),
                of=extraction.window.runs,
                agreed=is_agreed(extraction.memory, each.id, contract),
            ),
            before.opinions_on(each.id),
            wanted.get(each.id),
        )
        for each in extraction.patterns
    )
    kept = checked_promises(promises, extraction, contract)
    changes = (*(() if again is None else again.changes), *map(_told, extraction.changes))
    return Handoff(
        extraction=extraction,
        entries=entries,
        kept=kept,
        waiting=asked.waiting,
        changes=tuple(dict.fromkeys(changes)),
        contract=contract,
        diff=diff,
        given=_given(extraction, entries, still_open(promises, again, kept), changes, contract),
    )


def _suggested(
    pattern: Pattern, proposal: Proposal | None, where: ChangePlace | None, *, of: int, agreed: bool
) -> Suggestion | None:
    if proposal is None or where is None:
        return None
    return Suggestion(proposal, where, Expectation(pattern.runs, of), agreed)


def _told(change: Merged | Split) -> str:
    match change:
        case Merged(into=into, patterns=patterns):
            return f"{' and '.join(patterns)} now look like one and the same: {into}."
        case Split(pattern=pattern, into=into):
            return f"{pattern} now looks like several: {', '.join(into)}."


def _given(
    extraction: Extraction,
    entries: Sequence[HandoffEntry],
    promises: Mapping[PatternId, Promise],
    changes: Sequence[str],
    contract: Document | None,
) -> GivenHandoff:
    window = extraction.window
    since = "" if window.last is None else window.last.isoformat()
    new = {
        each.pattern.id: Promise(each.pattern.name, asked.expected, contract.sha256, since)
        for each in entries
        if (asked := each.suggestion or each.wanting) is not None and contract is not None
    }
    old = {
        pattern: replace(promise, since=since) if is_same(contract, promise) else promise
        for pattern, promise in promises.items()
        if not has_said(extraction.memory, pattern, Answer.REJECTED)
    }
    return GivenHandoff(
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
