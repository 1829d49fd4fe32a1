"""The rule that would keep a pattern from coming back: what its logs propose, else a careful one of ours."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from sync.patterns.handoff.pattern import Pattern
from sync.patterns.handoff.shown import seen, sentences, shortened
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

_PLAIN_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*[.,:;!?。、]?")
_FEWEST_WORDS: Final = 2
_END: Final = re.compile(r"[.!?。！？…:;]$")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule for the contract.

    Attributes:
        sentence: The rule.
        source: The record whose log proposes it; None when no log proposes any and the sentence is ours.
        others: What other logs propose instead.
    """

    sentence: str
    source: Record | None
    others: tuple[str, ...]


def propose(pattern: Pattern) -> Proposal | None:
    """Return the proposal that most logs of a pattern come nearest to, in its own words.

    When no log proposes anything, a careful rule of ours; None when the logs have no sentence to make one of.
    """
    fixes = {record: rule for record in pattern.members if (rule := _rule(record.proposed_fix))}
    if not fixes:
        careful = _careful(pattern)
        return None if careful is None else Proposal(careful, None, ())
    source = _middle(fixes)
    others = (rule for rule in fixes.values() if _alike(rule, fixes[source]) < _OTHERWISE)
    return Proposal(fixes[source], source, tuple(dict.fromkeys(others))[:2])


def _rule(fix: str) -> str:
    """Return a proposed fix as one line of a list: whole sentences, no markup that would begin a block."""
    rule = ""
    for sentence in sentences(_MARKUP.sub("", seen(_HIDING.sub(" ", fix)))):
        if _MASK.search(sentence):
            continue
        if rule and len(rule) + len(sentence) >= _LONGEST:
            break
        rule = f"{rule} {sentence}".strip()
    return rule if not rule or _END.search(rule) else f"{rule}."


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
    """Return a rule that quotes the most typical log whose words can stand in one; half of them have to."""
    told = [next(iter(sentences(record.text)), "") for record in (pattern.centre, *pattern.members)]
    sayable = [sentence for sentence in told if _is_sayable(sentence)]
    if 2 * len(sayable) < len(pattern.members):
        return None
    subject = shortened(sayable[0].rstrip(".!?…:。！？： "), _LONGEST_SUBJECT)
    if pattern.centre.kind is RecordKind.GAP:
        return f"Ask Jen before going on where the contract leaves this open: “{subject}”."
    return f"Check for this before starting; if it happens all the same, stop and tell Jen: “{subject}”."


def _is_sayable(sentence: str) -> bool:
    """Tell whether two thirds of a sentence are plain words, as they are in no command; nothing is masked."""
    words = sentence.split()
    plain = sum(_PLAIN_WORD.fullmatch(word) is not None for word in words)
    enough = plain >= _FEWEST_WORDS or (plain == len(words) == 1 and not sentence.isascii())
    return enough and 3 * plain >= 2 * len(words) and not _MASK.search(sentence)
