"""Simpler ways to group the same texts, which ours has to beat."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from rapidfuzz import fuzz, process
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.cluster.vq import kmeans2
from scipy.spatial.distance import squareform

from patterns_scores import Labels
from sync.patterns.grouping.likeness import spellings, terms
from sync.patterns.grouping.weighing import weighted
from sync.patterns.records.masking import mask


@dataclass(frozen=True, slots=True)
class Texts:
    """What is to be grouped: texts, the true label of each, and the section of the contract that it names."""

    texts: Sequence[str]
    labels: Sequence[str]
    sections: Sequence[str]


Rival: TypeAlias = Callable[[Texts], Labels]


def _singletons(given: Texts) -> Labels:
    return range(len(given.texts))


def _by_section(given: Texts) -> Labels:
    return [section or f"none-{index}" for index, section in enumerate(given.sections)]


def _fuzzy(given: Texts) -> Labels:
    """Compare words with rapidfuzz, join by mean distance, cut at the half at which its users begin."""
    masked = [mask(text) for text in given.texts]
    apart = 1 - process.cdist(masked, masked, scorer=fuzz.token_set_ratio, workers=1) / 100
    apart = (apart + apart.T) / 2
    np.fill_diagonal(apart, 0)
    labels: Labels = fcluster(linkage(squareform(apart, checks=False), "average"), 0.5, "distance").tolist()
    return labels


def _k_means(given: Texts) -> Labels:
    """Tell k-means the true number of groups; the best of ten starts by its own measure."""
    masked = [mask(text) for text in given.texts]
    views = [weighted([view(text) for text in masked], least=2).toarray() for view in (terms, spellings)]
    left, sizes, _ = np.linalg.svd(np.hstack(views).astype(np.float64), full_matrices=False)
    kept = min(100, len(sizes))
    points = left[:, :kept] * sizes[:kept]
    wanted = len(set(given.labels))
    tries = []
    for seed in range(10):
        centres, labels = kmeans2(points, wanted, minit="++", seed=seed, missing="warn")
        tries.append((float(((points - centres[labels]) ** 2).sum()), labels.tolist()))
    best: Labels = min(tries)[1]
    return best


RIVALS: Mapping[str, Rival] = MappingProxyType(
    {
        "each by itself": _singletons,
        "by section": _by_section,
        "rapidfuzz, average link": _fuzzy,
        "k-means, true k told": _k_means,
    }
)
