"""What texts are about, whatever words they choose: a direction for each."""

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sync.patterns.grouping.meaning_table import meaning_table
from sync.patterns.grouping.weighing import weighted

_COMMON: Final = 0.5
"""How much of what all texts have in common is taken out; all would tear a trouble of most logs apart."""

_STEPS: Final = 2048
"""In such steps, every sum of products of directions is exact: no machine computes it otherwise."""

_TELLING: Final = 3
_ENOUGH: Final = 0.5
"""A text of which so much is known is understood."""

_LETTERS = re.compile(r"[a-z]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")


def directions(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return a row for each text; the product of two says how alike they are, as far as it is above zero.

    Rows have length one; a text of mostly unknown words has a shorter one, and zero when it has no other.
    """
    counts = [Counter(word_pieces(text)) for text in texts]
    known = sorted({piece for count in counts for piece in count})
    if not known:
        return np.zeros((len(texts), 1), dtype=np.float32)
    weights = weighted(counts, least=1).astype(np.float64)
    rows = _unit(np.asarray(weights @ meaning_table().vectors(known)))
    there = rows.any(axis=1)
    rows[there] -= _COMMON * rows[there].mean(axis=0)
    rows = _unit(rows) * np.array([_understood(text) for text in texts])[:, None]
    steps: NDArray[np.float32] = (np.rint(rows * _STEPS) / _STEPS).astype(np.float32)
    return steps


def word_pieces(text: str) -> list[str]:
    """Return the pieces that the words of a text are made of, as far as the table knows them, in order."""
    return [piece for word in _LETTERS.findall(_plain(text)) for piece in _known(word)]


def cut_up(text: str, known: Container[str]) -> list[str]:
    """Return the same with other pieces than those of the table."""
    return [piece for word in _LETTERS.findall(_plain(text)) for piece in _longest(word, known)]


@lru_cache(maxsize=100_000)
def _known(word: str) -> tuple[str, ...]:
    return _longest(word, meaning_table().places)


def _longest(word: str, known: Container[str]) -> tuple[str, ...]:
    """Take the longest known piece from the front again and again; nothing when a rest remains."""
    found: list[str] = []
    start = 0
    while start < len(word):
        mark = "##" if start else ""
        ends = range(len(word), start, -1)
        end = next((end for end in ends if mark + word[start:end] in known), start)
        if end == start:
            return ()
        found.append(mark + word[start:end])
        start = end
    return tuple(found)


def _understood(text: str) -> float:
    """Return how much of a text is known, from 0 to 1; words that fall into splinters are not."""
    plain = _plain(text)
    told = sum(len(word) for word in _LETTERS.findall(plain) if _is_known(word))
    return min(1.0, told / max(_ENOUGH * sum(map(str.isalpha, plain)), 1))


def _is_known(word: str) -> bool:
    parts = [len(piece.removeprefix("##")) for piece in _known(word)]
    return len(parts) == 1 or (len(parts) > 1 and min(parts) >= _TELLING)


def _plain(text: str) -> str:
    """Return a text in small letters without accents, the humps of its CamelCase apart."""
    plain = _HUMP.sub(" ", text).casefold()
    if plain.isascii():
        return plain
    parts = unicodedata.normalize("NFD", plain)
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    found: NDArray[np.float64] = rows / np.maximum(lengths, np.finfo(float).tiny)
    return found
