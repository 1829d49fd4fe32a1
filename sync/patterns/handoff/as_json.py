"""The hand-off as a program reads it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sync.patterns.handoff.handoff import Handoff, HandoffEntry, Suggestion
from sync.patterns.handoff.pattern import Pattern
from sync.patterns.handoff.placing import InContract, InDiff, NotPlaced
from sync.patterns.handoff.promises import CheckedPromise
from sync.patterns.handoff.shown import seen
from sync.patterns.handoff.worded import Worded
from sync.patterns.records.window import as_moment
from sync.patterns.remembering.opinion import Opinion
from sync.redaction.redact import redact


def json_of(handoff: Handoff) -> Mapping[str, Any]:
    """Return a hand-off as JSON values, in a settled order."""
    window, contract = handoff.extraction.window, handoff.contract
    return {
        "window": {"runs": window.runs, "first": _moment(window.first), "last": _moment(window.last)},
        "patterns": [_entry(entry) for entry in handoff.entries],
        "diff": handoff.diff,
        "unplaced": [unplaced for entry in handoff.entries for unplaced in _unplaced(entry)],
        "contract": None
        if contract is None
        else {"name": redact(contract.name).text, "sha256": contract.sha256},
        "kept": [_kept(kept) for kept in handoff.kept],
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
    wanted = None if entry.wanting is None else str(entry.wanting.expected)
    return {
        "id": pattern.id,
        "name": seen(pattern.name),
        "count": len(pattern.members),
        "runs": pattern.runs,
        "rate": pattern.rate,
        "first": _moment(pattern.first),
        "last": _moment(pattern.last),
        "severity": None if pattern.severity is None else str(pattern.severity),
        "members": [
            {
                "path": redact(record.path).text,
                "line": record.line,
                "date": _moment(as_moment(record.moment)),
                "text": seen(record.text),
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
        "note": seen(opinion.note),
        "logs_until": opinion.until or None,
        "evidence": list(dict.fromkeys(redact(key.rpartition("#")[0]).text for key in opinion.evidence)),
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
    if entry.wanting is not None:
        why = "no log says what would help, and its words make no rule"
        nearest = list(entry.wanting.nearest)
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
        "name": seen(kept.promise.name),
        "since": kept.promise.since or None,
        "before": {"runs": check.expected.runs, "of": check.expected.of},
        "after": {"runs": check.runs, "of": check.of},
        "at_most": check.expected.at_most,
        "as_proposed": kept.is_ours,
        "standing": str(check.standing),
        "chance": round(check.chance, 4),
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
