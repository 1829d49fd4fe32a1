"""Cut the two ends out of a long log, between paragraphs, else between lines, else between characters."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Final

_LINE_END: Final = re.compile(rb"\r\n?|\n")
_UNITS: Final = 4
"""The size of the widest code unit: a cut at a multiple of it falls between two characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The largest size of an end, in bytes of the file and in lines."""

    size: int
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEnd:
    """One end of a log in UTF-8, and its size in bytes of the file."""

    text: bytes
    size: int


def in_utf8(content: bytes, codec: str | None) -> bytes:
    """Return a log in UTF-8, with undecodable bytes replaced."""
    return content if codec is None else content.decode(codec, "replace").encode("utf-8", "replace")


def head_of(content: bytes, codec: str | None, room: Room) -> LogEnd:
    """Return the beginning of a log."""
    window = content[: room.size]
    if codec is not None:
        return _decoded(window, codec, lambda text: _first_lines(text, room.lines))
    window = _first_lines(window, room.lines)
    paragraph = window.rfind(b"\n\n", len(window) * 3 // 4)
    end = paragraph + 2 if paragraph > 0 else window.rfind(b"\n") + 1
    return _end(window[: end if end > 0 else len(window) - _torn(window)])


def tail_of(content: bytes, codec: str | None, room: Room, *, left_out: tuple[int, int]) -> LogEnd:
    """Return the end of a log.

    Args:
        content: The log.
        codec: Its encoding; None for UTF-8.
        room: The largest size of the end.
        left_out: Where in the content something is missing, and how many bytes of it.
    """
    window = _aligned(content, room.size, left_out)
    if codec is not None:
        return _decoded(window, codec, lambda text: _last_lines(text, room.lines))
    window = _last_lines(window, room.lines)
    paragraph = window.find(b"\n\n", 0, len(window) // 4)
    begin = paragraph + 2 if paragraph >= 0 else window.find(b"\n") + 1
    if 0 < begin < len(window):
        return _end(window[begin:])
    return _end(window.lstrip(bytes(range(0x80, 0xC0))))


def _end(text: bytes) -> LogEnd:
    return LogEnd(text=text, size=len(text))


def _decoded(window: bytes, codec: str, cut: Callable[[bytes], bytes]) -> LogEnd:
    whole = window.decode(codec, errors="ignore").encode("utf-8", "replace")
    text = cut(whole)
    return LogEnd(text=text, size=len(window) if text == whole else len(text.decode().encode(codec)))


def _first_lines(window: bytes, count: int) -> bytes:
    last = next(islice(_LINE_END.finditer(window), count - 1, None), None)
    return window if last is None else window[: last.end()]


def _last_lines(window: bytes, count: int) -> bytes:
    ends = [end.end() for end in _LINE_END.finditer(window)]
    return window if len(ends) <= count else window[ends[-count - 1] :]


def _aligned(content: bytes, size: int, left_out: tuple[int, int]) -> bytes:
    start = max(len(content) - size, 0)
    at, missing = left_out
    return content[start + -(start + (missing if start >= at else 0)) % _UNITS :]


def _torn(window: bytes) -> int:
    """Count the bytes of a character that the end of a window has cut in two."""
    for length in range(1, 4):
        lead = window[-length]
        if lead >= 0xC0:  # noqa: PLR2004 - the lead byte of a character in UTF-8
            return length if length < 2 + (lead >= 0xE0) + (lead >= 0xF0) else 0  # noqa: PLR2004 - same
        if lead < 0x80:  # noqa: PLR2004 - ASCII
            return 0
    return 0
