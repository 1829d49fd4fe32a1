"""The likeness of texts from 0 to 1, by words and concepts, by letters and by meaning."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sync.patterns.grouping.concepts import concepts
from sync.patterns.grouping.meaning import directions
from sync.patterns.grouping.sentences import opening
from sync.patterns.grouping.weighing import weighted
from sync.patterns.grouping.words import letters, phrases, raw_words, stems

Likeness: TypeAlias = NDArray[np.float32]
"""A symmetric matrix with a row and a column for each text, and 1 on the diagonal."""

_MEANING: Final = 0.35
"""The weight of meaning; words and letters share the rest."""

_OUTSPOKEN: Final = 1.25
"""The exponent of the power mean; the higher, the more the largest of the three values counts."""

_MENTIONS: Final = 2
"""A concept counts as a word with so many occurrences: much in a short text, little in a long one."""

_CIRCLES: Final = (3, 5, 8)
"""The numbers of neighbours that are averaged over."""

_BACKGROUND: Final = 13
"""The rank of the neighbour whose likeness counts as background."""

_SAME_REFERENCE: Final = 0.065
"""The bonus for a common reference, which helps although some are wrong; twice of it joins whole sections."""

_SAME_GROUP: Final = 0.05
"""The bonus for a common earlier group, which keeps groups together unless the texts say otherwise."""

_ROWS: Final = 512
_DIGITS: Final = 5


def likeness(texts: Sequence[str], references: Sequence[str]) -> Likeness:
    """Return the likeness of texts; a common reference to the contract makes two a little more alike.

    It is a power mean of the likenesses by words, letters and meaning, which favours the largest: two texts
    about one trouble are often alike in one respect only.
    """
    alike = np.zeros((len(texts), len(texts)), dtype=np.float32)
    openings = [opening(text) for text in texts]
    for view in (terms, spellings):
        weights = weighted(list(map(partial(_with_opening_twice, view), texts, openings)), least=2)
        _add_cosines(alike, weights, share=(1 - _MEANING) / 2)
    _add_directions(alike, directions(texts))
    np.power(alike, np.float32(1 / _OUTSPOKEN), out=alike)
    for reference in {reference for reference in references if reference}:
        same = np.array([index for index, each in enumerate(references) if each == reference])
        alike[np.ix_(same, same)] += _SAME_REFERENCE
    return _rounded(alike)


def in_context(alike: Likeness) -> Likeness:
    """Return the likeness of texts together with their nearest neighbours, weighted above the background.

    Two texts about one trouble may share no words, but have neighbours in common. The mean over several
    numbers of neighbours depends on none of them. A text without distinct neighbours stays as it is.
    """
    nearest, excess = _neighbours(alike)
    total = alike.copy()
    for count in _CIRCLES:
        total += _with_neighbours(alike, nearest[:, :count], excess[:, :count])
    total /= len(_CIRCLES) + 1
    return _rounded(total)


def remembering(alike: Likeness, before: NDArray[np.int64]) -> Likeness:
    """Make texts of the same earlier group a little more alike, and those of different groups a little less.

    Args:
        alike: The likeness of the texts.
        before: The earlier group of each text, -1 if it had none, which changes nothing for it.
    """
    held = alike.copy()
    known = np.flatnonzero(before >= 0)
    held[np.ix_(known, known)] -= _SAME_GROUP
    for group in np.unique(before[known]):
        same = np.flatnonzero(before == group)
        held[np.ix_(same, same)] += 2 * _SAME_GROUP
    return _rounded(held)


def terms(text: str) -> Counter[str]:
    """Count the words, pairs of adjacent words and concepts of a text."""
    counts = Counter(phrases(stems(text)))
    counts.update({f"={concept}": _MENTIONS for concept in concepts(text)})
    return counts


def spellings(text: str) -> Counter[str]:
    """Count the short runs of letters in the words of a text, which withstand endings and misspellings."""
    return Counter(run for word in raw_words(text) for run in letters(word))


def _with_opening_twice(view: Callable[[str], Counter[str]], text: str, first: str) -> Counter[str]:
    """Count the first sentence of a text twice, as it tells what went wrong and the rest why."""
    counts = view(text)
    if first:
        counts.update(view(first))
    return counts


def _add_cosines(alike: Likeness, weights: sparse.csr_array, *, share: float) -> None:
    across = weights.T.tocsr()
    for start in range(0, len(alike), _ROWS):
        rows = slice(start, start + _ROWS)
        near = weights[rows] @ across
        near.data = np.float32(share) * np.power(near.data, np.float32(_OUTSPOKEN))
        alike[rows] += near.toarray()


def _add_directions(alike: Likeness, rows: NDArray[np.float32]) -> None:
    for start in range(0, len(alike), _ROWS):
        near = rows[start : start + _ROWS] @ rows.T
        np.power(np.maximum(near, 0, out=near), np.float32(_OUTSPOKEN), out=near)
        near *= np.float32(_MEANING)
        alike[start : start + _ROWS] += near


def _neighbours(alike: Likeness) -> tuple[NDArray[np.int64], Likeness]:
    """Return the neighbours of each text, nearest first, and their likeness above the background."""
    size = len(alike)
    count = min(_CIRCLES[-1], size - 1)
    nearest = np.empty((size, count), dtype=np.int64)
    excess = np.empty((size, count), dtype=np.float32)
    for start in range(0, size, _ROWS):
        rows = slice(start, start + _ROWS)
        others = -alike[rows]
        here = np.arange(len(others))
        others[here, start + here] = 1
        ranked = _lowest(others, min(_BACKGROUND, size))
        near = -np.take_along_axis(others, ranked, axis=1)
        background = near[:, min(_BACKGROUND, size - 1) - 1]
        nearest[rows] = ranked[:, :count]
        excess[rows] = np.maximum(near[:, :count] - background[:, None], 0)
    return nearest, excess


def _lowest(values: Likeness, count: int) -> NDArray[np.int64]:
    """Return the columns of the lowest values of each row, in ascending order, ties by column."""
    columns = values.shape[1]
    places = np.rint(values * 10**_DIGITS).astype(np.int64) * columns + np.arange(columns)
    found: NDArray[np.int64] = np.sort(np.partition(places, count - 1, axis=1)[:, :count], axis=1) % columns
    return found


def _with_neighbours(alike: Likeness, nearest: NDArray[np.int64], excess: Likeness) -> Likeness:
    """Add its weighted neighbours to each text, and compare anew."""
    size, count = nearest.shape
    own = sparse.eye_array(size, dtype=np.float32, format="csr")
    places = (np.repeat(np.arange(size), count), nearest.ravel())
    summed = sparse.csr_array((excess.ravel(), places), shape=(size, size)) + own
    compared = np.asarray(summed @ np.asarray(summed @ alike).T, dtype=np.float32)
    lengths = np.sqrt(np.maximum(np.diagonal(compared).copy(), np.finfo(np.float32).tiny))
    compared /= lengths[:, None]
    compared /= lengths[None, :]
    return compared


def _rounded(alike: Likeness) -> Likeness:
    """Make a matrix symmetric, and round away differences between machines."""
    alike += alike.T.copy()
    alike *= np.float32(0.5)
    np.clip(alike, 0, 1, out=alike)
    np.round(alike, _DIGITS, out=alike)
    np.fill_diagonal(alike, 1)
    return alike
