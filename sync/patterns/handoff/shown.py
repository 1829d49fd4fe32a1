"""Words as they are shown: those of logs on one line, nothing invisible, not too long."""

import unicodedata
from typing import Final

from sync.patterns.grouping.sentences import sentences

_INVISIBLE: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))


def one_line(text: str) -> str:
    """Return a text on one line, without invisible characters and those that reorder others."""
    return without_invisible(" ".join(text.split()))


def without_invisible(text: str) -> str:
    """Return a text without invisible characters, which include line ends, and those that reorder others."""
    return "".join(letter for letter in text if unicodedata.category(letter) not in _INVISIBLE)


def shown_sentences(text: str) -> list[str]:
    """Split a text into its sentences, each on one line."""
    return [sentence for part in sentences(one_line(text)) if (sentence := part.strip())]


def shortened(text: str, longest: int) -> str:
    """Return a text of at most so many letters, cut between words if possible."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    words = cut.rpartition(" ")[0]
    return f"{words if len(words) > longest // 2 else cut}…"
