"""Texts as they may leave the company: no secrets, no persons, nothing that nobody sees."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from sync.auditor.personal import PersonalDetail, PersonalDetailKind, find, with_placeholders
from sync.patterns.handoff.shown import seen, without_unseen
from sync.redaction.redact import redact

_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Marks that change the look of the sign before them; they can carry a text that nobody sees."""

_BLANK: Final = re.compile(r"[^\S ]")


@dataclass(frozen=True, slots=True)
class Disguise:
    """Placeholders that stand for the same thing wherever it stands: `<EMAIL_1>`.

    Attributes:
        numbers: Of each thing that was met.
        hidden: The texts in which they were met, as they may leave.
    """

    numbers: Mapping[tuple[PersonalDetailKind, str], int] = field(repr=False)
    hidden: Mapping[str, str] = field(repr=False)

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many different things of each kind there are."""
        return dict(sorted(Counter(str(kind) for kind, _ in self.numbers).items()))

    def hide(self, text: str) -> str:
        """Return a text on one line as it may leave."""
        known = self.hidden.get(text)
        return self._replaced(bare(text)) if known is None else known

    def hide_lines(self, text: str) -> str:
        """Return a text as it may leave, each line where it was."""
        return self._replaced(_bare_lines(text))

    def _replaced(self, text: str) -> str:
        return with_placeholders(text, lambda detail: _placeholder(detail, self.numbers))


def disguise_of(lines: Iterable[str], *, document: str) -> Disguise:
    """Number everything that is to be hidden, in the order in which it is met: first in the document."""
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
    """Tell whether nothing is left in a text that has to be hidden."""
    return not redact(text).counts and next(find(text), None) is None


def _placeholder(detail: PersonalDetail, numbers: Mapping[tuple[PersonalDetailKind, str], int]) -> str:
    number = numbers.get((detail.kind, detail.same))
    return f"<{detail.kind}>" if number is None else f"<{detail.kind}_{number}>"


def bare(text: str) -> str:
    """Return a text on one line without secrets and without what nobody sees."""
    # What is not seen goes first: it could keep the parts of a secret from being known as one.
    return redact(_SELECTORS.sub("", seen(text))).text


def impersonal(text: str) -> str:
    """Return a text as `bare` does, and without what leads to a person: `<EMAIL>` stands there."""
    return with_placeholders(bare(text), lambda detail: f"<{detail.kind}>")


def _bare_lines(text: str) -> str:
    lines = (without_unseen(_BLANK.sub(" ", line.removesuffix("\r"))) for line in text.split("\n"))
    return redact(_SELECTORS.sub("", "\n".join(lines))).text
