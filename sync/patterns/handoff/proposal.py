"""Propose a rule against a pattern: one from its logs, or else a careful one of our own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from sync.patterns.handoff.pattern import Pattern
from sync.patterns.handoff.ruling import is_enough, is_rule
from sync.patterns.handoff.shown import one_line, shortened, shown_sentences
from sync.patterns.handoff.vagueness import is_vague
from sync.patterns.records.particulars import most_miss
from sync.patterns.records.record import Record, RecordKind

_LONGEST: Final = 280
_LONGEST_SUBJECT: Final = 160
_OTHERWISE: Final = 0.4
"""The likeness below which two proposals differ in meaning."""

_COMPARED: Final = 40
_MARKUP: Final = re.compile(r"^(?:[-*+>#]+\s+|[0-9]{1,9}[.)]\s+|`{3,}|~{3,})+")
_HIDING: Final = re.compile(r"<!-+|--+>")
_MASK: Final = re.compile(
    r"[\[(<{]\s*redacted(?![a-z])[^\])>}]*[\])>}]|\*{3,}|<[A-Z]{2,}(?:_[A-Z0-9]+)+>", re.IGNORECASE
)
"""A redacted or masked part, with which a sentence cannot be a rule."""

_POINTING_BACK: Final = re.compile(r"(?:it|this|that|these|those|they|also)\b", re.IGNORECASE)
"""The beginning of a sentence that refers to the one before it."""

_INNER_OPENING: Final = re.compile(r"[“„«]|(?<![^\s(\[‘])\"")
_INNER_CLOSING: Final = re.compile(r"[”»\"]")

_SEVERE: Final = 3.0
"""The mean severity from which on our own rule tells Claude to stop."""

_PLAIN_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*[.,:;!?。、]?")
_FEWEST_WORDS: Final = 2
_BREAK: Final = re.compile(r"[;:](?=\s)|\s[-–—]+(?=\s)|[；：]")
_END: Final = re.compile(r"[.!?。！？…:;]$")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed rule for the contract.

    Attributes:
        sentence: The rule.
        source: The record whose log proposes it; None if it is our own.
        others: Different proposals of other logs.
        alike: Proposals of other logs with the same meaning.
    """

    sentence: str
    source: Record | None
    others: tuple[str, ...]
    alike: tuple[str, ...] = ()


def propose(pattern: Pattern) -> Proposal | None:
    """Return the most central of the proposals in a pattern's logs, in its own words.

    If there are none, return a careful rule of our own, or None if the logs have no sentence to make one of.
    """
    fixes = {record: rule for record in pattern.members if (rule := _rule(record.proposed_fix))}
    if not fixes:
        own = _own_rule(pattern)
        return None if own is None else Proposal(own, None, ())
    source = _most_central(fixes)
    different = [rule for rule in dict.fromkeys(fixes.values()) if rule != fixes[source]]
    alike = [rule for rule in different if _alike(rule, fixes[source]) >= _OTHERWISE]
    others = [rule for rule in different if rule not in alike]
    return Proposal(fixes[source], source, tuple(others[:2]), tuple(alike))


def _rule(fix: str) -> str:
    """Return a proposed fix as one line of whole sentences without block markup; empty if it is no rule."""
    rule = ""
    said = shown_sentences(_MARKUP.sub("", one_line(_HIDING.sub(" ", fix))))
    for sentence in said:
        follows_nothing = not rule and sentence is not said[0] and _POINTING_BACK.match(sentence)
        if _MASK.search(sentence) or not is_rule(sentence) or follows_nothing:
            continue
        if rule and len(rule) + len(sentence) >= _LONGEST:
            break
        rule = f"{rule} {_fitting_part(sentence)}".strip()
    if not is_enough(rule):
        return ""
    return rule if _END.search(rule) else f"{rule}."


def _fitting_part(sentence: str) -> str:
    """Return a sentence, shortened at the end of a clause if it is too long for a rule."""
    if len(sentence) <= _LONGEST:
        return sentence
    breaks = [found.start() for found in _BREAK.finditer(sentence, 0, _LONGEST)]
    return sentence[: breaks[-1]] if breaks else ""


def _most_central(fixes: dict[Record, str]) -> Record:
    """Return the record with the most central proposal, by the newest log that has it."""
    rules = sorted(set(fixes.values()))[:_COMPARED]
    count = {rule: sum(other == rule for other in fixes.values()) for rule in rules}
    nearness = {rule: sum(count[other] * _alike(rule, other) for other in rules) for rule in rules}
    best = max(rules, key=lambda rule: (round(nearness[rule], 6), rule))
    return max((record for record, rule in fixes.items() if rule == best), key=lambda record: record.path)


def _alike(one: str, other: str) -> float:
    """Return the likeness of two rules by their words."""
    if one == other:
        return 1.0
    return SequenceMatcher(None, _words(one), _words(other), autojunk=False).ratio()


def _words(rule: str) -> Sequence[str]:
    return re.findall(r"\w+", rule.casefold())


def _own_rule(pattern: Pattern) -> str | None:
    """Return a rule on what was not found, or else one that quotes the most typical log.

    For the latter at least half of the members must begin with a quotable sentence.
    """
    missing = most_miss(pattern.members)
    if missing is not None and not _MASK.search(missing):
        return f"Check that `{missing}` is there before using it; where it is not, log which way you took."
    told = [next(iter(shown_sentences(record.text)), "") for record in (pattern.centre, *pattern.members)]
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
    """Return a text with single quotation marks, to be put into double ones."""
    return _INNER_CLOSING.sub("’", _INNER_OPENING.sub("‘", text))


def _is_sayable(sentence: str) -> bool:
    """Return whether a sentence is quotable: mostly plain words, unlike a command, and nothing masked."""
    words = sentence.split()
    plain = sum(_PLAIN_WORD.fullmatch(word) is not None for word in words)
    enough = plain >= _FEWEST_WORDS or (plain == len(words) == 1 and not sentence.isascii())
    return enough and 3 * plain >= 2 * len(words) and not _MASK.search(sentence)
