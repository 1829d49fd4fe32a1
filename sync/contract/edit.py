"""Edits of a contract's lines, and the contract after them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sync.contract.document import line_end


@dataclass(frozen=True, slots=True)
class LineEdit:
    """Replace some lines by others.

    Attributes:
        lines: The lines to remove, from 0; an empty range to insert only.
        new: The new lines, without line ends.
    """

    lines: range
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that are removed from `start`, and those in their place, each with its line end."""

    start: int
    old: tuple[str, ...]
    new: tuple[str, ...]


def in_whole_lines(lines: tuple[str, ...], edits: Iterable[LineEdit]) -> tuple[Piece, ...]:
    """Return the edits as pieces with line ends, in the order of the contract.

    New lines get the line end of their neighbours, and a contract without a final line end still has none.
    """
    return tuple(_piece(lines, edit) for edit in _joined(edits))


def _joined(edits: Iterable[LineEdit]) -> list[LineEdit]:
    """Return the edits in the order of the lines, those that touch joined into one."""
    joined: list[LineEdit] = []
    for edit in sorted(edits, key=lambda edit: (edit.lines.start, edit.lines.stop)):
        if joined and joined[-1].lines.stop == edit.lines.start:
            before = joined.pop()
            joined.append(LineEdit(range(before.lines.start, edit.lines.stop), before.new + edit.new))
        else:
            joined.append(edit)
    return joined


def _piece(lines: tuple[str, ...], edit: LineEdit) -> Piece:
    end = line_end(lines, edit.lines.start if edit.lines else edit.lines.start - 1)
    start, old = edit.lines.start, lines[edit.lines.start : edit.lines.stop]
    new = [f"{line}{end}" for line in edit.new]
    if edit.lines.stop == len(lines) and lines and not lines[-1].endswith("\n"):
        if not old:
            start, old = start - 1, lines[-1:]
            new.insert(0, f"{lines[-1]}{end}")
        new[-1] = new[-1].removesuffix(end)
    return Piece(start, old, tuple(new))


def changed(lines: Sequence[str], by: Iterable[Piece]) -> tuple[str, ...]:
    """Return the lines with the pieces applied."""
    result: list[str] = []
    done = 0
    for piece in by:
        result += [*lines[done : piece.start], *piece.new]
        done = piece.start + len(piece.old)
    return (*result, *lines[done:])
