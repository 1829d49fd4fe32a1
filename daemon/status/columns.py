"""Text for a terminal: invisible characters escaped, widths as they are displayed. Pure."""

import unicodedata
from collections.abc import Iterator

_INVISIBLE = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def visible(text: str) -> str:
    r"""Return text with control and invisible characters escaped, such as `\x1b` or `\u202e`."""
    return "".join(_escaped(each) if unicodedata.category(each) in _INVISIBLE else each for each in text)


def width(text: str) -> int:
    """Return the number of columns that visible text takes."""
    return sum(map(_width, text))


def wrapped(text: str, *, columns: int) -> Iterator[str]:
    """Yield visible text in lines of at most `columns`, broken between words if possible."""
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer) <= columns:
            line = longer
            continue
        if line:
            yield line
        *full, line = _pieces(word, columns=columns)
        yield from full
    yield line


def clipped(text: str, *, columns: int) -> str:
    """Return visible text cut to `columns`, with `…` at the end if something was cut."""
    if width(text) <= columns:
        return text
    piece = next(_pieces(text, columns=columns - 1))
    return f"{piece if width(piece) < columns else ''}…"  # a wide character may not fit by itself


def _pieces(word: str, *, columns: int) -> Iterator[str]:
    piece, taken = "", 0
    for each in word:
        if piece and taken + _width(each) > columns:
            yield piece
            piece, taken = "", 0
        piece, taken = piece + each, taken + _width(each)
    yield piece


def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _escaped(character: str) -> str:
    code = ord(character)
    if code < 0x100:  # noqa: PLR2004 - what two digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004 - what four digits hold
