"""Read an auditor's answer: findings in JSON or in lines with ✓ ⚠ ✗, anywhere in prose."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sync.auditor.finding import AuditFinding, Misunderstood
from sync.auditor.letter_wording import EXAMPLE
from sync.auditor.reply_json import EVIDENCE_KEYS, NOTE_KEYS, PATTERN_KEYS, VERDICT_KEYS, JsonObject, objects
from sync.auditor.reply_prose import prose
from sync.auditor.reply_words import mark_of, patterns_in, records_in
from sync.patterns.handoff.shown import shortened
from sync.patterns.names import PatternId
from sync.patterns.remembering.opinion import Mark

_LONGEST_WORD: Final = 40


@dataclass(frozen=True, slots=True)
class Reply:
    """The understood parts of an auditor's answer.

    Attributes:
        findings: The findings, in the order of the lines.
        misunderstood: The lines that look like findings and are none.
        recommendation: The lines below the heading "Recommendation".
    """

    findings: tuple[AuditFinding, ...]
    misunderstood: tuple[Misunderstood, ...]
    recommendation: tuple[str, ...]


def reply_of(text: str) -> Reply:
    """Read an answer without guessing; what looks like a finding and is none is reported."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    taken: set[int] = set()
    said: list[AuditFinding | Misunderstood] = []
    for each in objects(lines):
        if isinstance(each, JsonObject):
            taken.update(each.lines)
            said += _from_object(each.lines.start + 1, each.value)
        elif patterns_in(lines[each.line]) or '"pattern' in lines[each.line]:
            taken.add(each.line)
            said.append(Misunderstood(each.line + 1, "it begins as JSON and cannot be read as such"))
    rest = prose(["" if number in taken else line for number, line in enumerate(lines)])
    in_json = {(each.pattern, each.mark) for each in said if isinstance(each, AuditFinding)}
    said += [each for each in rest.said if not _is_repeated(each, in_json)]
    return Reply(
        tuple(_without_repetition(each for each in said if isinstance(each, AuditFinding))),
        tuple(sorted((each for each in said if isinstance(each, Misunderstood)), key=lambda each: each.line)),
        rest.recommendation,
    )


def _from_object(line: int, value: Mapping[str, Any]) -> Iterator[AuditFinding | Misunderstood]:
    patterns = patterns_in(_text(value, PATTERN_KEYS))
    mark = mark_of(_text(value, VERDICT_KEYS))
    note = _text(value, NOTE_KEYS)
    if not patterns:
        yield Misunderstood(line, "its JSON names no pattern")
    elif mark is None:
        yield Misunderstood(line, "its verdict is none of ✓ ⚠ ✗")
    elif note.strip() == EXAMPLE:
        yield Misunderstood(line, "it is the example of the question, and no answer")
    else:
        records = tuple(_records(value))
        yield from (AuditFinding(line, pattern, mark, note, records) for pattern in patterns)


def _text(value: Mapping[str, Any], keys: Sequence[str]) -> str:
    said = next((value[key] for key in keys if key in value), "")
    return " ".join(map(str, said)) if isinstance(said, list) else str(said)


def _records(value: Mapping[str, Any]) -> Iterator[str]:
    said = next((value[key] for key in EVIDENCE_KEYS if key in value), ())
    for each in said if isinstance(said, list) else [said] if isinstance(said, str) and said else ():
        yield from records_in(str(each)) or (shortened(str(each), _LONGEST_WORD),)


def _is_repeated(said: AuditFinding | Misunderstood, in_json: set[tuple[PatternId, Mark]]) -> bool:
    return isinstance(said, AuditFinding) and (said.pattern, said.mark) in in_json


def _without_repetition(findings: Iterable[AuditFinding]) -> Iterator[AuditFinding]:
    met: set[tuple[PatternId, Mark, str]] = set()
    for each in sorted(findings, key=lambda finding: finding.line):
        key = (each.pattern, each.mark, each.note.casefold())
        if key not in met:
            met.add(key)
            yield each
