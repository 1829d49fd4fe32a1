"""Weight the features of texts by their frequency and rarity."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import sparse


def weighted(counts: Sequence[Counter[str]], *, least: int) -> sparse.csr_array:
    """Return the weight of each feature (column, sorted) in each text (row): tf-idf, rows of length one.

    Features in fewer than `least` texts count for the length and are then left empty: with 2, those that can
    make no two texts alike take no memory.
    """
    among = Counter(feature for count in counts for feature in count)
    places = {feature: place for place, feature in enumerate(sorted(among))}
    rarity = np.log((1 + len(counts)) / (1 + np.array([among[feature] for feature in places] or [1]))) + 1
    starts = np.cumsum([0, *(len(count) for count in counts)])
    told = [told_once for count in counts for told_once in sorted(count.items())]
    columns = np.array([places[feature] for feature, _ in told], dtype=np.int64)
    often = np.array([times for _, times in told], dtype=np.float64)
    values = (1 + np.log(often)) * rarity[columns] if len(columns) else often
    rows = np.repeat(np.arange(len(counts)), np.diff(starts))
    lengths = np.sqrt(np.bincount(rows, weights=values**2, minlength=len(counts)))
    values = values / np.maximum(lengths, np.finfo(float).tiny)[rows]
    enough = np.array([among[feature] >= least for feature in places] or [False])
    kept = enough[columns] if len(columns) else np.zeros(0, dtype=bool)
    shape = (len(counts), max(len(places), 1))
    return sparse.csr_array((values[kept].astype(np.float32), (rows[kept], columns[kept])), shape=shape)
