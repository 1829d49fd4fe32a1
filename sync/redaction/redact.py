"""Take the secrets out of a text."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sync.redaction import commands, formats, headers, keyed, private_keys, urls
from sync.redaction.finding import Finding, Mask, count, settle
from sync.redaction.strength import OPAQUE
from sync.redaction.views import unescaped

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
        counts.update(count(findings, masks))
        text = _replaced(text, findings, masks)
    return Redacted(text, dict(sorted(counts.items())))


def _findings(text: str) -> Sequence[Finding]:
    """Return what is found in the text as written and in the text as meant; what is masked stays as it is."""
    opaque = _MARKER.sub(lambda marker: OPAQUE * len(marker[0]), text)
    found = list(_found(opaque))
    view = unescaped(opaque)
    if view is not None:
        found += [view.as_written(finding) for finding in _found(view.text)]
    if opaque != text:
        found = [each for each in found if not any(OPAQUE in opaque[slice(*span)] for span in each.spans)]
    return found


def _found(text: str) -> Iterator[Finding]:
    # Only İ has a lower case of another length, and places must stay what they are.
    lowered = text.replace("İ", "I").lower()
    for find in _RULES:
        yield from find(text, lowered)


def _replaced(text: str, findings: Sequence[Finding], masks: Sequence[Mask]) -> str:
    parts: list[str] = []
    done = 0
    for mask in masks:
        parts += (text[done : mask.start], f"[REDACTED:{findings[mask.owner].rule}]")
        done = mask.end
    return "".join([*parts, text[done:]])
