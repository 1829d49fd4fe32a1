"""Split mixed groups into clear parts, and join groups that miss the same thing."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from sync.patterns.grouping.group import Group, reference_key
from sync.patterns.grouping.words import stems
from sync.patterns.records.particulars import differ, ending_of, missing_in, most_miss
from sync.patterns.records.record import Record, by_place

_RUNS: Final = 3
"""The least number of runs of a part, as fewer may be chance."""

_SHARED: Final = 0.4
"""The least likeness to the centre if the members have something else in common."""

_ALIKE: Final = 0.7
"""The least likeness to the centre if they have nothing else in common."""

_COMPARED: Final = 200
"""The number of texts that are compared with each other; the others are compared with the centre only."""

_ROUNDS: Final = 12
"""The largest number of searches for a further part."""

_View: TypeAlias = Callable[[Record], str | None]


@dataclass(frozen=True, slots=True)
class Parted:
    """The groups after splitting and joining.

    Attributes:
        groups: The groups.
        wholes: The original groups of those that were changed.
    """

    groups: tuple[Group, ...]
    wholes: tuple[Group, ...]


def parted(groups: Sequence[Group]) -> Parted:
    """Split each mixed group into its clear parts, and join all parts that miss the same thing."""
    known = _often_missing(groups)
    settled: list[Group] = []
    missed: dict[str, list[Group]] = defaultdict(list)
    wholes: list[Group] = []
    drawn = set(map(id, groups))
    for group in groups:
        parts = list(_parts(group, known)) if group.mixed else _without_other_endings(group)
        if len(parts) > 1:
            wholes.append(group)
        for part in parts:
            thing = None if part.mixed else most_miss(part.members)
            (settled if thing is None else missed[thing.casefold()]).append(part)
    for same in missed.values():
        settled.append(_with_telling_centre(_joined(same)))
        if len(same) > 1:
            wholes += [each for each in same if id(each) in drawn]
    return Parted(tuple(sorted(settled, key=lambda each: by_place(each.members[0]))), tuple(wholes))


def _without_other_endings(group: Group) -> list[Group]:
    """Split commands with another exit code off a group that misses one thing."""
    thing = most_miss(group.members)
    if thing is None:
        return [group]
    others = [each for each in group.members if missing_in(each.text) != thing and ending_of(each.text)]
    if not others:
        return [group]
    staying = _without(group.members, others)
    centre = group.centre if any(each is group.centre for each in staying) else staying[-1]
    return [
        Group(tuple(staying), centre, mixed=False),
        Group(tuple(others), others[-1], mixed=differ(others)),
    ]


def _often_missing(groups: Sequence[Group]) -> frozenset[str]:
    """Return what enough runs did not find, counted over mixed groups and groups that miss one thing."""
    runs: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        for record in group.members if group.mixed or most_miss(group.members) is not None else ():
            if (thing := missing_in(record.text)) is not None:
                runs[thing.casefold()].add(record.path)
    return frozenset(thing for thing, paths in runs.items() if len(paths) >= _RUNS)


def _parts(group: Group, known: frozenset[str]) -> Iterator[Group]:
    """Yield the parts that miss a known thing, the parts with something else in common, and the rest."""
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
            if not (found := _alike_by(rest, view, least)):
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


def _alike_by(records: Sequence[Record], view: _View, least: float) -> list[Group]:
    """Return a group for each value of a view that enough runs share and that is one trouble."""
    by_value: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if (value := view(record)) is not None:
            by_value[value.casefold()].append(record)
    found = (_around_centre(by_value[value], least) for value in sorted(by_value))
    return [
        each
        for each in found
        if len({record.path for record in each.members}) >= _RUNS
        and not differ(each.members)
        and not _disagree(each.members)
    ]


def _around_centre(records: Sequence[Record], least: float) -> Group:
    """Return the group of the most central record and those similar to it."""
    told = [frozenset(stems(record.text)) for record in records]
    compared = told[:_COMPARED]
    nearness = [sum(each for other in compared if (each := _shared(one, other)) >= least) for one in compared]
    centre = max(range(len(compared)), key=lambda one: (round(nearness[one], 6), one))
    near = [
        record for record, each in zip(records, told, strict=True) if _shared(told[centre], each) >= least
    ]
    return Group(tuple(near), records[centre], mixed=False)


def _is_tight(records: Sequence[Record]) -> bool:
    return len(_around_centre(records, _SHARED).members) == len(records)


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0


def _disagree(members: Sequence[Record]) -> bool:
    """Return whether members name several sections of the contract, none in more than half of them."""
    named = Counter(key for record in members if (key := reference_key(record.reference)))
    return len(named) > 1 and max(named.values()) * 2 <= named.total()


def _joined(same: Sequence[Group]) -> Group:
    if len(same) == 1:
        return same[0]
    members = sorted((record for each in same for record in each.members), key=by_place)
    largest = max(same, key=lambda each: len(each.members))
    return Group(tuple(members), largest.centre, mixed=False)


def _with_telling_centre(group: Group) -> Group:
    """Make a record that says what was missing the centre of a group that misses one thing."""
    thing = most_miss(group.members)
    if thing is None or missing_in(group.centre.text) == thing:
        return group
    return replace(group, centre=[each for each in group.members if missing_in(each.text) == thing][-1])
