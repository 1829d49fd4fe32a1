"""Match today's groups with known patterns, so that these keep their ids."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from sync.patterns.grouping.group import Group
from sync.patterns.grouping.words import stems
from sync.patterns.names import PatternId, RecordKey
from sync.patterns.records.record import Record, by_place, path_in, record_key_of
from sync.patterns.remembering.decisions import new_id
from sync.patterns.remembering.memory import Known, Memory

_SAME: Final = 0.5
_A_PART: Final = 2


@dataclass(frozen=True, slots=True)
class Merged:
    """Several earlier patterns are one now."""

    into: PatternId
    patterns: tuple[PatternId, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """An earlier pattern is several now."""

    pattern: PatternId
    into: tuple[PatternId, ...]


@dataclass(frozen=True, slots=True)
class Identified:
    """The groups by their lasting ids, the merges and splits since, and the new memory."""

    groups: Mapping[PatternId, Group]
    changes: tuple[Merged | Split, ...]
    memory: Memory


def identify_groups(
    groups: Sequence[Group], memory: Memory, *, read: Sequence[str], wholes: Sequence[Group] = ()
) -> Identified:
    """Give each group the id of the pattern that it continues, or a new id.

    A group continues a pattern if at least half of their records, or of their logs, from logs that were read
    both times are in both. A person's merges and splits are kept; records that join a split pattern later go
    to the part with the most similar words.

    Args:
        groups: The groups, in the order of their first members.
        memory: The memory of earlier hand-offs.
        read: The paths of all logs that were read.
        wholes: The groups that were split up or joined after the grouping, which remembers them whole.
    """
    pinned, free, homes = _with_pins_apart(groups, memory)
    continued = _matched(free, memory, read=frozenset(read), homes=homes)
    parts: dict[PatternId, list[Group]] = defaultdict(list)
    for pattern, group in pinned.items():
        parts[pattern].append(group)
    taken = set(memory.known)
    for index, group in enumerate(free):
        pattern = continued.get(index) or new_id(min(map(record_key_of, group.members)), taken=taken)
        taken.add(pattern)
        parts[pattern].append(group)
    whole: dict[PatternId, list[Group]] = defaultdict(list)
    for pattern, groups_of_it in parts.items():
        whole[memory.leads_to(pattern)] += groups_of_it
    settled = {
        pattern: _joined(groups_of_it, centred_on=parts.get(pattern, groups_of_it))
        for pattern, groups_of_it in sorted(whole.items())
    }
    return Identified(
        groups=MappingProxyType(settled),
        changes=_changes(settled, memory),
        memory=_remembered(
            {pattern: _joined(each, centred_on=each) for pattern, each in parts.items()},
            memory,
            read=read,
            wholes=[*(group for group in groups if _is_pinned(group, memory)), *wholes],
        ),
    )


def _with_pins_apart(
    groups: Sequence[Group], memory: Memory
) -> tuple[dict[PatternId, Group], list[Group], dict[int, PatternId]]:
    """Move the records that a person assigned out of their groups and into her patterns.

    Returns:
        Her patterns, the rests of the groups, and by index the pattern of the rest of a group that she split.
    """
    pinned: dict[PatternId, list[Record]] = defaultdict(list)
    free: list[Group] = []
    homes: dict[int, PatternId] = {}
    for group in groups:
        staying: list[Record] = []
        placed: dict[PatternId, list[Record]] = defaultdict(list)
        for record in group.members:
            pattern = memory.pinned.get(record_key_of(record))
            (staying if pattern is None else placed[pattern]).append(record)
        for pattern, held in placed.items():
            pinned[pattern] += held
        if staying and placed:
            homes[len(free)] = _most_similar(staying, placed)
        if staying:
            centre = group.centre if group.centre in staying else staying[-1]
            free.append(Group(tuple(staying), centre, group.mixed))
    hers = {pattern: Group(_ordered(held), held[-1], mixed=False) for pattern, held in pinned.items()}
    return hers, free, homes


def _is_pinned(group: Group, memory: Memory) -> bool:
    return any(record_key_of(record) in memory.pinned for record in group.members)


def _most_similar(records: Sequence[Record], parts: Mapping[PatternId, Sequence[Record]]) -> PatternId:
    """Return the part whose records share most words with these; of several the largest, then by id."""
    said = [frozenset(stems(record.text)) for record in records]

    def shared(part: PatternId) -> float:
        told = [frozenset(stems(record.text)) for record in parts[part]]
        return round(sum(max(_shared(each, other) for other in told) for each in said), 6)

    return min(parts, key=lambda part: (-shared(part), -len(parts[part]), part))


def _matched(
    groups: Sequence[Group], memory: Memory, *, read: frozenset[str], homes: Mapping[int, PatternId]
) -> Mapping[int, PatternId]:
    """Pair groups with known patterns: first those in `homes`, then by likeness, each at most once."""
    holders: dict[RecordKey | str, set[PatternId]] = defaultdict(set)
    for pattern, known in memory.known.items():
        for key in known.records:
            holders[key].add(pattern)
            holders[path_in(key)].add(pattern)
    pairs = []
    for index, group in enumerate(groups):
        keys = frozenset(map(record_key_of, group.members))
        paths = frozenset(record.path for record in group.members)
        for pattern in sorted(set().union(*(holders[key] for key in (*keys, *paths) if key in holders))):
            likeness = _likeness(keys, paths, memory.of(pattern), both=read & frozenset(memory.read))
            if max(likeness) >= _SAME:
                pairs.append((likeness, pattern, index))
    matched = dict(homes)
    continued = set(homes.values())
    for _, pattern, index in sorted(pairs, key=lambda pair: (-pair[0][0], -pair[0][1], pair[1], pair[2])):
        if index not in matched and pattern not in continued:
            matched[index] = pattern
            continued.add(pattern)
    return matched


def _likeness(
    keys: frozenset[RecordKey], paths: frozenset[str], known: Known, *, both: frozenset[str]
) -> tuple[float, float]:
    """Return the likeness by records, and by their logs alone, as a log may have been corrected since."""
    then = frozenset(known.records)
    then_paths = frozenset(map(path_in, then))
    common = both | (paths & then_paths)
    return (
        _shared(
            {key for key in keys if path_in(key) in common}, {key for key in then if path_in(key) in common}
        ),
        _shared(paths & common, then_paths & common),
    )


def _shared(one: frozenset[str] | set[str], other: frozenset[str] | set[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def _joined(parts: Sequence[Group], *, centred_on: Sequence[Group]) -> Group:
    """Return several groups as one, which is not mixed if a person merged it.

    Its centre is that of the largest of `centred_on`, so that a pattern keeps its name if others are merged
    into it.
    """
    largest = max(centred_on, key=lambda part: len(part.members))
    members = _ordered([record for part in parts for record in part.members])
    return Group(members, largest.centre, mixed=largest.mixed and len(parts) == 1)


def _changes(settled: Mapping[PatternId, Group], memory: Memory) -> tuple[Merged | Split, ...]:
    """Return the merges and splits by the grouping, without those by a person."""
    held = _holders(memory)
    moved: dict[tuple[PatternId, PatternId], int] = defaultdict(int)
    keys = {
        pattern: {record_key_of(record) for record in group.members} for pattern, group in settled.items()
    }
    shared = Counter(key for each in keys.values() for key in each)
    for pattern, each in keys.items():
        for key in each:
            if shared[key] == 1 and (holders := held.get(key)):
                moved[pattern if pattern in holders else min(holders), pattern] += 1
    parts = sorted(pair for pair, count in moved.items() if count >= _A_PART)
    merged = [
        Merged(now, before)
        for now in settled
        if len(before := tuple(then for then, into in parts if into == now)) > 1
    ]
    split = [
        Split(then, now)
        for then in sorted({then for then, _ in parts})
        if len(now := tuple(into for before, into in parts if before == then)) > 1
    ]
    return (*merged, *split)


def _holders(memory: Memory) -> Mapping[RecordKey, AbstractSet[PatternId]]:
    """Return the pattern that had each record last, or all that ever had it if that is not known.

    Split and merged patterns keep their records in memory, so that they can be recognised again.
    """
    holders: dict[RecordKey, set[PatternId]] = defaultdict(set)
    for pattern, known in memory.known.items():
        for key in known.records:
            holders[key].add(pattern)
    for key, those in holders.items():
        if (latest := memory.pinned.get(key, memory.last_groups.get(key))) in those:
            those &= {latest}
    return {key: frozenset(map(memory.leads_to, those)) for key, those in holders.items()}


def _remembered(
    parts: Mapping[PatternId, Group], memory: Memory, *, read: Sequence[str], wholes: Sequence[Group]
) -> Memory:
    """Return the memory with each part by itself, so that merged patterns can be recognised again."""
    known = dict(memory.known)
    last_groups = dict(memory.last_groups)
    for pattern, group in sorted(parts.items()):
        records = tuple(sorted(set(map(record_key_of, group.members))))
        if pattern in known or len({record.path for record in group.members}) >= _A_PART:
            known[pattern] = replace(memory.of(pattern), records=records)
        last_groups |= dict.fromkeys(records, pattern if pattern in known else records[0])
    for whole in wholes:
        drawn = sorted(set(map(record_key_of, whole.members)))
        last_groups |= dict.fromkeys(drawn, drawn[0])
    return replace(
        memory,
        known=MappingProxyType(known),
        read=tuple(sorted(set(read))),
        last_groups=MappingProxyType(last_groups),
    )


def _ordered(records: Sequence[Record]) -> tuple[Record, ...]:
    return tuple(sorted(records, key=by_place))
