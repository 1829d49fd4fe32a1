"""Find JSON objects in prose: on one line or several, in JSON lists, list items or fences."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

PATTERN_KEYS: Final = ("pattern", "pattern_id", "patternid", "pattern id", "id")
VERDICT_KEYS: Final = ("verdict", "mark", "finding", "status", "result")
EVIDENCE_KEYS: Final = ("evidence", "evidence_record_ids", "evidence_ids", "records")
NOTE_KEYS: Final = ("note", "notes", "comment", "reason", "explanation")
"""The accepted names of each key; the first is the one that was asked for."""

_BEGIN: Final = re.compile(r"[ \t>]*(?:[-*+] |[0-9]{1,4}[.)] )?[`\[, \t]*(?=\{)")
_TALLEST: Final = 60
"""The largest number of lines of one object."""

_DEEPEST: Final = 4
_CURLY: Final = str.maketrans("“”„‟", '""""')


@dataclass(frozen=True, slots=True)
class JsonObject:
    """An object with its keys in lower case, and its lines, from 0."""

    lines: range
    value: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Broken:
    """A line, from 0, that begins an object which cannot be decoded."""

    line: int


def objects(lines: Sequence[str]) -> Iterator[JsonObject | Broken]:
    """Yield the objects that begin a line; of one that only contains others, the others."""
    number = 0
    while number < len(lines):
        begin = _BEGIN.match(lines[number])
        if begin is None:
            number += 1
            continue
        taken = number
        for each in _at(lines, number, begin.end()):
            yield each
            taken = max(taken, each.lines.stop - 1 if isinstance(each, JsonObject) else each.line)
        number = taken + 1


def _at(lines: Sequence[str], number: int, column: int) -> Iterator[JsonObject | Broken]:
    text = "\n".join(lines[number : number + _TALLEST])
    read = _decoded(text, column) or _decoded(text.translate(_CURLY), column)
    if read is None:
        yield Broken(number)
        return
    while read is not None:
        value, end = read
        taken = range(number, number + text.count("\n", 0, end) + 1)
        yield from (JsonObject(taken, each) for each in _findings(value, _DEEPEST))
        behind = re.compile(r"[ \t]*,[ \t]*(?=\{)").match(text, end)
        read = None if behind is None else _decoded(text, behind.end())


def _decoded(text: str, start: int) -> tuple[Any, int] | None:
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start)
    except (ValueError, RecursionError):
        return None


def _findings(value: Any, deep: int) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - any JSON at all
    """Yield the objects that are findings, or else the innermost ones, with keys in lower case."""
    if isinstance(value, dict):
        value = {key.casefold(): each for key, each in value.items()}
        if any(key in value for key in PATTERN_KEYS) and any(key in value for key in VERDICT_KEYS):
            yield value
            return
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    held = [each for part in inner for each in _findings(part, deep - 1)] if deep else []
    if held:
        yield from held
    elif isinstance(value, dict):
        yield value
