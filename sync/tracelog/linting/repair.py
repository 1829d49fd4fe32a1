"""Replace single lines of a file and leave every other byte unchanged."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, order=True)
class Repair:
    """A replacement of lines by others.

    Attributes:
        first: The first line to replace, counted from 1; with a `count` of 0, insert above it.
        count: The number of lines to replace.
        lines: The new lines, without line ends.
    """

    first: int
    count: int
    lines: tuple[str, ...]


def replacing(number: int, line: str, *, start: int, end: int, word: str) -> Repair:
    """Return a repair that replaces characters of a line, counted from 0, by a word."""
    return Repair(number, 1, (line[:start] + word + line[end:],))


def repaired(text: str, repairs: Iterable[Repair]) -> str:
    """Return the text after these repairs; of two that touch the same lines, one is left out.

    Args:
        text: The text with line ends of any kind; new lines get that of the first line.
        repairs: The repairs, with line numbers of `text`.
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
    """Split a text into lines with their ends, in the same places as `decode`."""
    ends = [found.end() for found in _LINE_END.finditer(text)]
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]


def _end_of(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]
