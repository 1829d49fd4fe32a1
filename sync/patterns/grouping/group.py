"""Records grouped by what went wrong: the same every time, in whatever order they come."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sync.contract.reference import read_reference
from sync.patterns.grouping.cutting import FEW, Partition, cut
from sync.patterns.grouping.likeness import Likeness, likeness
from sync.patterns.records.record import Record
from sync.patterns.version import VERSION

MOST: Final = 6_000
"""Different texts that are compared with one another; time and memory grow with their square."""

_UNCLEAR: Final = 0.08
"""Of labelled groups of less clearness three in five hold more than one trouble, of others one in five."""

_MANY: Final = 3

_NAMING: Final = 12
"""Words that a reference has at most which names a section; what is longer tells a story."""


@dataclass(frozen=True, slots=True)
class Group:
    """Records about one trouble, by path and line.

    Attributes:
        centre: The record that is most like all the others.
        mixed: More than one trouble may be in here.
    """

    members: tuple[Record, ...]
    centre: Record
    mixed: bool


@dataclass(frozen=True, slots=True)
class Grouping:
    """All records, each in one group; a record that is like no other is alone in its own.

    Attributes:
        distance: How far the members of the widest group are from one another on average, from 0 to 1.
        tentative: There are so few different texts that the next log may change the groups.
        uncompared: Records of older logs that were left alone because there are too many.
    """

    groups: tuple[Group, ...]
    distance: float
    tentative: bool
    uncompared: int
    version: int = VERSION


def group(records: Sequence[Record], *, before: Mapping[str, str] | None = None) -> Grouping:
    """Group records by the likeness of what they say.

    Args:
        records: In any order.
        before: The group of each essence the last time, for those that were grouped then. When all were, the
            groups stay as they are.
    """
    told: dict[str, list[Record]] = {}
    for record in sorted(records, key=_place):
        told.setdefault(record.essence, []).append(record)
    if not told:
        return Grouping((), 0.0, tentative=True, uncompared=0)
    newest = sorted(told, key=lambda text: (_newest(told[text]), text), reverse=True)
    compared, rest = sorted(newest[:MOST]), sorted(newest[MOST:])
    references = [_reference(told[text]) for text in compared]
    alike = likeness(compared, references)
    found = cut(alike, _numbered([(before or {}).get(text) for text in compared]))
    groups = [
        _group(
            [compared[index] for index in indices],
            told,
            alike[np.ix_(indices, indices)],
            found.clearness[indices],
        )
        for indices in _indices(found)
    ]
    groups += [_group([text], told, np.ones((1, 1), dtype=np.float32), np.zeros(1)) for text in rest]
    return Grouping(
        groups=tuple(sorted(groups, key=lambda each: _place(each.members[0]))),
        distance=round(found.distance, 4),
        tentative=len(compared) < FEW,
        uncompared=sum(len(told[text]) for text in rest),
    )


def _numbered(groups: Sequence[str | None]) -> NDArray[np.int64] | None:
    """Return a number for each group, -1 for none; None when nothing was grouped before."""
    numbers = {group: number for number, group in enumerate(sorted({each for each in groups if each}))}
    return np.array([numbers[group] if group else -1 for group in groups]) if numbers else None


def _indices(found: Partition) -> list[NDArray[np.int64]]:
    order = np.argsort(found.labels, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(found.labels[order])) + 1)


def _group(
    texts: Sequence[str],
    told: Mapping[str, Sequence[Record]],
    alike: Likeness,
    clearness: NDArray[np.float64],
) -> Group:
    weights = np.array([len(told[text]) for text in texts], dtype=np.float64)
    central = texts[int(np.argmax(np.round(alike @ weights, 4)))]
    members = sorted((record for text in texts for record in told[text]), key=_place)
    unclear = len(texts) >= _MANY and float(np.average(clearness, weights=weights)) < _UNCLEAR
    return Group(tuple(members), told[central][-1], mixed=unclear or _disagree(members))


def _disagree(members: Sequence[Record]) -> bool:
    """Tell whether the members name three sections of the contract or more, none of them most of the time."""
    named = Counter(key for record in members if (key := reference_key(record.reference)))
    return len(named) >= _MANY and max(named.values()) * 2 <= named.total()


@lru_cache(maxsize=4_096)
def reference_key(reference: str) -> str:
    """Return what is the same in two spellings of a reference to one section; empty when it names none."""
    read = read_reference(reference)
    is_story = len(read.whole) > _NAMING
    return "" if is_story else " ".join(read.unnumbered or read.numbers or read.whole)


def _reference(records: Sequence[Record]) -> str:
    """Return the reference that most of these records name; of several the first in the alphabet."""
    named = Counter(sorted(key for record in records if (key := reference_key(record.reference))))
    return named.most_common(1)[0][0] if named else ""


def _newest(records: Sequence[Record]) -> str:
    return max(record.path.rsplit("/", 1)[-1] for record in records)


def _place(record: Record) -> tuple[str, int, str, str]:
    return record.path, record.line, record.kind, record.text
