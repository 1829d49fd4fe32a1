"""Find findings in prose: lines with ✓ ⚠ ✗ that name a pattern, or are below a heading that does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sync.auditor.finding import AuditFinding, Misunderstood
from sync.auditor.reply_words import (
    ReplyPart,
    is_heading,
    marks_in,
    note_in,
    part_of,
    patterns_in,
    records_in,
)
from sync.patterns.names import PatternId
from sync.patterns.remembering.opinion import Mark

_TWO_MARKS: Final = "it has more than one of ✓ ⚠ ✗"
_NO_PATTERN: Final = "it has a verdict and names no pattern"
_NO_MARK: Final = "it names a pattern and has none of ✓ ⚠ ✗"


@dataclass(frozen=True, slots=True)
class Prose:
    """The findings of an answer in prose, and the lines of its recommendation."""

    said: tuple[AuditFinding | Misunderstood, ...]
    recommendation: tuple[str, ...]


@dataclass(slots=True)
class _Begun:
    """A finding that following lines may continue."""

    line: int
    patterns: tuple[PatternId, ...]
    mark: Mark
    lines: list[str]
    indent: int
    under_heading: bool

    def is_continued_by(self, line: str) -> bool:
        return self.under_heading or _indent(line) > self.indent

    def findings(self) -> list[AuditFinding | Misunderstood]:
        records = tuple(dict.fromkeys(each for line in self.lines for each in records_in(line)))
        return [
            AuditFinding(self.line, pattern, self.mark, note_in(self.lines), records)
            for pattern in self.patterns
        ]


def prose(lines: Sequence[str]) -> Prose:
    """Read the lines of an answer from which its JSON was removed."""
    reader = _Reader()
    for number, line in enumerate(lines, 1):
        reader.read(number, line)
    reader.close()
    return Prose(tuple(reader.said), tuple(reader.recommendation))


class _Reader:
    """The state of reading: the heading above the line, and the finding that it may continue."""

    def __init__(self) -> None:
        self.said: list[AuditFinding | Misunderstood] = []
        self.recommendation: list[str] = []
        self._part: ReplyPart | None = None
        self._named: tuple[PatternId, ...] = ()
        self._begun: _Begun | None = None

    def read(self, number: int, line: str) -> None:
        """Read the next line."""
        if not line.strip() or line.lstrip().startswith(("```", "~~~")):
            return
        if (part := part_of(line)) is not None:
            self.close()
            self._part, self._named = part, ()
        elif self._part is ReplyPart.RECOMMENDATION:
            self.recommendation.append(line.strip())
        elif self._part is not ReplyPart.SCOPE:
            self._read(number, line)

    def close(self) -> None:
        """End the finding that was begun, if any."""
        if self._begun is not None:
            self.said += self._begun.findings()
        self._begun = None

    def _read(self, number: int, line: str) -> None:
        named, marks, heading = patterns_in(line), marks_in(line), is_heading(line)
        if heading:
            self.close()
            self._named = named
        if marks:
            self.close()
            self._judged(number, line, named or self._named, marks, heading=heading)
        elif self._begun is not None and self._begun.is_continued_by(line):
            self._begun.lines.append(line)
        elif not heading:
            self.close()
            if named:
                self.said.append(Misunderstood(number, _NO_MARK))

    def _judged(
        self,
        number: int,
        line: str,
        patterns: tuple[PatternId, ...],
        marks: frozenset[Mark],
        *,
        heading: bool,
    ) -> None:
        if len(marks) > 1 or not patterns:
            self.said.append(Misunderstood(number, _TWO_MARKS if len(marks) > 1 else _NO_PATTERN))
            return
        (mark,) = marks
        self._begun = _Begun(number, patterns, mark, [line], _indent(line), under_heading=heading)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
