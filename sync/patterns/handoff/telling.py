"""The sentences of a hand-off, independent of their layout."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sync.amounts import counted
from sync.patterns.handoff.handoff import Handoff, HandoffEntry, Suggestion
from sync.patterns.handoff.pattern import Direction, Pattern
from sync.patterns.handoff.placing import InContract, InDiff, NoContract, NotPlaced
from sync.patterns.handoff.promises import CheckedPromise
from sync.patterns.handoff.shown import one_line, shortened
from sync.patterns.records.record import Record, path_in
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


def heading(pattern: Pattern) -> str:
    """Return the name of a pattern with its id."""
    return f"{one_line(pattern.name)} ({pattern.id})"


def in_passing(pattern: Pattern) -> str:
    """Return a line on a pattern with nothing to decide."""
    mixed = f" {_MIXED}" if pattern.mixed else ""
    return f"{heading(pattern)}: {counted(pattern.runs, 'run')}.{mixed}"


def figures(pattern: Pattern) -> str:
    """Return the figures of a pattern, its trend and its rank."""
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
    """Return the most typical, the newest and the oldest record, each from another log."""
    in_time = sorted(pattern.members, key=lambda record: (str(as_moment(record.moment) or ""), record.path))
    chosen: dict[str, Record] = {}
    for record in (pattern.centre, in_time[-1], in_time[0], *in_time):
        chosen.setdefault(record.path, record)
    return list(chosen.values())[:_QUOTES]


def said_alike(records: Sequence[Record]) -> list[tuple[Record, ...]]:
    """Group records with the same quote, which is shown once with all their places."""
    alike: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        alike[quote(record)].append(record)
    return [tuple(each) for each in alike.values()]


def quote(record: Record) -> str:
    """Return the quote of a record."""
    return f"“{shortened(one_line(record.text), _LONGEST_QUOTE)}”"


def where(record: Record) -> str:
    """Return the path and line of a record."""
    return f"{one_line(redact(record.path).text)}:{record.line}"


def when(record: Record) -> str:
    """Return the day of a record in brackets after a space; empty if it has none."""
    moment = as_moment(record.moment)
    return f" ({day(moment)})" if moment else ""


def place_sentence(suggestion: Suggestion) -> str:
    """Return a sentence on the place of a change, which ends in a colon and introduces it."""
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
    """Yield sentences on the source of a change, and on different proposals of other logs."""
    proposal = suggestion.proposal
    if proposal.source is None:
        yield "(No log proposes a rule; this is a careful one to start from, and yours would be better.)"
    else:
        words = " in other words" if suggestion.is_reworded else ""
        yield f"(Proposed{words} in {where(proposal.source)}{when(proposal.source)}.)"
    yield from (f"Another log proposes: “{other}”" for other in proposal.others)


def rule_request(entry: HandoffEntry) -> Iterator[str]:
    """Yield the request for a rule that only Jen can word, if there is one."""
    if entry.missing_rule is None:
        return
    near = " or ".join(f"“{title}”" for title in entry.missing_rule.related)
    yield (
        "No log says what would help. What should Claude do about this? If you know, write it into "
        f"{near or 'the contract'} as a line that ends with ({entry.pattern.id}): from then on each "
        "hand-off counts whether it helps."
    )
    yield f"Expected of a good rule: {entry.missing_rule.expected.in_plain_words}."


def expected(suggestion: Suggestion) -> str:
    """Return a sentence on the expected effect of a change."""
    return f"Expected: {suggestion.expectation_in_plain_words}."


def audited(entry: HandoffEntry) -> Iterator[str]:
    """Yield an auditor's opinions on a pattern, which decide nothing."""
    for opinion in entry.opinions:
        until = f", on the logs up to {opinion.until}" if opinion.until else ""
        note = f" “{shortened(one_line(opinion.note), _LONGEST_NOTE)}”" if opinion.note else ""
        paths = dict.fromkeys(one_line(redact(path_in(key)).text) for key in opinion.evidence)
        see = f" (See {', '.join(list(paths)[:_QUOTES])}.)" if paths else ""
        yield f"Auditor{until}: {opinion.mark}{note}{see}"


def checked(kept: CheckedPromise) -> Iterator[str]:
    """Yield the heading, figures and verdict of the check of a change."""
    check, promise = kept.check, kept.promise
    since = f"after {promise.since[:10]}" if promise.since else "since"
    yield f"After the contract changed: {one_line(promise.name)} ({kept.pattern})"
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
    """Yield sentences on a model's part in the words of a hand-off, if it had one."""
    worded = handoff.worded
    if worded is None:
        return
    sentences = counted(len(worded.changed), "sentence")
    yield (
        f"The model {one_line(worded.model)} has worded {sentences} of this, checked against the logs. "
        "Patterns, figures and places in the contract were found without it. "
        f"Asked: SHA-256 {worded.prompt[:12]}…; answered: SHA-256 {worded.response[:12]}…."
    )
    if worded.unchanged:
        kept = "; ".join(f"{each.pattern} {each.part}, as {one_line(each.why)}" for each in worded.unchanged)
        yield f"Not taken from the model: {kept}."


def day(moment: datetime) -> str:
    """Return the day of a moment, as in 2026-01-10."""
    return moment.date().isoformat()
