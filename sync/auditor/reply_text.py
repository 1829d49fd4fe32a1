"""Say what became of an auditor's answer, as text and as JSON."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sync.amounts import counted
from sync.auditor.disguise import impersonal
from sync.auditor.finding import Misunderstood
from sync.auditor.judging import JudgedReply
from sync.auditor.reply import Reply
from sync.patterns.handoff.shown import shortened
from sync.patterns.remembering.opinion import Mark

_LONGEST_RECORD: Final = 60
_LONGEST_LINE: Final = 300
_RECOMMENDED: Final = 20
"""The largest number of lines of the recommendation to show."""


def text_of(reply: Reply, judged: JudgedReply) -> str:
    """Return the report for a person: what is kept, and what to do next."""
    return "\n".join(_lines(reply, judged)) + "\n"


def json_of(reply: Reply, judged: JudgedReply) -> Mapping[str, Any]:
    """Return the report for a program, as JSON values."""
    return {
        "findings": [
            {
                "line": each.finding.line,
                "pattern": each.finding.pattern,
                "verdict": str(each.opinion.mark),
                "note": each.opinion.note,
                "evidence": [record for record in each.finding.records if record not in each.missing],
            }
            for each in judged.kept
        ],
        "not_understood": [{"line": each.line, "why": each.why} for each in _missed(reply, judged)],
        "unknown_patterns": [{"line": each.line, "pattern": each.pattern} for each in judged.unknown],
        "unknown_records": [
            {"line": each.finding.line, "pattern": each.finding.pattern, "record": impersonal(record)}
            for each in judged.kept
            for record in each.missing
        ],
        "recommendation": [impersonal(line) for line in reply.recommendation],
    }


def not_taken(reply: Reply, judged: JudgedReply) -> Iterator[str]:
    """Yield what of an answer is left out or unknown, as sentences without a full stop."""
    for each in _missed(reply, judged):
        yield f"Line {each.line} is left out: {each.why}"
    for finding in judged.unknown:
        yield f"Line {finding.line} is left out: there is no pattern {finding.pattern}"
    for kept in judged.kept:
        for record in kept.missing:
            told = shortened(impersonal(record), _LONGEST_RECORD)
            yield f"Line {kept.finding.line} is kept, but there is no record {told}"


def _lines(reply: Reply, judged: JudgedReply) -> Iterator[str]:
    marks = Counter(each.opinion.mark for each in judged.kept)
    figures = ", ".join(f"{marks[mark]} {mark}" for mark in Mark if marks[mark])
    yield f"{counted(len(judged.kept), 'finding')} kept: {figures}."
    for each in judged.kept:
        note = shortened(each.opinion.note, _LONGEST_LINE)
        yield f"{each.opinion.mark} {each.finding.pattern}{f' “{note}”' if note else ''}"
    if reply.recommendation:
        yield "The auditor recommends (to read now; this is not kept):"
        shown = reply.recommendation[:_RECOMMENDED]
        yield from (f"  {shortened(impersonal(line), _LONGEST_LINE)}" for line in shown)
        if len(reply.recommendation) > len(shown):
            yield f"  … and {counted(len(reply.recommendation) - len(shown), 'line')} more in the file"
    yield "The next hand-off shows each finding beside its pattern; you decide: ai-traces patterns"


def _missed(reply: Reply, judged: JudgedReply) -> Sequence[Misunderstood]:
    return sorted((*reply.misunderstood, *judged.excess), key=lambda each: each.line)
