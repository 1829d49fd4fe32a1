"""What became of an answer, for a person and for a program."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sync.auditor.disguise import impersonal
from sync.auditor.judging import Heard
from sync.auditor.reply import Reply
from sync.auditor.said import Misunderstood
from sync.patterns.handoff.shown import counted, shortened
from sync.patterns.remembering.opinion import Mark

_LONGEST_RECORD: Final = 60
_LONGEST_LINE: Final = 300
_RECOMMENDED: Final = 20
"""Lines of the recommendation that are shown."""


def text_of(reply: Reply, heard: Heard) -> str:
    """Say what is kept, and what becomes of it."""
    return "\n".join(_lines(reply, heard)) + "\n"


def json_of(reply: Reply, heard: Heard) -> Mapping[str, Any]:
    """Return what became of an answer as JSON values."""
    return {
        "findings": [
            {
                "line": each.finding.line,
                "pattern": each.finding.pattern,
                "verdict": str(each.opinion.mark),
                "note": each.opinion.note,
                "evidence": [record for record in each.finding.records if record not in each.missing],
            }
            for each in heard.kept
        ],
        "not_understood": [{"line": each.line, "why": each.why} for each in _missed(reply, heard)],
        "unknown_patterns": [{"line": each.line, "pattern": each.pattern} for each in heard.unknown],
        "unknown_records": [
            {"line": each.finding.line, "pattern": each.finding.pattern, "record": impersonal(record)}
            for each in heard.kept
            for record in each.missing
        ],
        "recommendation": [impersonal(line) for line in reply.recommendation],
    }


def not_taken(reply: Reply, heard: Heard) -> Iterator[str]:
    """Yield what of an answer was not understood or is not there, a sentence each, without its end."""
    for each in _missed(reply, heard):
        yield f"Line {each.line} is left out: {each.why}"
    for finding in heard.unknown:
        yield f"Line {finding.line} is left out: there is no pattern {finding.pattern}"
    for kept in heard.kept:
        for record in kept.missing:
            told = shortened(impersonal(record), _LONGEST_RECORD)
            yield f"Line {kept.finding.line} is kept, but there is no record {told}"


def _lines(reply: Reply, heard: Heard) -> Iterator[str]:
    marks = Counter(each.opinion.mark for each in heard.kept)
    figures = ", ".join(f"{marks[mark]} {mark}" for mark in Mark if marks[mark])
    yield f"{counted(len(heard.kept), 'finding')} kept: {figures}."
    for each in heard.kept:
        note = shortened(each.opinion.note, _LONGEST_LINE)
        yield f"{each.opinion.mark} {each.finding.pattern}{f' “{note}”' if note else ''}"
    if reply.recommendation:
        yield "The auditor recommends (to read now; this is not kept):"
        shown = reply.recommendation[:_RECOMMENDED]
        yield from (f"  {shortened(impersonal(line), _LONGEST_LINE)}" for line in shown)
        if len(reply.recommendation) > len(shown):
            yield f"  … and {counted(len(reply.recommendation) - len(shown), 'line')} more in the file"
    yield "The next hand-off shows each finding beside its pattern; you decide: ai-traces patterns"


def _missed(reply: Reply, heard: Heard) -> Sequence[Misunderstood]:
    return sorted((*reply.misunderstood, *heard.excess), key=lambda each: each.line)
