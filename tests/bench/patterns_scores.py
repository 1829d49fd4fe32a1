"""How well groups agree with labels: scores that neither one group each nor one group for all can win."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log
from typing import Final, TypeAlias

Labels: TypeAlias = Sequence[Hashable]

_SAME: Final = 0.5
_A_PATTERN: Final = 3


@dataclass(frozen=True, slots=True)
class Scores:
    """The agreement of a grouping with the labels; 1 is full agreement.

    Attributes:
        ami: Mutual information beyond what chance gives.
        pair_f1: Of pairs in one group.
        pattern_f1: Of groups of three and more; found is what shares half of its members or more.
        precision: B-cubed: the share of a text's group that has its label; low after wrong merges.
        groups: How many groups there are.
    """

    ami: float
    pair_f1: float
    pattern_f1: float
    precision: float
    groups: int


def scores(labels: Labels, groups: Labels) -> Scores:
    """Compare a grouping with the labels."""
    return Scores(
        ami=adjusted_mutual_information(labels, groups),
        pair_f1=_pair_f1(labels, groups),
        pattern_f1=_pattern_f1(labels, groups),
        precision=_precision(labels, groups),
        groups=len(set(groups)),
    )


def adjusted_mutual_information(labels: Labels, groups: Labels) -> float:
    """Return the shared information over the mean entropy, both less what chance gives such sizes."""
    size = len(labels)
    ours, theirs = Counter(labels), Counter(groups)
    if len(ours) == len(theirs) and len(ours) in {1, size}:
        return 1.0
    both = Counter(zip(labels, groups, strict=True))
    shared = sum(n / size * log(size * n / (ours[a] * theirs[b])) for (a, b), n in both.items())
    chance = _by_chance(Counter(ours.values()), Counter(theirs.values()), size)
    mean = (_entropy(ours, size) + _entropy(theirs, size)) / 2
    return (shared - chance) / (mean - chance) if abs(mean - chance) > 1e-12 else 0.0


def adjusted_rand(labels: Labels, groups: Labels) -> float:
    """Return the share of pairs that two groupings treat alike, beyond chance."""
    together, ours, theirs = _pairs(labels, groups)
    expected = ours * theirs / max(_choose_two(len(labels)), 1)
    most = (ours + theirs) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)


def _by_chance(ours: Counter[int], theirs: Counter[int], size: int) -> float:
    """Return the expected mutual information; the arguments say how many groups have which size."""
    total = 0.0
    for a, times_a in ours.items():
        for b, times_b in theirs.items():
            fixed = (
                _factorial(a) + _factorial(b) + _factorial(size - a) + _factorial(size - b) - _factorial(size)
            )
            for n in range(max(1, a + b - size), min(a, b) + 1):
                free = _factorial(n) + _factorial(a - n) + _factorial(b - n) + _factorial(size - a - b + n)
                total += times_a * times_b * n / size * log(size * n / (a * b)) * exp(fixed - free)
    return total


def _factorial(number: int) -> float:
    return lgamma(number + 1)


def _entropy(counts: Counter[Hashable], size: int) -> float:
    return -sum(n / size * log(n / size) for n in counts.values())


def _choose_two(number: int) -> float:
    return number * (number - 1) / 2


def _pairs(labels: Labels, groups: Labels) -> tuple[float, float, float]:
    both = Counter(zip(labels, groups, strict=True))
    sums = (sum(map(_choose_two, counts.values())) for counts in (both, Counter(labels), Counter(groups)))
    together, ours, theirs = sums
    return together, ours, theirs


def _pair_f1(labels: Labels, groups: Labels) -> float:
    together, ours, theirs = _pairs(labels, groups)
    return 2 * together / (ours + theirs) if together else 0.0


def _pattern_f1(labels: Labels, groups: Labels) -> float:
    wanted, found = _large(labels), _large(groups)
    if not wanted or not found:
        return 0.0
    recall = sum(any(_alike(each, other) for other in found) for each in wanted) / len(wanted)
    precision = sum(any(_alike(each, other) for other in wanted) for each in found) / len(found)
    return 2 * recall * precision / (recall + precision) if recall + precision else 0.0


def _large(labels: Labels) -> list[set[int]]:
    members: dict[Hashable, set[int]] = {}
    for index, label in enumerate(labels):
        members.setdefault(label, set()).add(index)
    return [each for each in members.values() if len(each) >= _A_PATTERN]


def _alike(one: set[int], other: set[int]) -> bool:
    return len(one & other) / len(one | other) >= _SAME


def _precision(labels: Labels, groups: Labels) -> float:
    sizes = Counter(groups)
    both = Counter(zip(labels, groups, strict=True))
    return sum(n * n / sizes[group] for (_, group), n in both.items()) / len(labels)
