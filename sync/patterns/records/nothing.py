"""Recognise texts that say that there is nothing to report, or that all is well."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from itertools import groupby
from typing import Final

from sync.patterns.records.nothing_explained import explains, is_flagged, is_reserved
from sync.patterns.records.nothing_unspaced import denies as denies_unspaced
from sync.patterns.records.nothing_unspaced import is_good_news as is_good_news_unspaced
from sync.patterns.records.nothing_words import (
    AROUND,
    BARE,
    FAILED,
    FILLING,
    GOOD,
    NEEDED,
    NO,
    NOT,
    NOTHING,
    PREPOSITIONS,
    THINGS,
    TROUBLE,
    UNNEEDED,
    WELL,
    WHOLE,
)

_CLAUSE: Final = re.compile(r"[.;,!()\[\]\n]+(?=\s|$)|(?<!\w)[(\[]|\s[-–—]+\s|[。、（）；！]")
_WORD: Final = re.compile(r"[^\W_]+(?:['/.][^\W_]+)*")
_NUMBER: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_SHARE: Final = re.compile(r"([0-9]+)(?:/| of | out of )(?:the |all )?([0-9]+)")
_PERCENT: Final = re.compile(r"([0-9.,]+) ?%")
_HUNDRED: Final = re.compile(r"100(?:[.,]0*)?")
_BROAD: Final = {wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF5B))}

_JOINED: Final = frozenset(("and", "but", "with"))
_NEGATIONS: Final = frozenset(NO | NOTHING | NOT)
_LABELS: Final = frozenset(FILLING | TROUBLE)
_IDLE: Final = frozenset(UNNEEDED | NEEDED | FILLING | THINGS)

_ASIDE: Final = re.compile(r"[(（\[][^()（）\[\]]*[)）\]]|\s[-–—]+\s.*")
_NAMING: Final = re.compile(r"（[^（）0-9]*）(?=[をにのはがでも])")
"""A name in brackets within a Japanese sentence."""


class _Says(Enum):
    NOTHING = auto()
    ALL_WELL = auto()
    SOMETHING = auto()


def says_nothing(text: str) -> bool:
    """Return whether a text says only that there is nothing to report; in doubt it does not.

    A reason may follow in brackets or after a dash.
    """
    return _says(text, frozenset((_Says.NOTHING,)))


def says_no_trouble(text: str) -> bool:
    """Return whether a text says only that there is nothing to report or that all is well; in doubt not."""
    return _says(text, frozenset((_Says.NOTHING, _Says.ALL_WELL)))


def _says(text: str, wanted: frozenset[_Says]) -> bool:
    plain = unicodedata.normalize("NFC", text).translate(_BROAD).casefold().replace("’", "'")
    plain = _NAMING.sub(lambda named: named[0] if is_reserved(named[0]) else "", plain)
    if wanted.issuperset(_all_said(plain)):
        return True
    asides = " ".join(_ASIDE.findall(plain))
    said = list(_all_said(_ASIDE.sub(" ", plain)))
    explained = said[:1] == [_Says.NOTHING] and wanted.issuperset(said)
    return explained and explains(asides)


def _all_said(text: str) -> Iterator[_Says]:
    for clause in _CLAUSE.split(text):
        if words := _WORD.findall(_without_label(clause)):
            yield _said(_without_label(clause), words)


def _without_label(clause: str) -> str:
    """Return a clause without a heading such as "Blocking issues:"."""
    heading, colon, rest = clause.replace("：", ":").partition(":")
    labels = colon and rest.strip() and all(word in _LABELS for word in _WORD.findall(heading))
    return rest if labels else clause


def _said(clause: str, words: Sequence[str]) -> _Says:
    unspaced = "".join(_WORD.findall(clause))
    if _denies(words) or denies_unspaced(unspaced):
        return _Says.NOTHING
    if is_flagged(clause):
        return _Says.SOMETHING
    parts = [_denies(part) or _is_good_news(part) for part in _parts(words)]
    if _is_good_news(words) or is_good_news_unspaced(unspaced) or (parts and all(parts)):
        return _Says.ALL_WELL if _is_whole(clause) else _Says.SOMETHING
    return _Says.SOMETHING


def _parts(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the parts between conjunctions; "without errors" is read as "and no errors"."""
    split = " ".join(words).replace("without", "and no").split()
    for joins, part in groupby(split, key=_JOINED.__contains__):
        if not joins:
            yield list(part)


def _denies(words: Sequence[str]) -> bool:
    if " ".join(words) in GOOD:
        return True
    if words[-1] in NOTHING and all(word in FILLING or word in TROUBLE for word in words[:-1]):
        return not words[:-1] or any(word in TROUBLE for word in words) or words[0] in ("there", "we", "i")
    first = next((place for place, word in enumerate(words) if word in _NEGATIONS), None)
    if first is None or not all(word in FILLING for word in words[:first]):
        return False
    return _denied_from(words[first], words[first + 1 :], led_in=first > 0)


def _denied_from(no: str, rest: Sequence[str], *, led_in: bool) -> bool:
    """Return whether a negation and the words after it deny all trouble."""
    if no in NOT:
        return "any" in rest and _is_trouble(rest)
    if no in NOTHING and all(word in FILLING or word in TROUBLE for word in rest):
        return not led_in or bool(rest)
    if rest and rest[-1] in FAILED and all(word in FILLING or word in THINGS for word in rest[:-1]):
        return True
    if rest and rest[-1] in NEEDED and all(word in _IDLE for word in rest):
        return any(word in UNNEEDED for word in rest)
    return _is_trouble(rest)


def _is_trouble(words: Sequence[str]) -> bool:
    """Return whether the words name nothing but kinds of trouble: "test errors", not "error checks"."""
    if not all(word in FILLING or word in TROUBLE or word in THINGS or word in FAILED for word in words):
        return False
    end = next((place for place, word in enumerate(words) if place and word in PREPOSITIONS), len(words))
    named = [word for word in words[:end] if word in TROUBLE or word in THINGS]
    return bool(named) and named[-1] in TROUBLE


def _is_good_news(words: Sequence[str]) -> bool:
    if " ".join(words) in GOOD:
        return True
    known = WHOLE | THINGS | WELL | AROUND
    if not all(word in known or _NUMBER.fullmatch(word) or _SHARE.fullmatch(word) for word in words):
        return False
    to_be_done = words[0] in BARE and len(words) > 1
    is_share = all(_SHARE.fullmatch(word) for word in words)
    return is_share or (any(word in WELL for word in words) and not to_be_done)


def _is_whole(clause: str) -> bool:
    """Return whether all counts in a clause are complete: 12 of 12, 100 %, and not 0."""
    shares = _SHARE.findall(clause)
    percents = _PERCENT.findall(clause)
    counted = _NUMBER.findall(_SHARE.sub(" ", clause))
    return (
        all(part == whole and int(part) for part, whole in shares)
        and all(_HUNDRED.fullmatch(percent) for percent in percents)
        and all(number.strip("0.,") for number in counted)
        and not (re.search(r"[0-9%] (?:out )?of\b", _SHARE.sub(" ", clause)) and "100" not in counted)
    )
