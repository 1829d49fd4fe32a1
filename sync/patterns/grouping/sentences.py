"""Split texts into sentences."""

import re
from typing import Final

_END: Final = re.compile(
    r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?<!\b[0-9]\.)(?<!\b[0-9]{2}\.)\s+|(?<=[。！？])\s*",
    re.IGNORECASE,
)
"""The end of a sentence, which is not after the number of an item or an abbreviation."""

_LEAST: Final = 12
"""The least length of a sentence that says what is wrong, which "Failed." does not."""


def sentences(text: str) -> list[str]:
    """Split a text into its sentences, each with its full stop; the last may be empty."""
    return _END.split(text)


def opening(text: str) -> str:
    """Return the first of several sentences of a text; empty if there is only one, or it says too little."""
    end = _END.search(text)
    if end is None or end.start() < _LEAST or not text[end.end() :].strip():
        return ""
    return text[: end.start()]
