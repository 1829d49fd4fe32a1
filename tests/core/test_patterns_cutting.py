"""Where a tree of texts is cut."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sync.patterns.grouping.cutting import cut
from sync.patterns.grouping.likeness import Likeness

_PAIRS = 16


def _families(count: int, *, inside: float, near: float) -> Likeness:
    """Return how alike texts are that come in pairs, in families that have nothing in common."""
    size = 2 * _PAIRS
    family = np.full((size, size), inside)
    for first in range(0, size, 2):
        family[first : first + 2, first : first + 2] = near
    noise: NDArray[np.float64] = np.random.default_rng(1).uniform(-0.02, 0.02, (count * size, count * size))
    alike = np.clip(np.kron(np.eye(count), family) + (noise + noise.T) / 2, 0, 1).astype(np.float32)
    np.fill_diagonal(alike, 1)
    return alike


@pytest.mark.parametrize("families", [2, 3])
@pytest.mark.parametrize(("inside", "near"), [(0.3, 0.5), (0.4, 0.6), (0.2, 0.8)])
def test_what_is_far_away_does_not_make_others_one_trouble(families: int, inside: float, near: float) -> None:
    """Incidents beside failed commands: each family is parted into its pairs as if it were alone."""
    labels = cut(_families(families, inside=inside, near=near)).labels
    assert labels.tolist() == [text // 2 for text in range(2 * _PAIRS * families)]


def test_a_large_trouble_stays_one() -> None:
    """Many texts that are all alike are one group, whatever stands beside them."""
    alike = np.full((60, 60), 0.0, dtype=np.float32)
    alike[:30, :30] = 0.7
    alike[30:, 30:] = np.kron(np.eye(15), np.full((2, 2), 0.8))
    np.fill_diagonal(alike, 1)
    assert len(set(cut(alike).labels[:30].tolist())) == 1
