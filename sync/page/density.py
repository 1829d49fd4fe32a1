"""Estimate how many blocks a log will make, without parsing it."""

import re
from collections.abc import Iterator
from typing import Final

_LINE_END: Final = re.compile(rb"\r\n?")
_LINE_OF_FENCE: Final = rb"( {0,3}(`{3,}|~{3,})([^\n]*))"
_FIRST_FENCE: Final = re.compile(_LINE_OF_FENCE)
_FENCE: Final = re.compile(rb"\n" + _LINE_OF_FENCE)
"""Begins with a fixed byte, so that the search skips all others fast."""
_PIECE: Final = 512 * 1024

_BEGINS: Final = re.compile(
    rb"^[ \t>]*(?:[-*+][ \t]|[0-9]{1,9}[.)][ \t]|#{1,6}[ \t]|\||\n(?![ \t>]*\n))", re.MULTILINE
)
"""The beginning of a block: the mark of an item, heading or row, or the end of a run of empty lines."""


def is_dense(content: bytes, most: int) -> bool:
    """Return whether a log in UTF-8 has more than `most` beginnings of blocks; code has none."""
    if content.count(b"\n") + content.count(b"\r") <= most:
        return False
    text = _LINE_END.sub(b"\n", content)
    return sum(len(_BEGINS.findall(part)) for part in _outside_code(text)) > most


def fences(lines: bytes, before: bytes) -> Iterator[tuple[int, bytes]]:
    """Follow the fences of code through whole lines.

    Args:
        lines: The lines.
        before: The line that opened the fence which is open before them; empty if none is.

    Yields:
        Where a fence opens or closes, and the line that opened it, which is empty where it closes.
    """
    opened = before
    for match in _marks(lines):
        mark, rest = match[2], match[3].strip()
        if not opened and not (mark[:1] == b"`" and b"`" in rest):
            opened = mark + rest[:80]
            yield match.start(1), opened
        elif opened and not rest and mark.startswith(opening_signs(opened)):
            opened = b""
            yield match.end(), opened


def _marks(lines: bytes) -> Iterator[re.Match[bytes]]:
    """Find possible fences piece by piece, as one long search would block other threads."""
    if (first := _FIRST_FENCE.match(lines)) is not None:
        yield first
    start = 0
    while start < len(lines):
        end = lines.find(b"\n", start + _PIECE)
        end = len(lines) if end < 0 else end
        yield from _FENCE.finditer(lines, start, end)
        start = end


def opening_signs(fence: bytes) -> bytes:
    """Return the signs that a fence begins with."""
    return fence[: len(fence) - len(fence.lstrip(fence[:1]))]


def _outside_code(text: bytes) -> Iterator[bytes]:
    done = 0
    for place, opened in fences(text, b""):
        if opened:
            yield text[done:place]
        done = place if not opened else len(text)
    yield text[done:]
