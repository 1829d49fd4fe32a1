"""The words, numbers and short names of headings and of references to them."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_NUMBER = re.compile(
    r"\s*(?:§+\s*|(?:sections?|sec\.?|chapter|part|article|clause|rule|step)\s+)?"
    r"(?P<number>[0-9]{1,3}(?:\.[0-9]{1,3}){0,5})(?:[.):](?=\s|$)|(?=\s|$))(?:\s*[-–—:]+(?=\s))?\s*",
    re.IGNORECASE,
)

_FILLING_WORDS: Final = """
a an the of on in for to and or is are be with by as at this that which its it s
section sections sec chapter paragraph clause heading rule rules requirement requirements policy policies
guideline guidelines contract contract's part
"""

FILLING: Final = frozenset(_FILLING_WORDS.split())
"""Words that do not distinguish one section from another."""

_REMARK = re.compile(r"\s+\([^()]*\)\s*$")
_LABEL = re.compile(r"(?P<label>[^\W\d_]{1,8}[\s-]?[0-9]{1,3})\s*[:.–—-]\s+(?P<rest>\S.*)$")
_ADDRESS = re.compile(r"[^\w\- ]")


def words(text: str) -> tuple[str, ...]:
    """Return the words in lower case, without punctuation."""
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text).casefold().replace("’", "'")))


def key_words(text: str) -> tuple[str, ...]:
    """Return the words that distinguish one section from another, or all words if none does."""
    found = words(text)
    return tuple(word for word in found if word not in FILLING) or found


def numbered(title: str) -> tuple[str, str]:
    """Split a title into its number and the rest; the number is empty if there is none, or nothing else."""
    found = _NUMBER.match(title)
    if found is None or not title[found.end() :].strip():
        return "", title.strip()
    return found["number"], title[found.end() :].strip()


def short_names(title: str) -> Iterator[str]:
    """Yield the short forms of a title: without a final remark in brackets, its label, and the rest."""
    short = _REMARK.sub("", title)
    labelled = _LABEL.match(short)
    if short != title:
        yield short
    if labelled is not None:
        yield labelled["label"]
        yield labelled["rest"]


def slug(title: str) -> str:
    """Return the anchor of a heading, as git hosts derive it."""
    return _ADDRESS.sub("", title.strip().lower()).replace(" ", "-")
