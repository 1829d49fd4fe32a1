"""Where to cut a tree of texts into groups."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from sync.patterns.grouping.likeness import Likeness, in_context, remembering

FEW: Final = 30
"""Below so many texts their distances say too little about where to cut."""

_FIXED: Final = 0.70
_NEAREST, _FARTHEST = 0.30, 0.97
"""Nearer than the one, all belong together whatever the rest; farther than the other, nothing does."""

_AS_CLEAR: Final = 1.0
"""Cuts that are less clear than the clearest by up to so many standard errors may be as good."""

_FINER: Final = 3
"""A third of those are finer than the one that is taken: two troubles taken for one hide each other."""

_TOO_UNCLEAR: Final = 0.4
"""A group that is less than so clear, compared with all that are in groups, falls apart."""

_OF_ITS_OWN: Final = 0.05
"""Groups within a group have to be so clear: else one trouble that most of the logs tell of falls apart."""

_STEPS: Final = 60
_DIGITS: Final = 6
_ROWS: Final = 512

Heights: TypeAlias = NDArray[np.float64]
"""Between each two leaves of a tree that stand side by side: how far apart the groups are that meet there."""


@dataclass(frozen=True, slots=True)
class Partition:
    """Texts in groups, each text in one of them.

    Attributes:
        labels: The group of each text, from 0.
        distance: How far the members of the widest group are from one another on average.
        clearness: For each text how much nearer its own group is than the next best, from -1 to 1.
    """

    labels: NDArray[np.int64] = field(repr=False)
    distance: float
    clearness: NDArray[np.float64] = field(repr=False)


def cut(alike: Likeness, before: NDArray[np.int64] | None = None) -> Partition:
    """Join the nearest again and again, by mean distance, and stop where the groups are clearest.

    The neighbours of the texts have a say in what is joined. Where to stop is judged by the texts alone: what
    neighbours made nearer cannot vouch for itself. Of all cuts that may be as clear as the clearest a rather
    fine one is taken: a peak among them is often chance. A group that is much less clear than the rest
    falls apart: two troubles taken for one hide each other, one trouble told as two is seen.

    Args:
        alike: How alike the texts are.
        before: The group of each text the last time, -1 where it had none. Groups of all texts stay as they
            are; groups of some make their members a little more alike.
    """
    if before is not None and np.all(before >= 0):
        return _judged(alike, before)
    held = alike if before is None else remembering(alike, before)
    if len(alike) == 1:
        return _judged(alike, np.zeros(1, dtype=np.int64))
    tree = linkage(squareform(1 - in_context(held), checks=False), "average")
    leaves = leaves_list(tree)
    apart = 1 - held[np.ix_(leaves, leaves)]
    heights = _heights(tree, leaves)
    distances = [_FIXED] if len(alike) < FEW else _distances(tree)
    labels = np.empty(len(leaves), dtype=np.int64)
    labels[leaves] = _broken_up(apart, heights, _clearest(apart, heights, distances))
    return _judged(alike, _looked_into(alike, labels, before))


def _looked_into(
    alike: Likeness, labels: NDArray[np.int64], before: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    """Cut each large group by itself: beside what is far away, the rest looks like one trouble."""
    finer = labels.copy()
    for group in np.flatnonzero(np.bincount(labels) >= FEW):
        inside = np.flatnonzero(labels == group)
        if len(inside) == len(labels):
            continue
        part = cut(alike[np.ix_(inside, inside)], None if before is None else before[inside])
        if part.clearness.mean() > _OF_ITS_OWN:
            finer[inside] = finer.max() + 1 + part.labels
    return finer


def _judged(alike: Likeness, labels: NDArray[np.int64]) -> Partition:
    """Number the groups in the order of the texts, and say how clear they are."""
    _, first, groups = np.unique(labels, return_index=True, return_inverse=True)
    numbers = np.argsort(np.argsort(first))[groups]
    order = np.argsort(numbers, kind="stable")
    apart = 1 - alike[np.ix_(order, order)]
    clearness = np.empty(len(order))
    clearness[order] = _clearness(apart, numbers[order])
    starts = [*np.flatnonzero(np.diff(numbers[order], prepend=-1)), len(order)]
    widest = max(_width(apart[start:end, start:end]) for start, end in pairwise(starts))
    return Partition(numbers.astype(np.int64), widest, clearness)


def _width(apart: NDArray[np.float32]) -> float:
    return float(apart.sum()) / max(len(apart) * (len(apart) - 1), 1)


def _heights(tree: NDArray[np.float64], leaves: NDArray[np.int32]) -> Heights:
    size = len(leaves)
    heights = np.zeros(size - 1)
    start = np.empty(2 * size - 1, dtype=np.int64)
    start[leaves] = np.arange(size)
    end = start + 1
    for node, (one, other, height, _) in enumerate(tree, size):
        left, right = sorted((int(one), int(other)), key=start.__getitem__)
        heights[end[left] - 1] = height
        start[node], end[node] = start[left], end[right]
    return heights


def _distances(tree: NDArray[np.float64]) -> list[float]:
    """Return up to sixty heights, from the nearest to the farthest, each a step in the number of groups."""
    heights = tree[:, 2]
    low, high = np.searchsorted(heights, (_NEAREST, _FARTHEST))
    counts = len(heights) + 1 - np.arange(low, high + 1)
    steps = np.geomspace(counts[0], counts[-1], _STEPS)
    joined = np.unique(len(heights) + 1 - np.round(steps).astype(int))
    return [float(heights[join - 1]) if join > low else _NEAREST for join in joined]


def _clearest(apart: NDArray[np.float32], heights: Heights, distances: list[float]) -> NDArray[np.bool_]:
    """Return which leaves part from the one before them, for one of the clearest cuts that is rather fine."""
    cuts = [heights > distance for distance in distances]
    clear = list(_clearnesses(apart, cuts))
    means = np.round([each.mean() for each in clear], _DIGITS)
    best = clear[int(np.argmax(means))]
    enough = means.max() - _AS_CLEAR * best.std() / np.sqrt(len(best))
    good = np.flatnonzero(means >= enough)
    return cuts[int(good[(len(good) - 1) // _FINER])]


def _broken_up(apart: NDArray[np.float32], heights: Heights, parted: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Part the unclear groups where they were joined last, until what is left is clear or alone."""
    labels = _numbered(parted)
    clear = _clearness(apart, labels)
    grouped = np.bincount(labels)[labels] > 1
    enough = _TOO_UNCLEAR * float(clear[grouped].mean()) if grouped.any() else 0.0
    while True:
        starts = [*np.flatnonzero(np.diff(labels, prepend=-1)), len(labels)]
        unclear = [
            (start, end)
            for start, end in pairwise(starts)
            if end - start > 1 and round(float(clear[start:end].mean() - enough), _DIGITS) < 0
        ]
        if not unclear:
            return labels
        parted = parted.copy()
        for start, end in unclear:
            parted[start + int(np.argmax(heights[start : end - 1]))] = True
        labels = _numbered(parted)
        clear = _clearness(apart, labels)


def _numbered(parted: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(parted))).astype(np.int64)


def _clearnesses(
    apart: NDArray[np.float32], cuts: Iterable[NDArray[np.bool_]]
) -> Iterator[NDArray[np.float64]]:
    """Yield the silhouettes for cuts from the finest on: each adds up the groups of the one before."""
    sums, before = apart, np.arange(len(apart))
    for parted in cuts:
        starts = np.flatnonzero(np.concatenate(([True], parted)))
        sums = np.add.reduceat(sums, np.searchsorted(before, starts), axis=1)
        before = starts
        yield _silhouettes(sums, starts)


def _clearness(apart: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the silhouette of each text; texts of one group stand side by side. A text alone has 0."""
    starts = np.flatnonzero(np.diff(labels, prepend=-1))
    return _silhouettes(np.add.reduceat(apart, starts, axis=1), starts)


def _silhouettes(sums: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the silhouette of each text.

    Args:
        sums: A row for each text and a column for each group: how far apart they are, added up.
        starts: The first text of each group.
    """
    count = len(sums)
    if len(starts) == 1:
        return np.zeros(count)
    sizes = np.diff(starts, append=count)
    group = np.repeat(np.arange(len(starts)), sizes)
    own = sums[np.arange(count), group] / np.maximum(sizes[group] - 1, 1)
    other = np.empty(count, dtype=np.float32)
    for start in range(0, count, _ROWS):
        near = sums[start : start + _ROWS] / sizes.astype(np.float32)
        near[np.arange(len(near)), group[start : start + _ROWS]] = np.inf
        other[start : start + _ROWS] = near.min(axis=1)
    clear: NDArray[np.float64] = (other - own) / np.maximum(np.maximum(other, own), np.finfo(np.float32).tiny)
    return np.where(sizes[group] > 1, clear, 0.0).astype(np.float64)
