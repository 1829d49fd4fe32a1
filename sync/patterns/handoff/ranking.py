"""Rank patterns by runs, severity and recency, and tell which are worth a change."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sync.patterns.grouping.group import Group, reference_key
from sync.patterns.handoff.pattern import Pattern, Score
from sync.patterns.records.record import Record, RecordKind
from sync.patterns.records.window import Window, as_moment
from sync.tracelog.model import Outcome, Severity

PATTERN_RUNS: Final = 2
"""The least number of runs of a pattern."""

_PROPOSAL_RUNS: Final = 3
_SHORTEST_HALF_LIFE: Final = timedelta(days=30)

_BADNESS: Final[Mapping[Severity | Outcome, int]] = {
    Severity.CRITICAL: 8,
    Severity.ERROR: 4,
    Severity.WARNING: 2,
    Outcome.FAILED: 4,
    Outcome.PARTIAL: 2,
    Outcome.SUCCESS: 1,
}


def score_of(members: Sequence[Record], window: Window) -> Score:
    """Return the score of members: each run counts once, with its worst record, and as new without a date."""
    newest, half_life = window.last, _SHORTEST_HALF_LIFE
    if window.first is not None and window.last is not None:
        half_life = max(half_life, (window.last - window.first) / 4)
    runs: dict[str, tuple[int, float]] = {}
    for record in members:
        weight = _badness(record), _recency(record, newest, half_life)
        runs[record.path] = max(weight, runs.get(record.path, weight))
    badness = sum(weight for weight, _ in runs.values())
    recency = sum(weight * recent for weight, recent in runs.values()) / badness
    return Score(len(runs), round(badness / len(runs), 4), round(recency, 4))


def worst_severity(members: Sequence[Record]) -> Severity | None:
    """Return the worst severity of the members; None if none has one."""
    said = [record.severity for record in members if record.severity is not None]
    return max(said, key=lambda severity: _BADNESS[severity], default=None)


def runs_of(members: Sequence[Record]) -> int:
    """Return the number of logs that the members are from."""
    return len({record.path for record in members})


def deserves_proposal(group: Group) -> bool:
    """Return whether a group is not mixed and has at least three runs or a critical one."""
    enough = runs_of(group.members) >= _PROPOSAL_RUNS or worst_severity(group.members) is Severity.CRITICAL
    return enough and not group.mixed


def sections_of(members: Sequence[Record]) -> tuple[tuple[str, int], ...]:
    """Return the references to the contract with their numbers of runs; different spellings count as one."""
    spelled: dict[str, Counter[str]] = {}
    runs: dict[str, set[str]] = {}
    for record in members:
        if key := reference_key(record.reference):
            spelled.setdefault(key, Counter())[record.reference] += 1
            runs.setdefault(key, set()).add(record.path)
    return tuple(
        (min(spelled[key], key=lambda text: (-spelled[key][text], text)), len(runs[key]))
        for key in sorted(runs, key=lambda key: (-len(runs[key]), key))
    )


def ranked(patterns: Sequence[Pattern]) -> tuple[Pattern, ...]:
    """Sort patterns by score, then by the number of runs, then by id."""
    return tuple(sorted(patterns, key=lambda each: (-round(each.score.total, 4), -each.runs, each.id)))


def _badness(record: Record) -> int:
    said = record.severity or record.outcome
    if said is None:
        return 2 if record.kind is RecordKind.EXCEPTION else 1
    return _BADNESS[said]


def _recency(record: Record, newest: datetime | None, half_life: timedelta) -> float:
    moment = as_moment(record.moment)
    if moment is None or newest is None:
        return 1.0
    age = max(newest - moment, timedelta())
    return float(0.5 ** (age / half_life))
