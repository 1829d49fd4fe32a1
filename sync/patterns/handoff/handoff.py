"""Make a hand-off: patterns, changes of the contract for the worst of them, and checks of earlier changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sync.contract.document import Document
from sync.patterns.handoff.choosing import chosen
from sync.patterns.handoff.due import due_of, has_said, is_agreed
from sync.patterns.handoff.extraction import Extraction
from sync.patterns.handoff.missing_rule import MissingRule, missing_rules
from sync.patterns.handoff.pattern import Pattern
from sync.patterns.handoff.placing import ChangePlace, InDiff, place
from sync.patterns.handoff.promises import CheckedPromise, checked_promises, is_same, still_open
from sync.patterns.handoff.proposal import Proposal
from sync.patterns.handoff.worded import Worded
from sync.patterns.names import PatternId
from sync.patterns.remembering.expectation import Expectation
from sync.patterns.remembering.identity import Merged, Split
from sync.patterns.remembering.memory import Answer
from sync.patterns.remembering.opinion import Opinion
from sync.patterns.remembering.registry import GivenHandoff, Promise, Registry


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed change for one pattern.

    Attributes:
        proposal: The proposed rule.
        where: Its place in the contract.
        expected: The expected effect.
        agreed: Whether Jen has accepted it and the contract does not have it yet.
        worded_expectation: The expectation in a model's words; empty if there are none.
        is_reworded: Whether the rule is in a model's words.
    """

    proposal: Proposal
    where: ChangePlace
    expected: Expectation
    agreed: bool
    worded_expectation: str = ""
    is_reworded: bool = False

    @property
    def expectation(self) -> str:
        """The expectation, as a sentence without a full stop."""
        return self.worded_expectation or str(self.expected)

    @property
    def expectation_in_plain_words(self) -> str:
        """The expectation for a person, with "none" for "at most 0"."""
        return self.worded_expectation or self.expected.in_plain_words


@dataclass(frozen=True, slots=True)
class HandoffEntry:
    """A pattern with the change for it, or what is known of a rule that Jen is to word, and opinions."""

    pattern: Pattern
    suggestion: Suggestion | None
    opinions: tuple[Opinion, ...] = ()
    missing_rule: MissingRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """The content of a hand-off, independent of its form.

    Attributes:
        extraction: The patterns in the logs.
        entries: The entries, by the rank of their patterns.
        checks: The checks of earlier changes.
        waiting: The patterns whose decision has to wait, by rank.
        changes: Sentences on patterns that were merged or split since the last time.
        contract: The contract that the diff is against; None if none was named.
        diff: The diff of all changes that have a place.
        given: What is remembered of this hand-off.
        worded: A model's part in its words; None if it has none.
    """

    extraction: Extraction
    entries: tuple[HandoffEntry, ...]
    checks: tuple[CheckedPromise, ...]
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
    """Make a hand-off.

    Args:
        extraction: The patterns in the logs.
        before: The registry that they were extracted with, whose last hand-off this one is compared with.
        again: The last hand-off if this one repeats it, and so its sentences on merges and splits; else None.
        contract: The contract to propose changes for; None if there is none.
        top: The largest number of decisions to ask for.
    """
    promises: Mapping[PatternId, Promise] = {} if before.last is None else before.last.promises
    asked = chosen(due_of(extraction, contract), top=top)
    proposed = [each for each in extraction.patterns if each.id in asked.proposals]
    places, diff = place(proposed, asked.proposals, contract)
    unworded = [each for each in extraction.patterns if each.id in asked.missing_rules]
    missing = missing_rules(unworded, contract, of=extraction.window.runs)
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
            missing.get(each.id),
        )
        for each in extraction.patterns
    )
    checks = checked_promises(promises, extraction, contract)
    changes = (*(() if again is None else again.changes), *map(_told, extraction.changes))
    return Handoff(
        extraction=extraction,
        entries=entries,
        checks=checks,
        waiting=asked.waiting,
        changes=tuple(dict.fromkeys(changes)),
        contract=contract,
        diff=diff,
        given=_given(extraction, entries, still_open(promises, again, checks), changes, contract),
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
        if (asked := each.suggestion or each.missing_rule) is not None and contract is not None
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
