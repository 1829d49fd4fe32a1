"""Where a sentence of a text ends."""

import re
from typing import Final

_END: Final = re.compile(
    r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?<!\b[0-9]\.)(?<!\b[0-9]{2}\.)\s+|(?<=[。！？])\s*",
    re.IGNORECASE,
)
"""Not after the number of an item, nor after what is shortened in the midst of a sentence."""

_LEAST: Final = 12
"""Letters of a sentence that says what the matter is: "Failed." does not."""


def sentences(text: str) -> list[str]:
    """Return the sentences of a text in order, each with its full stop; the last may be empty."""
    return _END.split(text)


def opening(text: str) -> str:
    """Return the sentence with which a text begins; nothing when it is all of it, or says too little."""
    end = _END.search(text)
    if end is None or end.start() < _LEAST or not text[end.end() :].strip():
        return ""
    return text[: end.start()]
