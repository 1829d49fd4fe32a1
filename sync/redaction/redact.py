"""Take the secrets out of a text."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from sync.redaction import commands, formats, headers, keyed, private_keys, urls
from sync.redaction.finding import Mask, SecretFinding, count_secrets, settle
from sync.redaction.searched import Searched
from sync.redaction.strength import OPAQUE
from sync.redaction.views import unescaped
from sync.redaction.windows import windows

_MARKER = re.compile(r"\[REDACTED(?::[a-z0-9-]{1,60})?\]")

_RULES = (
    private_keys.find,
    formats.find,
    urls.find,
    headers.find,
    commands.find,
    keyed.find,
)
"""The surest first: of several rules that find the same, the first is named."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without secrets, and how many of each kind were in it."""

    text: str
    counts: Mapping[str, int]


def redact(text: str) -> Redacted:
    """Replace every secret by `[REDACTED:rule-id]` and leave everything else, and every line, where it is."""
    counts: Counter[str] = Counter()
    while findings := _findings(text):
        masks = settle(findings)
        counts.update(count_secrets(findings, masks))
        text = _replaced(text, findings, masks)
    return Redacted(text, dict(sorted(counts.items())))


def _findings(text: str) -> Sequence[SecretFinding]:
    """Return what is found in the text as written, then as meant; what the surest rule finds comes first."""
    by_rule: list[list[SecretFinding]] = [[] for _ in range(2 * len(_RULES))]
    for window in windows(text):
        for rule, finding in _found_within(window.text):
            moved = finding.moved(window.at)
            if moved.spans[0][0] in window.core:
                by_rule[rule].append(moved)
    return [finding for found in by_rule for finding in found]


def _found_within(text: str) -> Iterator[tuple[int, SecretFinding]]:
    """Yield what is found, each with the place of its rule; what is masked stays as it is."""
    opaque = _MARKER.sub(lambda marker: OPAQUE * len(marker[0]), text)
    view = unescaped(opaque)
    found = _found(opaque)
    if view is not None:
        meant = _found(view.text)
        found = chain(found, ((len(_RULES) + rule, view.as_written(each)) for rule, each in meant))
    for rule, finding in found:
        if opaque == text or not any(OPAQUE in opaque[slice(*span)] for span in finding.spans):
            yield rule, finding


def _found(text: str) -> Iterator[tuple[int, SecretFinding]]:
    searched = Searched(text)
    for rule, find in enumerate(_RULES):
        for finding in find(searched):
            yield rule, finding


def _replaced(text: str, findings: Sequence[SecretFinding], masks: Sequence[Mask]) -> str:
    parts: list[str] = []
    done = 0
    for mask in masks:
        parts += (text[done : mask.start], f"[REDACTED:{findings[mask.owner].rule}]")
        done = mask.end
    return "".join([*parts, text[done:]])
