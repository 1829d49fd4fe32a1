"""Which Unicode encoding the bytes of a log are in."""

from typing import Final

# The longer mark first: the mark of UTF-32-LE begins with that of UTF-16-LE.
_MARKS: Final = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

_SEEN: Final = 4096
"""Bytes at the beginning that are looked at."""

_LEAST: Final = 8
"""Code units below which nothing is sure."""

_LATIN: Final = 0.9
"""Part of the code units that are below U+0100 in a log that is surely in UTF-16."""


def codec_of(content: bytes) -> str | None:
    """Return the encoding of a log, by its mark or because it is plain to see; None: UTF-8."""
    marked = next((codec for mark, codec in _MARKS if content.startswith(mark)), None)
    return marked or _plainly(content[:_SEEN])


def _plainly(beginning: bytes) -> str | None:
    """Return UTF-16 where nearly every second byte is NUL and few of the others: no text in UTF-8 is so.

    A letter may have a NUL on the other side, as the line of a frame has, U+2500.
    """
    units = len(beginning) // 2
    even, odd = beginning[::2].count(0), beginning[1::2].count(0)
    if units < _LEAST or max(even, odd) < _LATIN * units or min(even, odd) > (1 - _LATIN) * units:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"
