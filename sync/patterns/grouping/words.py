"""Split texts into words, stems and runs of letters."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

import snowballstemmer

_RAW = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W\d][\w']+")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
"""Japanese and Chinese, which have no spaces; there each pair of characters counts as a word."""

_COMMON_WORDS: Final = """
a about above after again against all almost also although always am among an and another any anything
are around as at back be became because become been before behind being below between both but by can
cannot could did do does doing done down due during each either else enough etc even ever every for
from further get gets getting give go goes got had has have having he her here hers him his how however
i if in indeed into is it its itself just keep last latter least less made make makes many may me
might mine more moreover most much must my myself near need neither never nevertheless next no nobody
none nor not nothing now of off often on once one only onto or other others our ours out over own per
perhaps please put quite rather re really s same see seem seemed seems several she should show since
so some someone something sometimes still such t take than that the their theirs them then there
these they thing this those though through thus to together too toward towards under until up upon us
use used uses using very via was we well were what whatever when whenever where whereas whether which
while who whole whom whose why will with within without would yet you your yours
"""

_COMMON: Final = frozenset(_COMMON_WORDS.split())


def raw_words(text: str) -> list[str]:
    """Return all words and numbers in lower case, in order."""
    return _RAW.findall(text.casefold())


def stems(text: str) -> list[str]:
    """Return the stems of the words except very common ones, in order."""
    return [
        stem(word)
        for found in _WORD.findall(text.casefold())
        for word in _parts(found)
        if word not in _COMMON
    ]


def phrases(words: Sequence[str]) -> Iterator[str]:
    """Yield the words, and each pair of adjacent ones."""
    yield from words
    yield from (f"{first} {second}" for first, second in pairwise(words))


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the stem of an English word; words of other languages stay nearly as they are."""
    stemmed: str = snowballstemmer.stemmer("english").stemWord(word)
    return stemmed


@lru_cache(maxsize=100_000)
def letters(word: str) -> tuple[str, ...]:
    """Return the runs of three to five letters in a word, with a space at each end."""
    padded = f" {word} "
    runs: list[str] = []
    for length in (3, 4, 5):
        runs += (padded[start : start + length] for start in range(max(1, len(padded) - length + 1)))
        if len(padded) <= length:
            break
    return tuple(runs)


def _parts(word: str) -> Iterator[str]:
    rest = 0
    for unspaced in _UNSPACED.finditer(word):
        if unspaced.start() > rest:
            yield word[rest : unspaced.start()]
        signs = unspaced[0]
        yield from (signs[at : at + 2] for at in range(max(1, len(signs) - 1)))
        rest = unspaced.end()
    if rest < len(word):
        yield word[rest:]
