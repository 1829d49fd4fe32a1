"""A secret that was found, and what several findings say together."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
"""From the first character to after the last."""


@dataclass(frozen=True, slots=True)
class SecretFinding:
    """A secret that was found in a text.

    Attributes:
        rule: The id of the rule that knows it.
        spans: Where it stands; several when it is spread over lines. None of them holds a line end.
    """

    rule: str
    spans: tuple[Span, ...]

    def moved(self, by: int) -> "SecretFinding":
        """Return the finding so many characters further on."""
        if not by:
            return self
        return SecretFinding(self.rule, tuple((start + by, end + by) for start, end in self.spans))


@dataclass(frozen=True, slots=True)
class Mask:
    """A part of the text that is to be replaced.

    Attributes:
        owner: The place of its finding among all findings.
    """

    start: int
    end: int
    owner: int


def settle(findings: Sequence[SecretFinding]) -> Sequence[Mask]:
    """Join what overlaps, so that no part of a secret stays; the first of several findings owns it."""
    spans = sorted(
        (start, end, owner)
        for owner, finding in enumerate(findings)
        for start, end in finding.spans
        if start < end
    )
    masks: list[Mask] = []
    for start, end, owner in spans:
        last = masks[-1] if masks else None
        if last and start < last.end:
            masks[-1] = Mask(last.start, max(last.end, end), min(last.owner, owner))
        else:
            masks.append(Mask(start, end, owner))
    return masks


def count_secrets(findings: Sequence[SecretFinding], masks: Iterable[Mask]) -> Mapping[str, int]:
    """Count the secrets of each rule; one that several rules found counts once."""
    return Counter(findings[owner].rule for owner in {mask.owner for mask in masks})
