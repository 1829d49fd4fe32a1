"""Where to cut a tree of texts into groups."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, leaves_list, linkage
from scipy.spatial.distance import squareform

from sync.patterns.likeness import Likeness, in_context

FEW: Final = 30
"""Below so many texts their distances say too little about where to cut."""

_FIXED: Final = 0.70
_NEAREST, _FARTHEST = 0.30, 0.97
"""Nearer than the one, all belong together whatever the rest; farther than the other, nothing does."""

_STEPS: Final = 60
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Cut:
    """A partition of texts.

    Attributes:
        labels: The group of each text, from 0.
        distance: The mean distance up to which groups were joined.
        clearness: For each text how much nearer its own group is than the next best, from -1 to 1.
    """

    labels: NDArray[np.int64] = field(repr=False)
    distance: float
    clearness: NDArray[np.float64] = field(repr=False)


def cut(alike: Likeness) -> Cut:
    """Join the nearest again and again, by mean distance, and stop where the groups are clearest.

    The neighbours of the texts have a say in what is joined. Where to stop is judged by the texts alone: what
    neighbours made nearer cannot vouch for itself.
    """
    if len(alike) == 1:
        return Cut(np.zeros(1, dtype=np.int64), 0.0, np.zeros(1))
    tree = linkage(squareform(1 - in_context(alike), checks=False), "average")
    leaves = leaves_list(tree)
    apart = 1 - alike[np.ix_(leaves, leaves)]
    distances = [_FIXED] if len(alike) < FEW else _distances(tree)
    best, clearest = distances[0], np.full(len(leaves), -np.inf)
    for distance in distances:
        clear = _clearness(apart, _at(tree, distance)[leaves])
        if round(float(clear.mean()), _DIGITS) > round(float(clearest.mean()), _DIGITS):
            best, clearest = distance, clear
    clearness = np.empty(len(leaves))
    clearness[leaves] = clearest
    return Cut(_at(tree, best), best, clearness)


def _distances(tree: NDArray[np.float64]) -> list[float]:
    """Return up to sixty heights, from the nearest to the farthest, each a step in the number of groups."""
    heights = tree[:, 2]
    low, high = np.searchsorted(heights, (_NEAREST, _FARTHEST))
    counts = len(heights) + 1 - np.arange(low, high + 1)
    steps = np.geomspace(counts[0], counts[-1], _STEPS)
    joined = np.unique(len(heights) + 1 - np.round(steps).astype(int))
    return [float(heights[join - 1]) if join > low else _NEAREST for join in joined]


def _at(tree: NDArray[np.float64], distance: float) -> NDArray[np.int64]:
    labels: NDArray[np.int64] = fcluster(tree, distance, "distance").astype(np.int64) - 1
    return labels


def _clearness(apart: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the silhouette of each text; texts of one group stand side by side. A text alone has 0."""
    starts = np.flatnonzero(np.diff(labels, prepend=-1))
    if len(starts) == 1:
        return np.zeros(len(labels))
    sizes = np.diff(starts, append=len(labels))
    group = np.repeat(np.arange(len(starts)), sizes)
    rows = np.arange(len(labels))
    sums = np.add.reduceat(apart, starts, axis=1)
    own = sums[rows, group] / np.maximum(sizes[group] - 1, 1)
    sums /= sizes.astype(np.float32)
    sums[rows, group] = np.inf
    other = sums.min(axis=1)
    clear: NDArray[np.float64] = (other - own) / np.maximum(np.maximum(other, own), np.finfo(np.float32).tiny)
    return np.where(sizes[group] > 1, clear, 0.0).astype(np.float64)
