"""Changes to single lines of a file that leave every other byte as it is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, order=True)
class Repair:
    """Lines that take the place of others.

    Attributes:
        first: The first line to go, counted from 1; with `count` 0 the others are put in above it.
        count: How many lines go.
        lines: What comes instead, without line ends.
    """

    first: int
    count: int
    lines: tuple[str, ...]


def replacing(number: int, line: str, *, start: int, end: int, word: str) -> Repair:
    """Return the repair that puts a word in the place of some letters of a line, counted from 0."""
    return Repair(number, 1, (line[:start] + word + line[end:],))


def repaired(text: str, repairs: Iterable[Repair]) -> str:
    """Carry repairs out; of two that touch the same lines only the first is.

    Args:
        text: As in the file: its line ends may be of any kind, and new lines get the kind that the first has.
        repairs: All counted in the lines of `text`.
    """
    found = _LINE_END.search(text)
    newline = found[0] if found else "\n"
    lines = _kept_lines(text)
    taken = len(lines) + 1
    for repair in sorted(set(repairs), reverse=True):
        begin, end = repair.first - 1, repair.first - 1 + repair.count
        if end > taken or (end == taken and repair.count == 0):
            continue
        ends = [_end_of(line) or newline for line in lines[begin:end]]
        ends += [newline] * (len(repair.lines) - len(ends))
        if end == len(lines) and repair.count and not _end_of(lines[-1]):
            ends[len(repair.lines) - 1] = ""
        lines[begin:end] = [line + after for line, after in zip(repair.lines, ends, strict=False)]
        taken = begin
    return "".join(lines)


def _kept_lines(text: str) -> list[str]:
    """Split into lines with their ends, where `decode` does."""
    ends = [found.end() for found in _LINE_END.finditer(text)]
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]


def _end_of(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]
