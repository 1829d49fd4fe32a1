"""Write a change as a unified diff for `git apply` and `patch`."""

from collections.abc import Iterator, Sequence
from typing import Final

from sync.contract.edit import Piece

_CONTEXT: Final = 3
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\r": "\\r", "\n": "\\n"}


def unified(name: str, lines: Sequence[str], pieces: Sequence[Piece]) -> str:
    """Return the pieces as one diff against the lines; empty if there are no pieces.

    Args:
        name: The path of the file, relative to the directory where the diff is applied.
        lines: The lines of the file, each with its line end.
        pieces: The pieces in the order of the lines, none touching another.
    """
    if not pieces:
        return ""
    hunks, shift = [], 0
    for together in _neighbours(pieces):
        hunks.append(_hunk(lines, together, shift))
        shift += sum(len(piece.new) - len(piece.old) for piece in together)
    return f"--- {_quoted(f'a/{name}')}\n+++ {_quoted(f'b/{name}')}\n{''.join(hunks)}"


def _neighbours(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield groups of pieces whose context lines touch, which form one hunk."""
    together: list[Piece] = []
    for piece in pieces:
        if together and piece.start > _end(together[-1]) + 2 * _CONTEXT:
            yield together
            together = []
        together.append(piece)
    yield together


def _hunk(lines: Sequence[str], pieces: Sequence[Piece], shift: int) -> str:
    start, stop = max(0, pieces[0].start - _CONTEXT), min(len(lines), _end(pieces[-1]) + _CONTEXT)
    body: list[str] = []
    here = start
    for piece in pieces:
        body += [_line(" ", line) for line in lines[here : piece.start]]
        body += [_line("-", line) for line in piece.old]
        body += [_line("+", line) for line in piece.new]
        here = _end(piece)
    body += [_line(" ", line) for line in lines[here:stop]]
    more = sum(len(piece.new) - len(piece.old) for piece in pieces)
    old, new = _range(start, stop - start), _range(start + shift, stop - start + more)
    return f"@@ -{old} +{new} @@\n{''.join(body)}"


def _range(start: int, count: int) -> str:
    """Return a range in a hunk's header; an empty one names the line before it."""
    return f"{start + 1 if count else start},{count}"


def _line(sign: str, line: str) -> str:
    return f"{sign}{line}" if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"


def _end(piece: Piece) -> int:
    return piece.start + len(piece.old)


def _quoted(name: str) -> str:
    """Quote a name as git does; a tab marks the end of a name with a space."""
    if all(" " <= letter <= "~" and letter not in _ESCAPES for letter in name):
        return f"{name}\t" if " " in name else name
    return f'"{"".join(map(_escaped, name))}"'


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if " " <= letter <= "~":
        return letter
    return "".join(f"\\{byte:03o}" for byte in letter.encode("utf-8", "surrogateescape"))
