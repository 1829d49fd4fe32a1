"""Represent the meaning of each text by a direction, made of word vectors."""

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
"""The fraction of the common direction that is removed; all of it would split a trouble of most logs."""

_STEPS: Final = 2048
"""With steps of 1/2048, sums of products of directions are exact, and so equal on all machines."""

_TELLING: Final = 3
_ENOUGH: Final = 0.5
"""A text counts as fully understood from this fraction of known letters on."""

_LETTERS = re.compile(r"[a-z]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")


def directions(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return a direction for each text as a row; the product of two, if positive, is their likeness.

    Rows have length one, shorter for texts with mostly unknown words, and zero without any known word.
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
    """Return the pieces of the words of a text that are in the table, in order."""
    return [piece for word in _LETTERS.findall(_plain(text)) for piece in _known(word)]


def cut_up(text: str, known: Container[str]) -> list[str]:
    """Return the pieces of the words of a text for other pieces than those of the table."""
    return [piece for word in _LETTERS.findall(_plain(text)) for piece in _longest(word, known)]


@lru_cache(maxsize=100_000)
def _known(word: str) -> tuple[str, ...]:
    return _longest(word, meaning_table().places)


def _longest(word: str, known: Container[str]) -> tuple[str, ...]:
    """Split a word greedily into the longest known pieces; return nothing if a rest remains."""
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
    """Return how much of a text is known, from 0 to 1; words split into very short pieces are not."""
    plain = _plain(text)
    told = sum(len(word) for word in _LETTERS.findall(plain) if _is_known(word))
    return min(1.0, told / max(_ENOUGH * sum(map(str.isalpha, plain)), 1))


def _is_known(word: str) -> bool:
    parts = [len(piece.removeprefix("##")) for piece in _known(word)]
    return len(parts) == 1 or (len(parts) > 1 and min(parts) >= _TELLING)


def _plain(text: str) -> str:
    """Return a text in lower case without accents, with CamelCase split into words."""
    plain = _HUMP.sub(" ", text).casefold()
    if plain.isascii():
        return plain
    parts = unicodedata.normalize("NFD", plain)
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    found: NDArray[np.float64] = rows / np.maximum(lengths, np.finfo(float).tiny)
    return found
