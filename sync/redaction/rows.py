"""The long rows of signs in a text: no secret of machines is shorter, and most of a log is no such row."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

_BEYOND: Final = 1 << 62
_SIGNS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./+=:%$|~@-")
_SHORTEST: Final = 14
"""Signs in a row: no secret has fewer. To look there first saves most."""

_SIGN: Final = b"x"
_AS_SIGNS: Final = bytes(_SIGN[0] if chr(code) in _SIGNS else 0x20 for code in range(256))


@dataclass(frozen=True, slots=True)
class Rows:
    """The long rows of signs in a text.

    Attributes:
        text: All of them, a line each.
        starts: Where each begins: in `text` here, and in the text that they stand in.
    """

    text: str
    starts: tuple[tuple[int, int], ...]

    def place(self, at: int) -> int:
        """Return where something in `text` stands in the text that the rows are from."""
        here, there = self.starts[bisect_right(self.starts, (at, _BEYOND)) - 1]
        return there + at - here


def rows_of(text: str) -> Rows:
    """Find the long rows of signs in a text."""
    marks = text.encode("latin-1", "replace").translate(_AS_SIGNS)
    long = _SIGN * _SHORTEST
    rows: list[str] = []
    starts: list[tuple[int, int]] = []
    at, here = marks.find(long), 0
    while at >= 0:
        end = marks.find(b" ", at)
        end = len(text) if end < 0 else end
        rows.append(text[at:end])
        starts.append((here, at))
        here += end - at + 1
        at = marks.find(long, end)
    return Rows("\n".join(rows), tuple(starts))
