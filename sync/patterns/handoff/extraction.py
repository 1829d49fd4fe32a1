"""Extract the patterns from logs, by rank."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sync.patterns.grouping.group import Group, group
from sync.patterns.grouping.naming import name_of, terms_of
from sync.patterns.handoff.parting import parted
from sync.patterns.handoff.pattern import Direction, Pattern, Trend
from sync.patterns.handoff.ranking import (
    PATTERN_RUNS,
    deserves_proposal,
    ranked,
    runs_of,
    score_of,
    sections_of,
    worst_severity,
)
from sync.patterns.names import PatternId
from sync.patterns.records.particulars import differ, most_miss
from sync.patterns.records.record import Record, by_place
from sync.patterns.records.taking import records_of
from sync.patterns.records.window import Window, as_moment
from sync.patterns.remembering.decisions import may_propose
from sync.patterns.remembering.earlier_groups import earlier_groups
from sync.patterns.remembering.identity import Merged, Split, identify_groups
from sync.patterns.remembering.memory import Memory


@dataclass(frozen=True, slots=True)
class Extraction:
    """The patterns in the logs of a window.

    Attributes:
        window: The logs.
        patterns: The patterns, by rank.
        alone: The records that no other run has, by path and line.
        changes: The merges and splits of patterns by the grouping since the last time.
        memory: The memory for the next time.
        records: The number of records in the logs.
        distance: The mean distance between the members of the widest group, from 0 to 1.
        tentative: Whether there are so few records that the next log may change the groups.
        uncompared: The number of records that were not compared, as there are too many.
    """

    window: Window
    patterns: tuple[Pattern, ...]
    alone: tuple[Record, ...]
    changes: tuple[Merged | Split, ...]
    memory: Memory
    records: int
    distance: float
    tentative: bool
    uncompared: int


def extract(window: Window, memory: Memory) -> Extraction:
    """Find the patterns in the logs of a window, with the ids, names and answers in memory."""
    records = [record for log in window.logs for record in records_of(log)]
    grouping = group(records, before=earlier_groups(records, memory))
    groups = [replace(each, mixed=each.mixed or differ(each.members)) for each in grouping.groups]
    looked_into = parted(groups)
    identified = identify_groups(
        looked_into.groups, memory, read=[log.path for log in window.logs], wholes=looked_into.wholes
    )
    shared: Mapping[PatternId, Group] = {
        pattern: each for pattern, each in identified.groups.items() if runs_of(each.members) >= PATTERN_RUNS
    }
    terms = dict(zip(shared, terms_of(tuple(shared.values())), strict=True))
    patterns = (
        replace(
            _pattern(pattern, each, window, identified.memory),
            terms=terms[pattern],
            tentative=grouping.tentative,
        )
        for pattern, each in shared.items()
    )
    return Extraction(
        window=window,
        patterns=ranked(tuple(patterns)),
        alone=_alone(identified.groups, shared),
        changes=identified.changes,
        memory=identified.memory,
        records=len(records),
        distance=grouping.distance,
        tentative=grouping.tentative,
        uncompared=grouping.uncompared,
    )


def remember_handoff(memory: Memory, extraction: Extraction) -> Memory:
    """Return the memory with the figures of a hand-off, which the next one is compared with."""
    for pattern in extraction.patterns:
        told = pattern.runs, extraction.window.runs
        memory = memory.with_known(pattern.id, replace(memory.of(pattern.id), told=told))
    met = {pattern.id for pattern in extraction.patterns}
    for gone in [pattern for pattern, known in memory.known.items() if known.told and pattern not in met]:
        memory = memory.with_known(gone, replace(memory.of(gone), told=(0, extraction.window.runs)))
    return memory


def _pattern(pattern: PatternId, found: Group, window: Window, memory: Memory) -> Pattern:
    moments = [moment for record in found.members if (moment := as_moment(record.moment)) is not None]
    runs = runs_of(found.members)
    known = memory.of(pattern)
    return Pattern(
        id=pattern,
        name=known.name or _named(found),
        terms=(),
        members=found.members,
        centre=found.centre,
        runs=runs,
        rate=round(100 * runs / window.runs, 1),
        first=min(moments, default=None),
        last=max(moments, default=None),
        severity=worst_severity(found.members),
        sections=sections_of(found.members),
        tentative=False,
        mixed=found.mixed,
        score=score_of(found.members, window),
        trend=_trend(known.told, runs=runs, of=window.runs),
        worth_proposing=deserves_proposal(found) and may_propose(memory, pattern, runs=runs),
    )


def _named(found: Group) -> str:
    """Return a name from what was not found, if that is the trouble, or else from the logs."""
    missing = None if found.mixed else most_miss(found.members)
    return name_of(found) if missing is None else f"{missing} was not found"


def _trend(told: tuple[int, int] | None, *, runs: int, of: int) -> Trend:
    """Return the trend by rate, which is steady if the difference is less than one run in this window."""
    if told is None:
        return Trend(Direction.NEW, 0, 0)
    before, before_of = told
    more = runs - before * of / max(before_of, 1)
    if abs(more) < 1:
        return Trend(Direction.STEADY, before, before_of)
    return Trend(Direction.RISING if more > 0 else Direction.FALLING, before, before_of)


def _alone(groups: Mapping[PatternId, Group], shared: Mapping[PatternId, Group]) -> tuple[Record, ...]:
    records = [record for pattern, each in groups.items() if pattern not in shared for record in each.members]
    return tuple(sorted(records, key=by_place))
