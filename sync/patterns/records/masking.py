"""Mask what varies between texts on the same trouble: addresses, browsers, ids, paths, dates and numbers."""

import re
from typing import Final

_VOLATILE: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\[redacted(?:[:_][a-z0-9_-]{1,60})?\]",
        r"\bmozilla/[0-9.]{1,9}(?:\s?\([^()]{0,200}\))?(?:\s[a-z]{1,30}/[\w.+-]{1,40}(?:\s?\([^()]{0,80}\))?)*",
        r"\b[a-z][a-z0-9+.-]{1,20}://[^\s<>\"')\]]+",
        r"\b[^\s@<>()]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+\b",
        r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b",
        r"\b0x[0-9a-f]+\b",
        r"\b(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{7,}\b",
        r"(?<![\w/])(?:[a-z]:\\|~?/|\.{1,2}/)[\w.@+-]+(?:[/\\][\w.@+-]+)+[/\\]?",
        r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[t ][0-9]{2}:[0-9]{2}[0-9:.,]*(?:z|[+-][0-9:]{4,6})?)?",
        r"[-+]?\b[0-9]+(?:[.,:][0-9]+)*",
    )
)

_SPACES = re.compile(r"\s+")


def mask(text: str) -> str:
    """Return a text without its varying parts, or the text itself if it has no others."""
    masked = text
    for volatile in _VOLATILE:
        masked = volatile.sub(" ", masked)
    masked = _SPACES.sub(" ", masked).strip()
    return masked if any(letter.isalpha() for letter in masked) else _SPACES.sub(" ", text).strip()
