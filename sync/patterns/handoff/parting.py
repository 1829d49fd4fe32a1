"""Groups looked into once more: clear parts of a mixed one, and what was missing wherever it was told of."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from sync.patterns.grouping.group import Group, reference_key
from sync.patterns.grouping.words import stems
from sync.patterns.records.particulars import differ, ending_of, missing_in, most_miss
from sync.patterns.records.record import Record

_RUNS: Final = 3
"""A part of fewer runs may be chance."""

_SHARED: Final = 0.4
"""How much members have to say in the words of the one in their midst, where something else unites them."""

_ALIKE: Final = 0.7
"""The same where nothing else does."""

_COMPARED: Final = 200
"""Texts of a part that are compared with one another; the rest only with the one in their midst."""

_ROUNDS: Final = 12
"""How often what remains is looked into for one more part."""

_View: TypeAlias = Callable[[Record], str | None]


@dataclass(frozen=True, slots=True)
class Parted:
    """Groups, once they were looked into.

    Attributes:
        groups: What is one trouble each, as far as that can be told.
        wholes: The groups as they were drawn, of those that were changed.
    """

    groups: tuple[Group, ...]
    wholes: tuple[Group, ...]


def parted(groups: Sequence[Group]) -> Parted:
    """Let each clear part of a mixed group be one by itself, and let all that missed one thing be one."""
    known = _often_missing(groups)
    settled: list[Group] = []
    missed: dict[str, list[Group]] = defaultdict(list)
    wholes: list[Group] = []
    drawn = set(map(id, groups))
    for group in groups:
        parts = list(_parts(group, known)) if group.mixed else _without_astray(group)
        if len(parts) > 1:
            wholes.append(group)
        for part in parts:
            thing = None if part.mixed else most_miss(part.members)
            (settled if thing is None else missed[thing.casefold()]).append(part)
    for same in missed.values():
        settled.append(_telling(_joined(same)))
        if len(same) > 1:
            wholes += [each for each in same if id(each) in drawn]
    return Parted(tuple(sorted(settled, key=lambda each: _place(each.members[0]))), tuple(wholes))


def _without_astray(group: Group) -> list[Group]:
    """Take commands that ended otherwise out of a group that misses one thing."""
    thing = most_miss(group.members)
    if thing is None:
        return [group]
    astray = [each for each in group.members if missing_in(each.text) != thing and ending_of(each.text)]
    if not astray:
        return [group]
    staying = _without(group.members, astray)
    centre = group.centre if any(each is group.centre for each in staying) else staying[-1]
    return [
        Group(tuple(staying), centre, mixed=False),
        Group(tuple(astray), astray[-1], mixed=differ(astray)),
    ]


def _often_missing(groups: Sequence[Group]) -> frozenset[str]:
    """Return what enough runs did not find, taking together what is mixed and what tells of nothing else."""
    runs: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        for record in group.members if group.mixed or most_miss(group.members) is not None else ():
            if (thing := missing_in(record.text)) is not None:
                runs[thing.casefold()].add(record.path)
    return frozenset(thing for thing, paths in runs.items() if len(paths) >= _RUNS)


def _parts(group: Group, known: frozenset[str]) -> Iterator[Group]:
    """Yield what misses a thing that enough runs missed, what unites as many runs, and what remains."""
    rest = list(group.members)
    lacking: dict[str, list[Record]] = defaultdict(list)
    for record in group.members:
        lacking[(missing_in(record.text) or "").casefold()].append(record)
    for thing in sorted(known & lacking.keys()):
        yield Group(tuple(lacking[thing]), lacking[thing][-1], mixed=False)
        rest = _without(rest, lacking[thing])
    for view, least in (
        (lambda record: ending_of(record.text), _SHARED),
        (lambda record: reference_key(record.reference) or None, _SHARED),
        (lambda _: "", _ALIKE),
    ):
        for _ in range(_ROUNDS):
            if not (found := _united(rest, view, least)):
                break
            rest = _without(rest, [record for part in found for record in part.members])
            yield from found
    if rest:
        centre = group.centre if any(each is group.centre for each in rest) else rest[-1]
        is_clear = len(rest) == 1 or (differ(group.members) and not differ(rest) and _is_tight(rest))
        yield Group(tuple(rest), centre, mixed=not is_clear)


def _without(records: Sequence[Record], taken: Sequence[Record]) -> list[Record]:
    gone = set(map(id, taken))
    return [record for record in records if id(record) not in gone]


def _united(records: Sequence[Record], view: _View, least: float) -> list[Group]:
    """Return a group for each value of a view that enough runs have and that is one trouble."""
    by_value: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if (value := view(record)) is not None:
            by_value[value.casefold()].append(record)
    found = (_around_midst(by_value[value], least) for value in sorted(by_value))
    return [
        each
        for each in found
        if len({record.path for record in each.members}) >= _RUNS
        and not differ(each.members)
        and not _disagree(each.members)
    ]


def _around_midst(records: Sequence[Record], least: float) -> Group:
    """Return the member that most others are like, and these."""
    told = [frozenset(stems(record.text)) for record in records]
    compared = told[:_COMPARED]
    nearness = [sum(each for other in compared if (each := _shared(one, other)) >= least) for one in compared]
    midst = max(range(len(compared)), key=lambda one: (round(nearness[one], 6), one))
    near = [record for record, each in zip(records, told, strict=True) if _shared(told[midst], each) >= least]
    return Group(tuple(near), records[midst], mixed=False)


def _is_tight(records: Sequence[Record]) -> bool:
    return len(_around_midst(records, _SHARED).members) == len(records)


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0


def _disagree(members: Sequence[Record]) -> bool:
    """Tell whether no section of the contract is named by most of the members that name any."""
    named = Counter(key for record in members if (key := reference_key(record.reference)))
    return len(named) > 1 and max(named.values()) * 2 <= named.total()


def _joined(same: Sequence[Group]) -> Group:
    if len(same) == 1:
        return same[0]
    members = sorted((record for each in same for record in each.members), key=_place)
    largest = max(same, key=lambda each: len(each.members))
    return Group(tuple(members), largest.centre, mixed=False)


def _telling(group: Group) -> Group:
    """Let a record that says what was missing stand for a group of such."""
    thing = most_miss(group.members)
    if thing is None or missing_in(group.centre.text) == thing:
        return group
    return replace(group, centre=[each for each in group.members if missing_in(each.text) == thing][-1])


def _place(record: Record) -> tuple[str, int, str, str]:
    return record.path, record.line, record.kind, record.text
