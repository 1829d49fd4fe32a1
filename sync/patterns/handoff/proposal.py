"""The rule that would keep a pattern from coming back: what its logs propose, else a careful one of ours."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from sync.patterns.handoff.pattern import Pattern
from sync.patterns.handoff.ruling import is_enough, is_rule
from sync.patterns.handoff.shown import seen, sentences, shortened
from sync.patterns.handoff.vagueness import is_vague
from sync.patterns.records.particulars import most_miss
from sync.patterns.records.record import Record, RecordKind

_LONGEST: Final = 280
_LONGEST_SUBJECT: Final = 160
_OTHERWISE: Final = 0.4
"""Two proposals that are less alike than this do not say the same."""

_COMPARED: Final = 40
_MARKUP: Final = re.compile(r"^(?:[-*+>#]+\s+|[0-9]{1,9}[.)]\s+|`{3,}|~{3,})+")
_HIDING: Final = re.compile(r"<!-+|--+>")
_MASK: Final = re.compile(
    r"[\[(<{]\s*redacted(?![a-z])[^\])>}]*[\])>}]|\*{3,}|<[A-Z]{2,}(?:_[A-Z0-9]+)+>", re.IGNORECASE
)
"""Where a secret was: a rule with a hole in it helps nobody."""

_POINTING_BACK: Final = re.compile(r"(?:it|this|that|these|those|they|also)\b", re.IGNORECASE)
"""Begins a sentence that says little without the one before it."""

_INNER_OPENING: Final = re.compile(r"[“„«]|(?<![^\s(\[‘])\"")
_INNER_CLOSING: Final = re.compile(r"[”»\"]")

_SEVERE: Final = 3.0
"""A mean severity from which on Claude is to stop; less asks nothing of Jen."""

_PLAIN_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*[.,:;!?。、]?")
_FEWEST_WORDS: Final = 2
_BREAK: Final = re.compile(r"[;:](?=\s)|\s[-–—]+(?=\s)|[；：]")
_END: Final = re.compile(r"[.!?。！？…:;]$")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule for the contract.

    Attributes:
        sentence: The rule.
        source: The record whose log proposes it; None when no log proposes any and the sentence is ours.
        others: What other logs propose instead.
        alike: What other logs propose in other words.
    """

    sentence: str
    source: Record | None
    others: tuple[str, ...]
    alike: tuple[str, ...] = ()


def propose(pattern: Pattern) -> Proposal | None:
    """Return the proposal that most logs of a pattern come nearest to, in its own words.

    When no log proposes anything, a careful rule of ours; None when the logs have no sentence to make one of.
    """
    fixes = {record: rule for record in pattern.members if (rule := _rule(record.proposed_fix))}
    if not fixes:
        careful = _careful(pattern)
        return None if careful is None else Proposal(careful, None, ())
    source = _middle(fixes)
    different = [rule for rule in dict.fromkeys(fixes.values()) if rule != fixes[source]]
    alike = [rule for rule in different if _alike(rule, fixes[source]) >= _OTHERWISE]
    others = [rule for rule in different if rule not in alike]
    return Proposal(fixes[source], source, tuple(others[:2]), tuple(alike))


def _rule(fix: str) -> str:
    """Return a proposed fix as one line of a list: whole sentences, no markup that would begin a block."""
    rule = ""
    said = sentences(_MARKUP.sub("", seen(_HIDING.sub(" ", fix))))
    for sentence in said:
        follows_nothing = not rule and sentence is not said[0] and _POINTING_BACK.match(sentence)
        if _MASK.search(sentence) or not is_rule(sentence) or follows_nothing:
            continue
        if rule and len(rule) + len(sentence) >= _LONGEST:
            break
        rule = f"{rule} {_part(sentence)}".strip()
    if not is_enough(rule):
        return ""
    return rule if _END.search(rule) else f"{rule}."


def _part(sentence: str) -> str:
    """Return a sentence; of one that is too long for a rule as much as makes sense by itself."""
    if len(sentence) <= _LONGEST:
        return sentence
    breaks = [found.start() for found in _BREAK.finditer(sentence, 0, _LONGEST)]
    return sentence[: breaks[-1]] if breaks else ""


def _middle(fixes: dict[Record, str]) -> Record:
    """Return the record whose proposal is most like all others; of equals the one of the newest log."""
    rules = sorted(set(fixes.values()))[:_COMPARED]
    count = {rule: sum(other == rule for other in fixes.values()) for rule in rules}
    nearness = {rule: sum(count[other] * _alike(rule, other) for other in rules) for rule in rules}
    best = max(rules, key=lambda rule: (round(nearness[rule], 6), rule))
    return max((record for record, rule in fixes.items() if rule == best), key=lambda record: record.path)


def _alike(one: str, other: str) -> float:
    """Compare two rules word by word."""
    if one == other:
        return 1.0
    return SequenceMatcher(None, _words(one), _words(other), autojunk=False).ratio()


def _words(rule: str) -> Sequence[str]:
    return re.findall(r"\w+", rule.casefold())


def _careful(pattern: Pattern) -> str | None:
    """Return a rule on what was not found, else one that quotes the most typical log.

    Half of the logs have to have words that can stand in a rule.
    """
    missing = most_miss(pattern.members)
    if missing is not None and not _MASK.search(missing):
        return f"Check that `{missing}` is there before using it; where it is not, log which way you took."
    told = [next(iter(sentences(record.text)), "") for record in (pattern.centre, *pattern.members)]
    sayable = [sentence for sentence in told if _is_sayable(sentence)]
    if 2 * len(sayable) < len(pattern.members):
        return None
    subject = _quotable(shortened(sayable[0].rstrip(".!…:。！： "), _LONGEST_SUBJECT))
    if 2 * sum(map(is_vague, sayable)) > len(sayable):
        return (
            f"Say in each log what went wrong, where, and why; this is too little to learn from: “{subject}”."
        )
    if pattern.centre.kind is RecordKind.GAP:
        return f"Ask Jen before going on where the contract leaves this open: “{subject}”."
    then = "stop and tell Jen" if pattern.score.severity >= _SEVERE else "log what helped"
    return f"Check for this each time; when it happens, {then}: “{subject}”."


def _quotable(text: str) -> str:
    """Return a text that can stand in quotes: those within it are single ones."""
    return _INNER_CLOSING.sub("’", _INNER_OPENING.sub("‘", text))


def _is_sayable(sentence: str) -> bool:
    """Tell whether two thirds of a sentence are plain words, as they are in no command; nothing is masked."""
    words = sentence.split()
    plain = sum(_PLAIN_WORD.fullmatch(word) is not None for word in words)
    enough = plain >= _FEWEST_WORDS or (plain == len(words) == 1 and not sentence.isascii())
    return enough and 3 * plain >= 2 * len(words) and not _MASK.search(sentence)
