"""Cluster texts hierarchically, and choose where to cut the tree into groups."""

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
"""With fewer texts, their distances say too little about where to cut."""

_FIXED: Final = 0.70
_NEAREST, _FARTHEST = 0.30, 0.97
"""Texts nearer than the first always belong together; texts farther than the second never do."""

_AS_CLEAR: Final = 1.0
"""Cuts within so many standard errors of the clearest count as equally good."""

_FINER: Final = 3
"""One third of the equally good cuts are finer than the chosen one, as a merged trouble is overlooked."""

_TOO_UNCLEAR: Final = 0.4
"""A group with less than this fraction of the mean clearness of grouped texts is broken up."""

_OF_ITS_OWN: Final = 0.05
"""The clearness that groups within a group must have, lest one very common trouble is broken up."""

_STEPS: Final = 60
_DIGITS: Final = 6
_ROWS: Final = 512

Heights: TypeAlias = NDArray[np.float64]
"""For each pair of adjacent leaves of a tree, the distance at which their groups are joined."""


@dataclass(frozen=True, slots=True)
class Partition:
    """A partition of texts into groups.

    Attributes:
        labels: The number of each text's group, from 0.
        distance: The mean distance between the members of the widest group.
        clearness: The silhouette of each text, from -1 to 1: how much nearer its own group is than the next.
    """

    labels: NDArray[np.int64] = field(repr=False)
    distance: float
    clearness: NDArray[np.float64] = field(repr=False)


def cut(alike: Likeness, before: NDArray[np.int64] | None = None) -> Partition:
    """Group texts by average linkage, cut where the groups are clearest.

    The neighbours of texts influence the tree, but clearness is measured without them, as they cannot
    vouch for their own influence. Of all cuts that count as equally clear a rather fine one is chosen, as the
    peak is often chance. A group that is much less clear than the rest is broken up: two troubles merged into
    one are overlooked, while one trouble shown twice is noticed.

    Args:
        alike: The likeness of the texts.
        before: The earlier group of each text, -1 if it had none. If all had one, these groups are kept; if
            some had, their members become a little more alike.
    """
    if before is not None and np.all(before >= 0):
        return _partition(alike, before)
    held = alike if before is None else remembering(alike, before)
    if len(alike) == 1:
        return _partition(alike, np.zeros(1, dtype=np.int64))
    tree = linkage(squareform(1 - in_context(held), checks=False), "average")
    leaves = leaves_list(tree)
    apart = 1 - held[np.ix_(leaves, leaves)]
    heights = _heights(tree, leaves)
    distances = [_FIXED] if len(alike) < FEW else _cut_heights(tree)
    labels = np.empty(len(leaves), dtype=np.int64)
    labels[leaves] = _broken_up(apart, heights, _clearest(apart, heights, distances))
    return _partition(alike, _cut_further(alike, labels, before))


def _cut_further(
    alike: Likeness, labels: NDArray[np.int64], before: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    """Cut each large group once more by itself, as texts far away from all blur the differences within it."""
    finer = labels.copy()
    for group in np.flatnonzero(np.bincount(labels) >= FEW):
        inside = np.flatnonzero(labels == group)
        if len(inside) == len(labels):
            continue
        part = cut(alike[np.ix_(inside, inside)], None if before is None else before[inside])
        if part.clearness.mean() > _OF_ITS_OWN:
            finer[inside] = finer.max() + 1 + part.labels
    return finer


def _partition(alike: Likeness, labels: NDArray[np.int64]) -> Partition:
    """Number the groups in the order of the texts, and measure their clearness and width."""
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


def _cut_heights(tree: NDArray[np.float64]) -> list[float]:
    """Return up to `_STEPS` heights to cut at, ascending, at geometric steps of the number of groups."""
    heights = tree[:, 2]
    low, high = np.searchsorted(heights, (_NEAREST, _FARTHEST))
    counts = len(heights) + 1 - np.arange(low, high + 1)
    steps = np.geomspace(counts[0], counts[-1], _STEPS)
    joined = np.unique(len(heights) + 1 - np.round(steps).astype(int))
    return [float(heights[join - 1]) if join > low else _NEAREST for join in joined]


def _clearest(apart: NDArray[np.float32], heights: Heights, distances: list[float]) -> NDArray[np.bool_]:
    """Return one of the clearest cuts that is rather fine, as the leaves that begin a new group."""
    cuts = [heights > distance for distance in distances]
    clear = list(_clearnesses(apart, cuts))
    means = np.round([each.mean() for each in clear], _DIGITS)
    best = clear[int(np.argmax(means))]
    enough = means.max() - _AS_CLEAR * best.std() / np.sqrt(len(best))
    good = np.flatnonzero(means >= enough)
    return cuts[int(good[(len(good) - 1) // _FINER])]


def _broken_up(apart: NDArray[np.float32], heights: Heights, parted: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Split unclear groups where they were joined last, until all are clear or single texts."""
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
    """Yield the silhouettes for cuts from the finest on; each sums up the groups of the one before."""
    sums, before = apart, np.arange(len(apart))
    for parted in cuts:
        starts = np.flatnonzero(np.concatenate(([True], parted)))
        sums = np.add.reduceat(sums, np.searchsorted(before, starts), axis=1)
        before = starts
        yield _silhouettes(sums, starts)


def _clearness(apart: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the silhouette of each text, 0 for one alone; texts of one group must be adjacent."""
    starts = np.flatnonzero(np.diff(labels, prepend=-1))
    return _silhouettes(np.add.reduceat(apart, starts, axis=1), starts)


def _silhouettes(sums: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the silhouette of each text.

    Args:
        sums: The sum of the distances from each text (row) to the texts of each group (column).
        starts: The index of the first text of each group.
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
