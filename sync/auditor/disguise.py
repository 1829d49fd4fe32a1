"""Make texts fit to leave the company: without secrets, personal details and invisible characters."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from sync.auditor.personal import PersonalDetail, PersonalDetailKind, personal_details, with_placeholders
from sync.patterns.handoff.shown import one_line, without_invisible
from sync.redaction.redact import redact

_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Variation selectors, which can carry a hidden text."""

_BLANK: Final = re.compile(r"[^\S ]")


@dataclass(frozen=True, slots=True)
class Disguise:
    """Numbered placeholders such as `<EMAIL_1>`, the same for a detail wherever it occurs.

    Attributes:
        numbers: The number of each detail.
        hidden: The known texts with placeholders.
    """

    numbers: Mapping[tuple[PersonalDetailKind, str], int] = field(repr=False)
    hidden: Mapping[str, str] = field(repr=False)

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of different details of each kind."""
        return dict(sorted(Counter(str(kind) for kind, _ in self.numbers).items()))

    def hide(self, text: str) -> str:
        """Return a text as it may leave, on one line."""
        known = self.hidden.get(text)
        return self._replaced(bare(text)) if known is None else known

    def hide_lines(self, text: str) -> str:
        """Return a text as it may leave, with the same lines."""
        return self._replaced(_bare_lines(text))

    def _replaced(self, text: str) -> str:
        return with_placeholders(text, lambda detail: _placeholder(detail, self.numbers))


def disguise_of(lines: Iterable[str], *, document: str) -> Disguise:
    """Number all personal details in the order of their occurrence, those of the document first."""
    numbers: dict[tuple[PersonalDetailKind, str], int] = {}
    taken: Counter[PersonalDetailKind] = Counter()

    def numbered(detail: PersonalDetail) -> str:
        key = (detail.kind, detail.same)
        if key not in numbers:
            taken[detail.kind] += 1
            numbers[key] = taken[detail.kind]
        return _placeholder(detail, numbers)

    with_placeholders(_bare_lines(document), numbered)
    hidden = {text: with_placeholders(bare(text), numbered) for text in dict.fromkeys(lines)}
    return Disguise(MappingProxyType(numbers), MappingProxyType(hidden))


def is_fit(text: str) -> bool:
    """Return whether a text is without secrets and personal details."""
    return not redact(text).counts and next(personal_details(text), None) is None


def _placeholder(detail: PersonalDetail, numbers: Mapping[tuple[PersonalDetailKind, str], int]) -> str:
    number = numbers.get((detail.kind, detail.same))
    return f"<{detail.kind}>" if number is None else f"<{detail.kind}_{number}>"


def bare(text: str) -> str:
    """Return a text on one line, without secrets and invisible characters."""
    # Invisible characters are removed first: they could hide a secret from the redaction.
    return redact(_SELECTORS.sub("", one_line(text))).text


def impersonal(text: str) -> str:
    """Return a text as `bare` does, with placeholders without numbers for personal details."""
    return with_placeholders(bare(text), lambda detail: f"<{detail.kind}>")


def _bare_lines(text: str) -> str:
    lines = (without_invisible(_BLANK.sub(" ", line.removesuffix("\r"))) for line in text.split("\n"))
    return redact(_SELECTORS.sub("", "\n".join(lines))).text
