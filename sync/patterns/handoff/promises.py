"""Check the expected effects of earlier changes to the contract."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sync.contract.amendment import says
from sync.contract.document import Document
from sync.patterns.handoff.due import has_said, is_agreed
from sync.patterns.handoff.extraction import Extraction
from sync.patterns.names import PatternId
from sync.patterns.records.record import path_in
from sync.patterns.records.window import moment_of
from sync.patterns.remembering.expectation import CheckedExpectation
from sync.patterns.remembering.memory import Answer, Memory
from sync.patterns.remembering.registry import GivenHandoff, Promise


@dataclass(frozen=True, slots=True)
class CheckedPromise:
    """The check of an expected effect after the contract changed.

    Attributes:
        pattern: The pattern.
        promise: The expected effect.
        check: The check.
        is_ours: Whether the proposed rule is in the contract or was accepted; else it changed otherwise.
    """

    pattern: PatternId
    promise: Promise
    check: CheckedExpectation
    is_ours: bool


def checked_promises(
    promises: Mapping[PatternId, Promise], extraction: Extraction, contract: Document | None
) -> tuple[CheckedPromise, ...]:
    """Check the promises from before the contract changed, except for accepted changes not made yet."""
    if contract is None:
        return ()
    return tuple(
        _checked(pattern, _renamed(promise, pattern, extraction), extraction, contract)
        for pattern, promise in sorted(promises.items())
        if not is_same(contract, promise) and not is_agreed(extraction.memory, pattern, contract)
    )


def _checked(
    pattern: PatternId, promise: Promise, extraction: Extraction, contract: Document
) -> CheckedPromise:
    """Check a promise by the runs since it was given."""
    later = _runs_since(promise, extraction)
    check = CheckedExpectation(
        promise.expected, len(_runs_with(pattern, extraction.memory) & later), len(later)
    )
    is_ours = has_said(extraction.memory, pattern, Answer.ACCEPTED) or says(contract, pattern)
    return CheckedPromise(pattern, promise, check, is_ours)


def _renamed(promise: Promise, pattern: PatternId, extraction: Extraction) -> Promise:
    """Return a promise with the pattern's name in this hand-off, or else Jen's name for it, if any."""
    told = next((each.name for each in extraction.patterns if each.id == pattern), None)
    return replace(promise, name=told or extraction.memory.of(pattern).name or promise.name)


def _runs_since(promise: Promise, extraction: Extraction) -> set[str]:
    since = datetime.fromisoformat(promise.since) if promise.since else None
    return {
        log.path
        for log in extraction.window.logs
        if since is None or ((moment := moment_of(log)) is not None and moment > since)
    }


def _runs_with(pattern: PatternId, memory: Memory) -> set[str]:
    """Return the paths of the logs with a pattern or one that was merged into it."""
    return {
        path_in(record)
        for part, known in memory.known.items()
        if memory.is_within(part, pattern)
        for record in known.records
    }


def still_open(
    promises: Mapping[PatternId, Promise], again: GivenHandoff | None, kept: Sequence[CheckedPromise]
) -> Mapping[PatternId, Promise]:
    """Return the promises without those checked over enough runs, plus those of a repeated hand-off."""
    done = {each.pattern for each in kept if each.check.of >= each.check.expected.of}
    still = {pattern: promise for pattern, promise in promises.items() if pattern not in done}
    return still if again is None else {**still, **again.promises}


def is_same(contract: Document | None, promise: Promise) -> bool:
    """Return whether the contract is unchanged since the promise was given."""
    return contract is not None and contract.sha256 == promise.contract
