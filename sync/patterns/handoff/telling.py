"""What a hand-off says, sentence by sentence; how it is laid out is another matter."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sync.patterns.handoff.handoff import Handoff, HandoffEntry, Suggestion
from sync.patterns.handoff.pattern import Direction, Pattern
from sync.patterns.handoff.placing import InContract, InDiff, NoContract, NotPlaced
from sync.patterns.handoff.promises import CheckedPromise
from sync.patterns.handoff.shown import counted, seen, shortened
from sync.patterns.records.record import Record
from sync.patterns.records.window import as_moment
from sync.patterns.remembering.expectation import ExpectationStanding
from sync.redaction.redact import redact

TAG: Final = "[HANDOFF TO JEN]"
STATE: Final = "MODE: patterns · STATE: DRAFT · ENV: dev · RISK: low (nothing is changed by this)"

NAME_A_CONTRACT: Final = (
    "No contract was named, so there is no diff. Name it once with AI_TRACES_CONTRACT=FILE in your settings, "
    "or now with --contract FILE."
)
_MIXED: Final = "Several troubles may be mixed here, so no change is proposed."

_QUOTES: Final = 3
_LONGEST_QUOTE: Final = 160
_LONGEST_NOTE: Final = 300


def headed(pattern: Pattern) -> str:
    """Return what a pattern is called, with its id."""
    return f"{seen(pattern.name)} ({pattern.id})"


def in_passing(pattern: Pattern) -> str:
    """Tell of a pattern about which there is nothing to decide."""
    mixed = f" {_MIXED}" if pattern.mixed else ""
    return f"{headed(pattern)}: {counted(pattern.runs, 'run')}.{mixed}"


def figures(pattern: Pattern) -> str:
    """Say how often, how bad and how lately, and why it stands where it stands."""
    span = f", {day(pattern.first)} to {day(pattern.last)}" if pattern.first and pattern.last else ""
    worst = f"; at worst {pattern.severity}" if pattern.severity else ""
    score = pattern.score
    parts = f"{score.runs} runs × severity {score.severity:.1f} × recency {score.recency:.2f}"
    return (
        f"{counted(pattern.runs, 'run')} ({pattern.rate:g} of 100){span}{worst}. {_trend(pattern)} "
        f"Rank {score.total:.1f} = {parts}."
    )


def _trend(pattern: Pattern) -> str:
    trend = pattern.trend
    before = f"last time {trend.before_runs} of {trend.before_of}"
    match trend.direction:
        case Direction.NEW:
            return "New in this hand-off."
        case Direction.RISING:
            return f"More often than before: {before}."
        case Direction.STEADY:
            return f"As often as before: {before}."
        case Direction.FALLING:
            return f"Less often than before: {before}."


def quoted(pattern: Pattern) -> list[Record]:
    """Return the most typical record, the newest and the oldest, each of another log."""
    in_time = sorted(pattern.members, key=lambda record: (str(as_moment(record.moment) or ""), record.path))
    chosen: dict[str, Record] = {}
    for record in (pattern.centre, in_time[-1], in_time[0], *in_time):
        chosen.setdefault(record.path, record)
    return list(chosen.values())[:_QUOTES]


def said_alike(records: Sequence[Record]) -> list[tuple[Record, ...]]:
    """Put records together that are quoted in the same words: these are told once, with all their places."""
    alike: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        alike[quote(record)].append(record)
    return [tuple(each) for each in alike.values()]


def quote(record: Record) -> str:
    """Return what a record says, as it is quoted."""
    return f"“{shortened(seen(record.text), _LONGEST_QUOTE)}”"


def where(record: Record) -> str:
    """Return path and line of a record."""
    return f"{seen(redact(record.path).text)}:{record.line}"


def when(record: Record) -> str:
    """Return the day of a record in brackets, with a space before it; empty when it has none."""
    moment = as_moment(record.moment)
    return f" ({day(moment)})" if moment else ""


def told_place(suggestion: Suggestion) -> str:
    """Say where in the contract a change goes; a colon at the end announces it."""
    match suggestion.where:
        case InDiff(section=section, instead_of=""):
            return f"Add to “{section}”:"
        case InDiff(section=section, instead_of=old):
            return f"In “{section}”, instead of “{shortened(old, _LONGEST_QUOTE)}”:"
        case InContract(section=section, line=line):
            return (
                f"The contract says this already, in “{section}” (line {line}); it needs keeping, not adding:"
            )
        case NotPlaced(why=why, related=related):
            near = " or ".join(f"“{title}”" for title in related)
            return f"Unplaced, as {why}." + (f" Nearest: {near}." if near else "") + " The change would be:"
        case NoContract():
            return "The change would be:"


def origin(suggestion: Suggestion) -> Iterator[str]:
    """Yield where a change comes from, and what other logs propose instead."""
    proposal = suggestion.proposal
    if proposal.source is None:
        yield "(No log proposes a rule; this is a careful one to start from, and yours would be better.)"
    else:
        words = " in other words" if suggestion.in_other_words else ""
        yield f"(Proposed{words} in {where(proposal.source)}{when(proposal.source)}.)"
    yield from (f"Another log proposes: “{other}”" for other in proposal.others)


def wanted(entry: HandoffEntry) -> Iterator[str]:
    """Yield what is asked where no rule is proposed; nothing where one is, or none is due."""
    if entry.wanting is None:
        return
    near = " or ".join(f"“{title}”" for title in entry.wanting.related)
    yield (
        "No log says what would help. What should Claude do about this? If you know, write it into "
        f"{near or 'the contract'} as a line that ends with ({entry.pattern.id}): from then on each "
        "hand-off counts whether it helps."
    )
    yield f"Expected of a good rule: {entry.wanting.expected.in_plain_words}."


def expected(suggestion: Suggestion) -> str:
    """Say what a change should do."""
    return f"Expected: {suggestion.expectation_in_plain_words}."


def audited(entry: HandoffEntry) -> Iterator[str]:
    """Yield what an auditor said of a pattern: it is for Jen to weigh, and decides nothing."""
    for opinion in entry.opinions:
        until = f", on the logs up to {opinion.until}" if opinion.until else ""
        note = f" “{shortened(seen(opinion.note), _LONGEST_NOTE)}”" if opinion.note else ""
        paths = dict.fromkeys(seen(redact(key.rpartition("#")[0]).text) for key in opinion.evidence)
        see = f" (See {', '.join(list(paths)[:_QUOTES])}.)" if paths else ""
        yield f"Auditor{until}: {opinion.mark}{note}{see}"


def checked(kept: CheckedPromise) -> Iterator[str]:
    """Yield what came of a change: which, the figures, and what that means."""
    check, promise = kept.check, kept.promise
    since = f"after {promise.since[:10]}" if promise.since else "since"
    yield f"After the contract changed: {seen(promise.name)} ({kept.pattern})"
    yield f"Before {check.expected.runs} of {check.expected.of} runs; {since} {check.runs} of {check.of}."
    yield _verdict(kept)


def _verdict(kept: CheckedPromise) -> str:
    check = kept.check
    if not kept.is_ours:
        return "The contract changed, but not as was proposed for this; so this only tells what happened."
    at_most = f"at most {check.expected.at_most}" if check.expected.at_most else "none"
    most = f"Expected: {at_most} of {check.expected.of}."
    chance = " It may still be chance." if check.may_be_chance else ""
    match check.standing:
        case ExpectationStanding.UNTRIED:
            return f"{most} No run since then, so nothing can be said yet."
        case ExpectationStanding.ON_COURSE:
            return f"{most} So far it holds.{chance}"
        case ExpectationStanding.KEPT:
            return f"{most} It held.{chance}"
        case ExpectationStanding.MISSED:
            return f"{most} It did not hold: this rule may need other words."


def wording(handoff: Handoff) -> Iterator[str]:
    """Yield what part a model had in the words of a hand-off; nothing when none had."""
    worded = handoff.worded
    if worded is None:
        return
    sentences = counted(len(worded.changed), "sentence")
    yield (
        f"The model {seen(worded.model)} has worded {sentences} of this, checked against the logs. Patterns, "
        "figures and places in the contract were found without it. "
        f"Asked: SHA-256 {worded.prompt[:12]}…; answered: SHA-256 {worded.response[:12]}…."
    )
    if worded.unchanged:
        kept = "; ".join(f"{each.pattern} {each.part}, as {seen(each.why)}" for each in worded.unchanged)
        yield f"Not taken from the model: {kept}."


def day(moment: datetime) -> str:
    """Return a day as it is written."""
    return moment.date().isoformat()
