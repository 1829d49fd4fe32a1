"""The words of a heading or of a reference to one, and what in them says nothing."""

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
"""Words that do not tell one section from another."""

_REMARK = re.compile(r"\s+\([^()]*\)\s*$")
_LABEL = re.compile(r"(?P<label>[^\W\d_]{1,8}[\s-]?[0-9]{1,3})\s*[:.–—-]\s+(?P<rest>\S.*)$")
_ADDRESS = re.compile(r"[^\w\- ]")


def words(text: str) -> tuple[str, ...]:
    """Return the words, without case, marks and signs."""
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text).casefold().replace("’", "'")))


def telling(text: str) -> tuple[str, ...]:
    """Return the words that tell one section from another; all of them when there are no such."""
    found = words(text)
    return tuple(word for word in found if word not in FILLING) or found


def numbered(title: str) -> tuple[str, str]:
    """Split a title into its number, empty without one, and the rest; a number alone is no number."""
    found = _NUMBER.match(title)
    if found is None or not title[found.end() :].strip():
        return "", title.strip()
    return found["number"], title[found.end() :].strip()


def short_names(title: str) -> Iterator[str]:
    """Yield what people may call a section: it without a remark in brackets, its label, what follows that."""
    short = _REMARK.sub("", title)
    labelled = _LABEL.match(short)
    if short != title:
        yield short
    if labelled is not None:
        yield labelled["label"]
        yield labelled["rest"]


def slug(title: str) -> str:
    """Return the address of a heading within its page, as git hosts make it."""
    return _ADDRESS.sub("", title.strip().lower()).replace(" ", "-")
