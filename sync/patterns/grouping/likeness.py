"""How alike texts are, from 0 to 1: by words and the concepts behind them, by letters, and by meaning."""

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
"""A square: row and column stand for a text each, in the order given. Symmetric; 1 on the diagonal."""

_MEANING: Final = 0.35
"""How much what the words mean has a say, beside the words themselves."""

_OUTSPOKEN: Final = 1.25
"""The power of the mean: with 1 all have the same say, the higher it is the less those that see nothing."""

_MENTIONS: Final = 2
"""A concept weighs as a word that is said so often: much in a title, little in a story."""

_CIRCLES: Final = (3, 5, 8)
"""How many neighbours speak for a text besides itself."""

_BACKGROUND: Final = 13
"""The neighbour, counted from the nearest, beyond which all are as near as any."""

_SAME_REFERENCE: Final = 0.065
"""As much as pays where some logs name a wrong section and some none; twice of it joins all of a section."""

_SAME_GROUP: Final = 0.05
"""Less than a common section: what was told together stays together unless the texts say otherwise."""

_ROWS: Final = 512
_DIGITS: Final = 5


def likeness(texts: Sequence[str], references: Sequence[str]) -> Likeness:
    """Compare texts; naming the same section of the contract makes two a little more alike.

    It is the mean of what words, letters and meaning tell, drawn a little towards the one that tells most:
    two texts about one trouble are often alike in one of these only.
    """
    alike = np.zeros((len(texts), len(texts)), dtype=np.float32)
    openings = [opening(text) for text in texts]
    for view in (terms, spellings):
        weights = weighted(list(map(partial(_stressed, view), texts, openings)), least=2)
        _add_cosines(alike, weights, share=(1 - _MEANING) / 2)
    _add_directions(alike, directions(texts))
    np.power(alike, np.float32(1 / _OUTSPOKEN), out=alike)
    for reference in {reference for reference in references if reference}:
        same = np.array([index for index, each in enumerate(references) if each == reference])
        alike[np.ix_(same, same)] += _SAME_REFERENCE
    return _settled(alike)


def in_context(alike: Likeness) -> Likeness:
    """Let the nearest neighbours of each text speak for it too, by how far they stand out from the rest.

    A text alone is a few words, and two about one trouble may share none. What stands near each of them, in
    circles of several sizes, tells more; the mean over the circles leans on none of them. A text that nothing
    stands out for stays as it is.
    """
    nearest, voices = _neighbours(alike)
    total = alike.copy()
    for count in _CIRCLES:
        total += _spoken_for(alike, nearest[:, :count], voices[:, :count])
    total /= len(_CIRCLES) + 1
    return _settled(total)


def remembering(alike: Likeness, before: NDArray[np.int64]) -> Likeness:
    """Make texts of one group of the last time a little more alike, and those of two groups a little less.

    Args:
        alike: How alike they are by themselves.
        before: The group of each text, -1 where it had none: then nothing changes for it.
    """
    held = alike.copy()
    known = np.flatnonzero(before >= 0)
    held[np.ix_(known, known)] -= _SAME_GROUP
    for group in np.unique(before[known]):
        same = np.flatnonzero(before == group)
        held[np.ix_(same, same)] += 2 * _SAME_GROUP
    return _settled(held)


def terms(text: str) -> Counter[str]:
    """Count the words of a text, each two that follow one another, and the concepts that it names."""
    counts = Counter(phrases(stems(text)))
    counts.update({f"={concept}": _MENTIONS for concept in concepts(text)})
    return counts


def spellings(text: str) -> Counter[str]:
    """Count the short runs of letters in the words of a text: they see through endings and misspellings."""
    return Counter(run for word in raw_words(text) for run in letters(word))


def _stressed(view: Callable[[str], Counter[str]], text: str, first: str) -> Counter[str]:
    """Count the first of several sentences twice: it tells what went wrong, the rest how it came about."""
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
    """Return the nearest neighbours of each text, nearest first, and how far each stands out."""
    size = len(alike)
    count = min(_CIRCLES[-1], size - 1)
    nearest = np.empty((size, count), dtype=np.int64)
    voices = np.empty((size, count), dtype=np.float32)
    for start in range(0, size, _ROWS):
        rows = slice(start, start + _ROWS)
        others = -alike[rows]
        here = np.arange(len(others))
        others[here, start + here] = 1
        ranked = _lowest(others, min(_BACKGROUND, size))
        near = -np.take_along_axis(others, ranked, axis=1)
        background = near[:, min(_BACKGROUND, size - 1) - 1]
        nearest[rows] = ranked[:, :count]
        voices[rows] = np.maximum(near[:, :count] - background[:, None], 0)
    return nearest, voices


def _lowest(values: Likeness, count: int) -> NDArray[np.int64]:
    """Return the columns of the lowest values of each row, lowest first, of equal ones the first."""
    columns = values.shape[1]
    places = np.rint(values * 10**_DIGITS).astype(np.int64) * columns + np.arange(columns)
    found: NDArray[np.int64] = np.sort(np.partition(places, count - 1, axis=1)[:, :count], axis=1) % columns
    return found


def _spoken_for(alike: Likeness, nearest: NDArray[np.int64], voices: Likeness) -> Likeness:
    """Add to each text its neighbours, each with its voice, and compare anew."""
    size, count = nearest.shape
    own = sparse.eye_array(size, dtype=np.float32, format="csr")
    places = (np.repeat(np.arange(size), count), nearest.ravel())
    spoken = sparse.csr_array((voices.ravel(), places), shape=(size, size)) + own
    heard = np.asarray(spoken @ np.asarray(spoken @ alike).T, dtype=np.float32)
    lengths = np.sqrt(np.maximum(np.diagonal(heard).copy(), np.finfo(np.float32).tiny))
    heard /= lengths[:, None]
    heard /= lengths[None, :]
    return heard


def _settled(alike: Likeness) -> Likeness:
    """Round away what another machine may compute otherwise."""
    alike += alike.T.copy()
    alike *= np.float32(0.5)
    np.clip(alike, 0, 1, out=alike)
    np.round(alike, _DIGITS, out=alike)
    np.fill_diagonal(alike, 1)
    return alike
