"""Recognise ids, verdicts and headings in an auditor's answer, and take its notes without them."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from sync.patterns.names import PatternId
from sync.patterns.remembering.opinion import Mark

_PATTERN: Final = re.compile(r"(?<![\w-])[Pp]-(?P<digits>[0-9a-fA-F]{4,64})(?![\w-])")
_RECORD: Final = re.compile(r"(?<![\w-])[Rr]-(?P<digits>[0-9a-fA-F]{8}(?:-[0-9]{1,4})?)(?![\w-])")
_SIGNS: Final[Mapping[str, Mark]] = {
    **dict.fromkeys("✓✔✅☑🗸", Mark.HOLDS),
    **dict.fromkeys("⚠", Mark.DOUBTFUL),
    **dict.fromkeys("✗✘❌✖✕❎", Mark.FAILS),
}
_SAID: Final[Mapping[str, Mark]] = {
    **dict.fromkeys(("ok", "pass", "holds", "agree", "correct", "valid"), Mark.HOLDS),
    **dict.fromkeys(("warn", "warning", "doubtful", "partial", "caution"), Mark.DOUBTFUL),
    **dict.fromkeys(("fail", "fails", "wrong", "reject", "incorrect", "invalid"), Mark.FAILS),
}
_HEADING: Final = re.compile(r" {0,3}(?:#{1,6}[ \t]+(?P<atx>.*?)[ \t#]*|\*\*(?P<bold>[^*]+)\*\*:?)[ \t]*")
_SECTION: Final = re.compile(
    r"[\s#*_>\d.)-]*(?P<name>scope|findings?|recommendations?)[\s*_]*:?[\s*_#]*", re.IGNORECASE
)
_MARKUP: Final = re.compile(r"^[\s#>*+|-]+|\*\*|`|\||\ufe0f")
_EMPTY: Final = re.compile(r"[\[(][\s,;]*[\])]")
_LABEL: Final = re.compile(r"\b(?:evidence|records?|verdict)\s*:?[\s,;.()\[\]]*$", re.IGNORECASE)
_LEAD: Final = re.compile(r"(?:verdict|note|evidence)\s*(?::|$)\s*", re.IGNORECASE)
_EDGES: Final = " \t-–—:·,;"


class ReplyPart(StrEnum):
    """A part of an auditor's answer."""

    SCOPE = "scope"
    FINDINGS = "finding"
    RECOMMENDATION = "recommendation"


def patterns_in(text: str) -> tuple[PatternId, ...]:
    """Return the distinct ids of patterns in a text, normalised."""
    return tuple(dict.fromkeys(f"P-{found['digits'].lower()}" for found in _PATTERN.finditer(text)))


def records_in(text: str) -> tuple[str, ...]:
    """Return the distinct ids of records in a text, normalised."""
    return tuple(dict.fromkeys(f"R-{found['digits'].lower()}" for found in _RECORD.finditer(text)))


def marks_in(text: str) -> frozenset[Mark]:
    """Return the verdicts that a text has as signs."""
    return frozenset(_SIGNS[sign] for sign in text if sign in _SIGNS)


def mark_of(verdict: str) -> Mark | None:
    """Return the verdict of a word or sign; None if it is none or several."""
    said = {_SAID[verdict.strip().casefold()]} if verdict.strip().casefold() in _SAID else marks_in(verdict)
    return next(iter(said)) if len(said) == 1 else None


def part_of(line: str) -> ReplyPart | None:
    """Return the part of the answer that a line is the heading of; None if it is none."""
    found = _SECTION.fullmatch(line)
    return None if found is None else ReplyPart(found["name"].casefold().removesuffix("s"))


def is_heading(line: str) -> bool:
    """Return whether a line is a heading or entirely bold."""
    return _HEADING.fullmatch(line) is not None


def note_in(lines: Iterable[str]) -> str:
    """Return the text of lines without ids and verdicts."""
    told = (_note_of(line) for line in lines)
    return _LABEL.sub("", " ".join(each for each in told if each)).strip(_EDGES)


def _note_of(line: str) -> str:
    bare = _RECORD.sub("", _PATTERN.sub("", _MARKUP.sub(" ", line)))
    bare = "".join(letter for letter in bare if letter not in _SIGNS)
    told = " ".join(_EMPTY.sub("", bare).split()).strip(_EDGES)
    return told[lead.end() :] if (lead := _LEAD.match(told)) else told
