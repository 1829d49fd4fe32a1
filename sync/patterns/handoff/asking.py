"""The summary of a hand-off, and what it asks of Jen."""

from collections.abc import Callable, Iterator

from sync.amounts import counted
from sync.patterns.handoff.handoff import Handoff, HandoffEntry, Suggestion
from sync.patterns.handoff.placing import InContract
from sync.patterns.handoff.telling import day


def summary(handoff: Handoff) -> Iterator[str]:
    """Yield sentences on what was read and what there is to decide."""
    window, extraction = handoff.extraction.window, handoff.extraction
    if not window.logs:
        yield "There is nothing to read yet. This fills itself as Claude works."
        return
    read = _read(handoff)
    if not handoff.entries:
        yield f"{read} Nothing came up in more than one run. There is nothing for you to decide."
        return
    found = counted(len(handoff.entries), "thing")
    yield f"{read} {found} came up in more than one run; {_asked(handoff)}."
    if extraction.tentative:
        yield (
            f"With only {counted(extraction.records, 'note')} of trouble so far, the groups below are "
            "tentative: more logs may draw them differently."
        )


def to_decide(handoff: Handoff) -> list[HandoffEntry]:
    """Return the entries that Jen is asked to decide, by rank."""
    return [each for each in handoff.entries if each.suggestion is not None or each.missing_rule is not None]


def nothing_to_decide(handoff: Handoff) -> list[HandoffEntry]:
    """Return the entries without anything to decide, now or later, by rank."""
    asked = {each.pattern.id for each in to_decide(handoff)}
    return [each for each in handoff.entries if each.pattern.id not in asked | {*handoff.waiting}]


def waiting(handoff: Handoff, *, asked: int) -> Iterator[str]:
    """Yield a sentence on the decisions that were not asked for yet, if there are any."""
    if more := len(handoff.waiting):
        are, they = ("thing is", "it") if more == 1 else ("things are", "them")
        yield (
            f"{more} more {are} worth a decision, and can wait. To see {they}, too, run "
            f"ai-traces patterns again with --top {asked + more}."
        )


def answers(entry: HandoffEntry, *, as_code: Callable[[str], str]) -> Iterator[str]:
    """Yield Jen's possible answers to an entry with their commands, one a line.

    Args:
        entry: The entry.
        as_code: Formats a command.
    """
    accept, reject = (
        as_code(f"ai-traces pattern {verb} {entry.pattern.id}") for verb in ("accept", "reject")
    )
    match entry.suggestion:
        case None:
            yield f"No rule for it: {reject}"
        case suggestion if is_in_contract(suggestion):
            yield f"Nothing to change. To hear no more of it: {reject}"
        case Suggestion(agreed=True):
            yield "You said yes; it is not in the contract yet."
            yield f"Where it is, in other words: write ({entry.pattern.id}) behind them."
            yield f"No after all: {reject}"
        case Suggestion():
            yield f"Yes: {accept} · No: {reject}"


def is_in_contract(suggestion: Suggestion) -> bool:
    """Return whether the contract has the suggested rule already, so that there is nothing to accept."""
    return isinstance(suggestion.where, InContract)


def _read(handoff: Handoff) -> str:
    window = handoff.extraction.window
    days = dict.fromkeys(day(moment) for moment in (window.first, window.last) if moment is not None)
    span = f", {' to '.join(days)}" if days else ""
    return f"I read the last {f'{window.runs} runs together' if window.runs > 1 else 'run'}{span}."


def _asked(handoff: Handoff) -> str:
    kept = sum(each.suggestion is not None and is_in_contract(each.suggestion) for each in handoff.entries)
    proposed = sum(each.suggestion is not None for each in handoff.entries) - kept
    missing = sum(each.missing_rule is not None for each in handoff.entries)
    asked = [
        f"{counted(proposed, 'change')} of the contract for you to say yes or no to" if proposed else "",
        f"{counted(missing, 'rule')} that only you can word" if missing else "",
        f"{counted(kept, 'rule')} of the contract that {'was' if kept == 1 else 'were'} not kept"
        if kept
        else "",
    ]
    nothing = "nothing is asked of you now" if handoff.waiting else "nothing for you to decide"
    *most, last = list(filter(None, asked)) or [nothing]
    return f"{', '.join(most)} and {last}" if most else last
