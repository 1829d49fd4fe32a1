"""What a hand-off asks of Jen: how much there is to decide, and what can wait."""

from collections.abc import Callable, Iterator

from sync.patterns.handoff.handoff import Handoff, HandoffEntry, Suggestion
from sync.patterns.handoff.placing import InContract
from sync.patterns.handoff.shown import counted
from sync.patterns.handoff.telling import day


def summary(handoff: Handoff) -> Iterator[str]:
    """Yield what was read and what there is to decide."""
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


def decided(handoff: Handoff) -> list[HandoffEntry]:
    """Return what Jen is asked to decide, the weightiest first."""
    return [each for each in handoff.entries if each.suggestion is not None or each.wanting is not None]


def undecided(handoff: Handoff) -> list[HandoffEntry]:
    """Return what there is nothing to decide about; what only waits for its turn is not among it."""
    asked = {each.pattern.id for each in decided(handoff)}
    return [each for each in handoff.entries if each.pattern.id not in asked | {*handoff.waiting}]


def waiting(handoff: Handoff, *, asked: int) -> Iterator[str]:
    """Yield what is worth a decision and was not asked for; nothing where all was."""
    if more := len(handoff.waiting):
        are, they = ("thing is", "it") if more == 1 else ("things are", "them")
        yield (
            f"{more} more {are} worth a decision, and can wait. To see {they}, too, run "
            f"ai-traces patterns again with --top {asked + more}."
        )


def answers(entry: HandoffEntry, *, as_code: Callable[[str], str]) -> Iterator[str]:
    """Yield what Jen can answer, line by line, with the command that says it.

    Args:
        entry: What she is asked to decide.
        as_code: Marks a command as one.
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
    """Tell whether the contract says already what is suggested: then there is nothing to say yes to."""
    return isinstance(suggestion.where, InContract)


def _read(handoff: Handoff) -> str:
    window = handoff.extraction.window
    days = dict.fromkeys(day(moment) for moment in (window.first, window.last) if moment is not None)
    span = f", {' to '.join(days)}" if days else ""
    return f"I read the last {f'{window.runs} runs together' if window.runs > 1 else 'run'}{span}."


def _asked(handoff: Handoff) -> str:
    kept = sum(each.suggestion is not None and is_in_contract(each.suggestion) for each in handoff.entries)
    proposed = sum(each.suggestion is not None for each in handoff.entries) - kept
    wanting = sum(each.wanting is not None for each in handoff.entries)
    asked = [
        f"{counted(proposed, 'change')} of the contract for you to say yes or no to" if proposed else "",
        f"{counted(wanting, 'rule')} that only you can word" if wanting else "",
        f"{counted(kept, 'rule')} of the contract that {'was' if kept == 1 else 'were'} not kept"
        if kept
        else "",
    ]
    nothing = "nothing is asked of you now" if handoff.waiting else "nothing for you to decide"
    *most, last = list(filter(None, asked)) or [nothing]
    return f"{', '.join(most)} and {last}" if most else last
