"""Patterns that were merged and split: they stay so whatever logs come."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.patterns.grouping.group import Group
from sync.patterns.records.record import Record, record_key_of
from sync.patterns.remembering.decisions import (
    Undecidable,
    held_by,
    merge,
    split,
)
from sync.patterns.remembering.identity import Identified, Merged, Split, identify_groups
from sync.patterns.remembering.memory import Memory
from tests.worlds.grouped import Told, group_told, identify


def test_merges_and_splits_of_the_grouping_are_said(told: Told) -> None:
    """A pattern that grows by another, and one that falls apart, are no silent changes."""
    apart = [group_told(told, range(5)), group_told(told, range(5, 9), "Import stalled")]
    both = Group((*apart[0].members, *apart[1].members), apart[0].centre, mixed=False)
    first = identify(apart, Memory())
    joined = identify([both], first.memory)
    (pattern,) = joined.groups
    assert joined.changes == (Merged(pattern, tuple(sorted(first.groups))),)
    again = identify(apart, joined.memory)
    assert Split(pattern, tuple(sorted(again.groups))) in again.changes


def test_what_a_person_merged_stays_merged(told: Told) -> None:
    """Even when new logs come to either part; the grouping sees two, she sees one."""
    first = identify([group_told(told, range(5)), group_told(told, range(20, 23), "Mail lost")], Memory())
    large, small = sorted(first.groups, key=lambda pattern: -len(first.groups[pattern].members))
    memory = merge(first.memory, [small], large)
    for more in (0, 3, 6):
        found = identify(
            [group_told(told, range(5 + more)), group_told(told, range(20, 23 + more), "Mail lost")], memory
        )
        memory = found.memory
        assert set(found.groups) == {large}
        assert len(found.groups[large].members) == 8 + 2 * more
        assert found.changes == ()


def test_what_a_person_split_stays_split(told: Told) -> None:
    """Her records are hers to place; what the grouping adds goes where it belongs."""
    whole = group_told(told, range(6))
    first = identify([whole], Memory())
    (pattern,) = first.groups
    leaving = [record_key_of(record) for record in whole.members[4:]]
    memory, new = split(first.memory, pattern, leaving)
    for _ in range(2):
        found = identify([whole], memory)
        memory = found.memory
        assert {each: len(group.members) for each, group in found.groups.items()} == {pattern: 4, new: 2}
        assert found.changes == ()


def test_what_comes_after_a_split_goes_where_it_belongs(told: Told) -> None:
    """To the part whose words it shares, in which it counts; neither part stands still."""
    stock, price = [told(day, "The stock count is wrong") for day in range(4)], [told(9, "A price is wrong")]
    first = identify([Group((*stock, *price), stock[0], mixed=False)], Memory())
    (pattern,) = first.groups
    memory, new = split(first.memory, pattern, [record_key_of(price[0])])
    stock += [told(day, "The stock is wrong") for day in range(10, 12)]
    drawn = Group((*stock, *price), stock[0], mixed=False)
    for _ in range(2):
        found = identify([drawn], memory)
        memory = found.memory
        assert {each: set(group.members) for each, group in found.groups.items()} == {
            pattern: set(stock),
            new: set(price),
        }
        assert found.changes == ()
    later = [told(day, "This price is wrong") for day in range(20, 22)]
    found = identify([Group((*later, *price), later[0], mixed=False)], memory)
    assert {each: set(group.members) for each, group in found.groups.items()} == {new: {*later, *price}}


@given(
    drawn=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=3, max_size=12),
    whole=st.booleans(),
)
def test_what_a_person_split_is_drawn_again_as_it_was(
    told: Told, drawn: Sequence[tuple[int, int]], *, whole: bool
) -> None:
    """Her pins do not change what the grouping sees: else the same logs would tell otherwise the next time.

    `drawn` has a number for the group of each record, and one for the part that she put it into; 0 for none.
    """
    records = [told(day, f"Import stopped at {day}") for day in range(len(drawn))]
    groups: dict[int, list[Record]] = {}
    for record, (group, _) in zip(records, drawn, strict=True):
        groups.setdefault(group, []).append(record)
    pins = {record_key_of(record): f"P-{pin}" for record, (_, pin) in zip(records, drawn, strict=True) if pin}
    given_groups = [Group(tuple(members), members[0], mixed=False) for members in groups.values()]
    wholes = [Group(tuple(records), records[0], mixed=True)] if whole else []
    memory = Memory(pinned=pins)
    for _ in range(2):
        found = identify_groups(given_groups, memory, read=[record.path for record in records], wholes=wholes)
        memory = found.memory
        stood = {frozenset(map(record_key_of, group.members)) for group in wholes or given_groups}
        named: dict[str, set[str]] = {}
        for key, name in memory.last_groups.items():
            named.setdefault(name, set()).add(key)
        assert set(map(frozenset, named.values())) == stood


@given(
    drawn=st.lists(st.tuples(*[st.integers(0, 2)] * 4), min_size=2, max_size=10),
    known=st.integers(0, 10),
)
def test_after_a_split_the_same_groups_again_are_no_news(
    told: Told, drawn: Sequence[tuple[int, int, int, int]], known: int
) -> None:
    """Whatever the grouping draws anew around what she parted: the same logs tell the same."""
    records = [told(day, f"Import stopped at {day}") for day in range(len(drawn))]

    def grouped(by: int, memory: Memory, some: Sequence[Record]) -> Identified:
        groups: dict[int, list[Record]] = {}
        for record, labels in zip(some, drawn, strict=False):
            groups.setdefault(labels[by], []).append(record)
        return identify([Group(tuple(each), each[0], mixed=False) for each in groups.values()], memory)

    memory = grouped(0, Memory(), records[:known]).memory
    for pattern in sorted(memory.known):
        held = sorted(held_by(memory, pattern))
        leaving = [key for key, labels in zip(held, drawn, strict=False) if labels[3]]
        if 0 < len(leaving) < len(held):
            memory, _ = split(memory, pattern, leaving)
    first = grouped(2, grouped(1, memory, records).memory, records)
    again = grouped(2, first.memory, records)
    assert (again.groups, again.changes) == (first.groups, ())


def test_what_comes_home_leaves_no_room_for_others(told: Told) -> None:
    """What is drawn to a part of a split goes there; what was there only by an earlier drawing does not."""
    stock, price = [told(day, "The stock is wrong") for day in range(2)], [told(9, "A price is wrong")]
    first = identify([Group((*stock, *price), stock[0], mixed=False)], Memory())
    (pattern,) = first.groups
    memory, _ = split(first.memory, pattern, [record_key_of(price[0])])
    astray = [told(day, "The stock clerk was ill") for day in range(10, 13)]
    memory = identify([Group((*stock, *astray), stock[0], mixed=False)], memory).memory
    later = [told(day, "Again the stock is wrong") for day in range(20, 22)]
    groups = [Group(tuple(astray), astray[0], mixed=False), Group((*stock, *later), stock[0], mixed=False)]
    for _ in range(2):
        found = identify(groups, memory)
        memory = found.memory
        assert set(found.groups[pattern].members) == {*stock, *later}


def test_what_others_were_merged_into_keeps_its_name(told: Told) -> None:
    """However much larger they are."""
    first = identify([group_told(told, range(5)), group_told(told, range(20, 23), "Mail lost")], Memory())
    large, small = sorted(first.groups, key=lambda pattern: -len(first.groups[pattern].members))
    memory = merge(first.memory, [large], small)
    found = identify([group_told(told, range(5)), group_told(told, range(20, 23), "Mail lost")], memory)
    assert found.groups[small].centre.text == "Mail lost"


def test_what_was_split_off_is_no_member_any_more(told: Told) -> None:
    """Also of a pattern that was merged into another before; to split it off again is refused."""
    first = identify([group_told(told, range(5)), group_told(told, range(20, 23), "Mail lost")], Memory())
    into, other = sorted(first.groups, key=lambda pattern: -len(first.groups[pattern].members))
    memory = merge(first.memory, [other], into)
    leaving = memory.of(other).records[:1]
    memory, new = split(memory, into, leaving)
    assert held_by(memory, new) == set(leaving)
    assert not held_by(memory, into) & set(leaving)
    with pytest.raises(Undecidable):
        split(memory, into, leaving)


def test_what_is_one_already_is_said_to_be(told: Told) -> None:
    """Whichever of the two is named first."""
    first = identify([group_told(told, range(3)), group_told(told, range(7, 9), "Mail lost")], Memory())
    one, other = first.groups
    memory = merge(first.memory, [other], one)
    for into, others in ((one, [other]), (other, [one])):
        with pytest.raises(Undecidable, match=f"are one pattern already: {one}"):
            merge(memory, others, into)
