"""Find the sections that a sentence mentions by name."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from sync.contract.naming import FILLING, key_words, words
from sync.contract.outline import ContractSection

_SHORT: Final = 4
"""A sentence with at most so many words besides the name may be a longer form of it."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_BEFORE = re.compile(r"([^\W_]+)[\s-]+$")
_AFTER = re.compile(r"^[\s-]+([^\W_]+)")
_POINTING = re.compile(r"(?:§\s*|\bsection\s+)$", re.IGNORECASE)
_POINTED = re.compile(r"\s+section\b", re.IGNORECASE)
_SAYING = re.compile(
    r"\s+(?:is|are|was|were|has|have|does|did|do|should|could|must|may|says?|said|lacks?|needs?|requires?|only"
    r"|never|states?|mentions?|covers?|gives?|leaves?|(?:is|was|do|does|did)n['’]t)\b"
)
_STOP = re.compile(r"\s*(?:[:;,]\s|\s[-–—]\s)")
_QUOTES: Final = "`\"“”'«»*"
_LEADING_IN: Final = FILLING | frozenset(
    ("see", "under", "per", "from", "missing", "no", "our", "your", "but")
)


class _Mention(NamedTuple):
    start: int
    end: int
    section: ContractSection
    is_certain: bool


def mentioned(sections: Sequence[ContractSection], sentence: str) -> list[ContractSection]:
    """Return the sections whose names are in the sentence; a name within a longer one does not count.

    A name of one word counts only if it is clearly a name: quoted, next to the word "section", or the
    subject at the beginning of the sentence. In a long sentence only an equally capitalised name counts.
    """
    found = [mention for section in sections for mention in _mentions(section, sentence)]
    longest = [mention for mention in found if not any(_holds(other, mention) for other in found)]
    certain = [mention for mention in longest if mention.is_certain]
    return list({mention.section.index: mention.section for mention in certain or longest}.values())


def _holds(other: _Mention, mention: _Mention) -> bool:
    longer = other.end - other.start > mention.end - mention.start
    vouched = other.is_certain or not mention.is_certain
    return longer and vouched and other.start <= mention.start and mention.end <= other.end


def _mentions(section: ContractSection, sentence: str) -> Iterator[_Mention]:
    count = len(words(sentence))
    for title in dict.fromkeys((section.title, section.bare_title, *section.short_titles, *section.aliases)):
        is_long = count > len(words(title)) + _SHORT
        for found in _occurrences(title, sentence):
            certain = _is_pointed_at(sentence, found)
            is_name = not is_long or _is_written_so(title, found[0])
            if certain or (is_name and len(key_words(title)) > 1 and not _is_part_of_a_name(sentence, found)):
                yield _Mention(found.start(), found.end(), section, certain)


def _occurrences(title: str, sentence: str) -> Iterator[re.Match[str]]:
    """Yield the occurrences of a name, whatever punctuation is between its words."""
    name = _pattern(title)
    if name is not None:
        yield from name.finditer(sentence)


@lru_cache(maxsize=16_384)
def _pattern(title: str) -> re.Pattern[str] | None:
    """Return the expression that finds a name, or None for one without words."""
    parts = _WORD.findall(title)
    if not parts:
        return None
    name = r"[\W_]{1,3}".join(map(re.escape, parts))
    return re.compile(rf"(?<![^\W_]){name}(?![^\W_])", re.IGNORECASE)


def _is_written_so(title: str, found: str) -> bool:
    return _WORD.findall(title) == _WORD.findall(found) and any(map(str.isupper, title))


def _is_part_of_a_name(sentence: str, found: re.Match[str]) -> bool:
    """Return whether a word next to the occurrence is capitalised, too, and may belong to a longer name."""
    before, after = _BEFORE.search(sentence[: found.start()]), _AFTER.match(sentence[found.end() :])
    return any(
        word is not None and not word[1].islower() and word[1].casefold() not in _LEADING_IN
        for word in (before, after)
    )


def _is_pointed_at(sentence: str, found: re.Match[str]) -> bool:
    before, after = sentence[: found.start()], sentence[found.end() :]
    quoted = before[-1:] in set(_QUOTES) and after[:1] in set(_QUOTES)
    speaks = found[0][:1].isupper() and _SAYING.match(after) is not None
    begins = not before.strip() and (speaks or _STOP.match(after) is not None)
    return quoted or begins or _POINTING.search(before) is not None or _POINTED.match(after) is not None
