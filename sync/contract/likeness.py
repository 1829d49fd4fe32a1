"""The likeness of two names, from 0 to 1."""

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

Weight = Callable[[str], float]

_SHORTEST = 4
"""A word with fewer letters than this becomes another word by a change of one letter."""

_SAME_WORD = 0.7
_MISSPELT = 0.6
_FAR = 0.4
"""Names whose weights differ by more than this do not match, whatever they share."""
_ONLY_SPACED = 0.9


def alike(one: Sequence[str], other: Sequence[str], *, weight: Weight) -> float:
    """Return the likeness of two names: by words in any order or by letters, whichever is higher.

    Args:
        one: The words of the first.
        other: The words of the second.
        weight: Returns the weight of a word.
    """
    if not one or not other:
        return 0.0
    return max(_by_words(one, other, weight), _by_letters(one, other))


@lru_cache(maxsize=16_384)
def letters_alike(one: str, other: str) -> float:
    """Return the likeness of two texts by their letters; 0 if they are clearly different."""
    if one == other:
        return 1.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < _SAME_WORD or matcher.quick_ratio() < _SAME_WORD:
        return 0.0
    return matcher.ratio()


def _by_words(one: Sequence[str], other: Sequence[str], weight: Weight) -> float:
    weights = sum(map(weight, one)), sum(map(weight, other))
    if 2 * min(weights) < _FAR * sum(weights):
        return 0.0
    left = list(other)
    shared = 0.0
    for word in sorted(one, key=lambda word: (word not in left, word)):
        likeness, best = max(((_same(word, candidate), candidate) for candidate in left), default=(0.0, ""))
        if likeness > 0:
            shared += likeness * weight(best)
            left.remove(best)
    return min(1.0, 2 * shared / sum(weights))


def _by_letters(one: Sequence[str], other: Sequence[str]) -> float:
    """Compare without spaces, so that `self test` is `selftest`; a number never equals another number."""
    if _numbers(one) != _numbers(other):
        return 0.0
    likeness = letters_alike("".join(one), "".join(other))
    if len(one) != len(other):
        return likeness if likeness >= _ONLY_SPACED else 0.0
    pairs = zip(one, other, strict=True)
    return likeness if all(SequenceMatcher(None, *pair).ratio() >= _MISSPELT for pair in pairs) else 0.0


def _numbers(name: Sequence[str]) -> list[str]:
    return sorted(word for word in name if any(map(str.isdigit, word)))


@lru_cache(maxsize=16_384)
def _same(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if min(len(one), len(other)) < _SHORTEST or any(map(str.isdigit, one + other)):
        return 0.0
    likeness = letters_alike(one, other)
    return likeness if likeness >= _SAME_WORD else 0.0
