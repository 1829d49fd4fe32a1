"""Write a hand-off as JSON values."""

from collections.abc import Mapping
from typing import Any

from sync.patterns.handoff.handoff import Handoff, HandoffEntry, Suggestion
from sync.patterns.handoff.pattern import Pattern
from sync.patterns.handoff.placing import InContract, InDiff, NotPlaced
from sync.patterns.handoff.promises import CheckedPromise
from sync.patterns.handoff.shown import one_line
from sync.patterns.handoff.worded import Worded
from sync.patterns.records.record import path_in
from sync.patterns.records.window import as_moment, iso
from sync.patterns.remembering.opinion import Opinion
from sync.redaction.redact import redact


def json_of(handoff: Handoff) -> Mapping[str, Any]:
    """Return a hand-off as JSON values, in a stable order."""
    window, contract = handoff.extraction.window, handoff.contract
    return {
        "window": {"runs": window.runs, "first": iso(window.first), "last": iso(window.last)},
        "patterns": [_entry(entry) for entry in handoff.entries],
        "diff": handoff.diff,
        "unplaced": [unplaced for entry in handoff.entries for unplaced in _unplaced(entry)],
        "contract": None
        if contract is None
        else {"name": redact(contract.name).text, "sha256": contract.sha256},
        "kept": [_kept(kept) for kept in handoff.checks],
        "waiting": list(handoff.waiting),
        "changes": list(handoff.changes),
        "tentative": handoff.extraction.tentative,
        "records": handoff.extraction.records,
        "wording": None if handoff.worded is None else _worded(handoff.worded),
    }


def _worded(worded: Worded) -> Mapping[str, Any]:
    return {
        "model": worded.model,
        "prompt_sha256": worded.prompt,
        "response_sha256": worded.response,
        "changed": [{"id": pattern, "part": str(part)} for pattern, part in worded.changed],
        "unchanged": [
            {"id": each.pattern, "part": str(each.part), "why": each.why} for each in worded.unchanged
        ],
    }


def _entry(entry: HandoffEntry) -> Mapping[str, Any]:
    pattern, suggestion = entry.pattern, entry.suggestion
    wanted = None if entry.missing_rule is None else str(entry.missing_rule.expected)
    return {
        "id": pattern.id,
        "name": one_line(pattern.name),
        "count": len(pattern.members),
        "runs": pattern.runs,
        "rate": pattern.rate,
        "first": iso(pattern.first),
        "last": iso(pattern.last),
        "severity": None if pattern.severity is None else str(pattern.severity),
        "members": [
            {
                "path": redact(record.path).text,
                "line": record.line,
                "date": iso(as_moment(record.moment)),
                "text": one_line(record.text),
            }
            for record in pattern.members
        ],
        "section": None if suggestion is None else _section(suggestion),
        "proposal": None if suggestion is None else suggestion.proposal.sentence,
        "expected": wanted if suggestion is None else suggestion.expectation,
        "tentative": pattern.tentative,
        "mixed": pattern.mixed,
        "agreed": suggestion is not None and suggestion.agreed,
        "terms": list(pattern.terms),
        "score": _score(pattern),
        **({"audit": [_opinion(each) for each in entry.opinions]} if entry.opinions else {}),
        "trend": {
            "direction": str(pattern.trend.direction),
            "before_runs": pattern.trend.before_runs,
            "before_of": pattern.trend.before_of,
        },
    }


def _opinion(opinion: Opinion) -> Mapping[str, Any]:
    return {
        "verdict": str(opinion.mark),
        "note": one_line(opinion.note),
        "logs_until": opinion.until or None,
        "evidence": list(dict.fromkeys(redact(path_in(key)).text for key in opinion.evidence)),
    }


def _score(pattern: Pattern) -> Mapping[str, float]:
    score = pattern.score
    return {
        "total": round(score.total, 4),
        "runs": score.runs,
        "severity": score.severity,
        "recency": score.recency,
    }


def _section(suggestion: Suggestion) -> str | None:
    match suggestion.where:
        case InDiff(section=section) | InContract(section=section):
            return section
        case _:
            return None


def _unplaced(entry: HandoffEntry) -> list[Mapping[str, Any]]:
    if entry.missing_rule is not None:
        why = "no log says what would help, and its words make no rule"
        nearest = list(entry.missing_rule.nearest)
        return [{"id": entry.pattern.id, "proposal": None, "why": why, "nearest": nearest}]
    if entry.suggestion is None or not isinstance(where := entry.suggestion.where, NotPlaced):
        return []
    return [
        {
            "id": entry.pattern.id,
            "proposal": entry.suggestion.proposal.sentence,
            "why": where.why,
            "nearest": list(where.nearest),
        }
    ]


def _kept(kept: CheckedPromise) -> Mapping[str, Any]:
    check = kept.check
    return {
        "id": kept.pattern,
        "name": one_line(kept.promise.name),
        "since": kept.promise.since or None,
        "before": {"runs": check.expected.runs, "of": check.expected.of},
        "after": {"runs": check.runs, "of": check.of},
        "at_most": check.expected.at_most,
        "as_proposed": kept.is_ours,
        "standing": str(check.standing),
        "chance": round(check.chance, 4),
    }
