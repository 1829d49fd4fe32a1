"""Words as they are shown: those of logs on one line, nothing invisible, not too long; numbers with nouns."""

import re
import unicodedata
from typing import Final

_SENTENCE_END: Final = re.compile(
    r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?<!\b[0-9]\.)(?<!\b[0-9]{2}\.)\s+|(?<=[。！？])",
    re.IGNORECASE,
)
"""Not after the number of an item, nor after what is shortened in the midst of a sentence."""
_UNSEEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))


def seen(text: str) -> str:
    """Return a text on one line, without letters that nobody sees or that move others."""
    return without_unseen(" ".join(text.split()))


def without_unseen(text: str) -> str:
    """Return a text without letters that nobody sees or that move others; line ends are such, too."""
    return "".join(letter for letter in text if unicodedata.category(letter) not in _UNSEEN)


def sentences(text: str) -> list[str]:
    """Split a text into its sentences."""
    return [sentence for part in _SENTENCE_END.split(seen(text)) if (sentence := part.strip())]


def shortened(text: str, longest: int) -> str:
    """Return a text of at most so many letters, cut where it is too long: between words, if it has such."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    words = cut.rpartition(" ")[0]
    return f"{words if len(words) > longest // 2 else cut}…"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
