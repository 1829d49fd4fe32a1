"""Name patterns that no person has named."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from sync.patterns.grouping.group import Group
from sync.patterns.grouping.sentences import sentences
from sync.patterns.grouping.words import stem, stems

_LONGEST: Final = 90
_TERMS: Final = 3
_SURFACE = re.compile(r"[^\W\d_][\w'-]*\w")


def name_of(group: Group) -> str:
    """Return the first sentence of the group's centre, shortened between words."""
    sentence = next((part for part in sentences(group.centre.text) if part.strip()), group.centre.text)
    sentence = sentence.strip().rstrip(".。") or sentence.strip()
    if len(sentence) <= _LONGEST:
        return sentence
    return f"{sentence[:_LONGEST].rpartition(' ')[0] or sentence[:_LONGEST]}…"


def terms_of(groups: Sequence[Group]) -> tuple[tuple[str, ...], ...]:
    """Return for each group up to three words that distinguish it, in their most common form."""
    counts = [
        Counter(word for record in group.members for word in set(stems(record.essence))) for group in groups
    ]
    everywhere = Counter[str]()
    for count in counts:
        everywhere.update(count)
    mean = everywhere.total() / max(1, len(groups))
    return tuple(
        _written(group, _heaviest(count, everywhere, mean))
        for group, count in zip(groups, counts, strict=True)
    )


def _heaviest(count: Counter[str], everywhere: Counter[str], mean: float) -> list[str]:
    weight = {word: often * math.log1p(mean / everywhere[word]) for word, often in count.items()}
    return sorted(weight, key=lambda word: (-round(weight[word], 6), word))[:_TERMS]


def _written(group: Group, words: Sequence[str]) -> tuple[str, ...]:
    """Return each stem in its most common form in the group."""
    forms: dict[str, Counter[str]] = {word: Counter() for word in words}
    for record in group.members:
        for form in _SURFACE.findall(record.essence.casefold()):
            stemmed = stem(form)
            if stemmed in forms:
                forms[stemmed][form] += 1
    return tuple(
        min(forms[word], key=lambda form: (-forms[word][form], form), default=word) for word in words
    )
