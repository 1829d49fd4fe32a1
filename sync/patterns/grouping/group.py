"""Group records by what went wrong, independently of their order."""

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
from sync.patterns.records.record import Record, by_place
from sync.patterns.version import VERSION

MOST: Final = 6_000
"""The largest number of distinct texts to compare, as time and memory grow with its square."""

_UNCLEAR: Final = 0.08
"""Of labelled groups with less clearness, three in five are mixed; of the others, one in five."""

_MANY: Final = 3

_NAMING: Final = 12
"""The most words of a reference that names a section; longer ones are prose."""


@dataclass(frozen=True, slots=True)
class Group:
    """Records about one trouble.

    Attributes:
        members: The records, by path and line.
        centre: The record that is most similar to the others.
        mixed: Whether it may contain more than one trouble.
    """

    members: tuple[Record, ...]
    centre: Record
    mixed: bool


@dataclass(frozen=True, slots=True)
class Grouping:
    """A grouping of all records; a record that is similar to no other is a group of its own.

    Attributes:
        groups: The groups, in the order of their first members.
        distance: The mean distance between the members of the widest group, from 0 to 1.
        tentative: Whether there are so few distinct texts that the next log may change the groups.
        uncompared: The number of records of older logs that were not compared, as there are too many.
        version: The version of the algorithm.
    """

    groups: tuple[Group, ...]
    distance: float
    tentative: bool
    uncompared: int
    version: int = VERSION


def group(records: Sequence[Record], *, before: Mapping[str, str] | None = None) -> Grouping:
    """Group records by the likeness of their essences.

    Args:
        records: The records, in any order.
        before: The earlier group of each essence, if it had one. If all had, these groups are kept.
    """
    told: dict[str, list[Record]] = {}
    for record in sorted(records, key=by_place):
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
        groups=tuple(sorted(groups, key=lambda each: by_place(each.members[0]))),
        distance=round(found.distance, 4),
        tentative=len(compared) < FEW,
        uncompared=sum(len(told[text]) for text in rest),
    )


def _numbered(groups: Sequence[str | None]) -> NDArray[np.int64] | None:
    """Return a number for each group, -1 for none; None if all are none."""
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
    members = sorted((record for text in texts for record in told[text]), key=by_place)
    unclear = len(texts) >= _MANY and float(np.average(clearness, weights=weights)) < _UNCLEAR
    return Group(tuple(members), told[central][-1], mixed=unclear or _disagree(members))


def _disagree(members: Sequence[Record]) -> bool:
    """Return whether members name three or more sections of the contract, none in more than half of them."""
    named = Counter(key for record in members if (key := reference_key(record.reference)))
    return len(named) >= _MANY and max(named.values()) * 2 <= named.total()


@lru_cache(maxsize=4_096)
def reference_key(reference: str) -> str:
    """Return a key that is equal for different spellings of a reference; empty if it names no section."""
    read = read_reference(reference)
    is_story = len(read.whole) > _NAMING
    return "" if is_story else " ".join(read.unnumbered or read.numbers or read.whole)


def _reference(records: Sequence[Record]) -> str:
    """Return the most common reference of records, the alphabetically first of several."""
    named = Counter(sorted(key for record in records if (key := reference_key(record.reference))))
    return named.most_common(1)[0][0] if named else ""


def _newest(records: Sequence[Record]) -> str:
    return max(record.path.rsplit("/", 1)[-1] for record in records)
