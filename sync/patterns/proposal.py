"""The rule that would keep a pattern from coming back: what its logs propose, else a careful one of ours."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from sync.patterns.pattern import Pattern
from sync.patterns.record import Record, RecordKind
from sync.patterns.shown import seen, sentences, shortened

_LONGEST: Final = 280
_LONGEST_SUBJECT: Final = 160
_OTHERWISE: Final = 0.4
"""Two proposals that are less alike than this do not say the same."""

_COMPARED: Final = 40
_MARKUP: Final = re.compile(r"^(?:[-*+>#]+\s+|[0-9]{1,9}[.)]\s+|`{3,}|~{3,})+")
_HIDING: Final = re.compile(r"<!-+|--+>")
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


def propose(pattern: Pattern) -> Proposal:
    """Return the proposal that most logs of a pattern come nearest to, in its own words."""
    fixes = {record: rule for record in pattern.members if (rule := _rule(record.proposed_fix))}
    if not fixes:
        return Proposal(_careful(pattern), None, ())
    source = _middle(fixes)
    others = (rule for rule in fixes.values() if _alike(rule, fixes[source]) < _OTHERWISE)
    return Proposal(fixes[source], source, tuple(dict.fromkeys(others))[:2])


def _rule(fix: str) -> str:
    """Return a proposed fix as one line of a list: whole sentences, no markup that would begin a block."""
    rule = ""
    for sentence in sentences(_MARKUP.sub("", seen(_HIDING.sub(" ", fix)))):
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


def _careful(pattern: Pattern) -> str:
    subject = shortened(next(iter(sentences(pattern.centre.text)), pattern.name), _LONGEST_SUBJECT)
    subject = subject.rstrip(".!?…: ")
    if pattern.centre.kind is RecordKind.GAP:
        return f"Ask Jen before going on where the contract leaves this open: {subject}."
    return f"Check for this before starting, and stop and say so when it happens: {subject}."
