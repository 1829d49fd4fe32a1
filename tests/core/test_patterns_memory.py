"""Lasting ids, and what a person decided: kept whatever logs come."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.patterns.grouping.group import Group
from sync.patterns.records.record import Record, record_key_of
from sync.patterns.remembering.decisions import (
    Undecidable,
    answer,
    held_by,
    may_propose,
    merge,
    rename,
    split,
)
from sync.patterns.remembering.identity import Identified, Merged, Split, identify_groups
from sync.patterns.remembering.memory import Answer, Memory, MemoryUnreadable, from_json, to_json

_Told = Callable[..., Record]


def _group(told: _Told, days: Sequence[int], text: str = "Import stopped") -> Group:
    members = tuple(told(day, text) for day in days)
    return Group(members, members[0], mixed=False)


def _identify(groups: Sequence[Group], memory: Memory) -> Identified:
    return identify_groups(groups, memory, read=[record.path for group in groups for record in group.members])


@given(grown=st.integers(0, 60), left=st.integers(0, 8))
def test_an_id_stays_as_logs_come_and_go(told: _Told, grown: int, left: int) -> None:
    """However many new logs join, and even when most of the old ones have left the window."""
    before = _identify([_group(told, range(10)), _group(told, range(100, 104), "Mail lost")], Memory())
    after = _identify(
        [_group(told, range(100, 104), "Mail lost"), _group(told, range(left, 10 + grown))], before.memory
    )
    ids = {group.centre.text: pattern for pattern, group in before.groups.items()}
    assert {group.centre.text: pattern for pattern, group in after.groups.items()} == ids
    assert after.changes == ()


def test_two_troubles_of_the_same_logs_keep_their_ids(told: _Told) -> None:
    """What a record says counts before the log it stands in."""
    groups = [_group(told, range(4)), _group(told, range(4), "Mail lost")]
    before = _identify(groups, Memory())
    after = _identify(list(reversed(groups)), before.memory)
    assert after.groups == before.groups


def test_a_corrected_log_stays_in_its_pattern(told: _Told) -> None:
    """Its words may be others: the log is the same."""
    before = _identify([_group(told, range(4))], Memory())
    after = _identify([_group(told, range(4), "The import stopped, as it did before")], before.memory)
    assert set(after.groups) == set(before.groups)


def test_ids_are_the_same_on_every_machine(told: _Told) -> None:
    """They come from what the logs say, not from chance, time or order."""
    groups = [_group(told, range(3)), _group(told, range(5, 9), "Mail lost")]
    assert set(_identify(groups, Memory()).groups) == set(_identify(list(reversed(groups)), Memory()).groups)
    assert all(
        pattern.startswith("P-") and len(pattern) == 6 for pattern in _identify(groups, Memory()).groups
    )


def test_merges_and_splits_of_the_grouping_are_said(told: _Told) -> None:
    """A pattern that grows by another, and one that falls apart, are no silent changes."""
    apart = [_group(told, range(5)), _group(told, range(5, 9), "Import stalled")]
    both = Group((*apart[0].members, *apart[1].members), apart[0].centre, mixed=False)
    first = _identify(apart, Memory())
    joined = _identify([both], first.memory)
    (pattern,) = joined.groups
    assert joined.changes == (Merged(pattern, tuple(sorted(first.groups))),)
    again = _identify(apart, joined.memory)
    assert Split(pattern, tuple(sorted(again.groups))) in again.changes


@given(
    drawn=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=2, max_size=12),
    as_one=st.booleans(),
)
def test_the_same_groups_again_are_no_news(
    told: _Told, drawn: Sequence[tuple[int, int]], *, as_one: bool
) -> None:
    """However a group fell apart or grew, that is said once, and by the same ids from then on."""
    records = [told(day, f"Import stopped at {day}") for day in range(len(drawn))]
    whole = Group(tuple(records), records[0], mixed=True)

    def grouped(by: int, memory: Memory) -> Identified:
        groups: dict[int, list[Record]] = {}
        for record, labels in zip(records, drawn, strict=True):
            groups.setdefault(labels[by], []).append(record)
        return identify_groups(
            [Group(tuple(members), members[0], mixed=False) for members in groups.values()],
            from_json(json.loads(json.dumps(to_json(memory)))),
            read=[record.path for record in records],
            wholes=[whole] if as_one else [],
        )

    changed = grouped(1, grouped(0, Memory()).memory)
    again = grouped(1, changed.memory)
    assert again.groups == changed.groups
    assert again.changes == ()


def test_what_a_person_merged_stays_merged(told: _Told) -> None:
    """Even when new logs come to either part; the grouping sees two, she sees one."""
    first = _identify([_group(told, range(5)), _group(told, range(20, 23), "Mail lost")], Memory())
    large, small = sorted(first.groups, key=lambda pattern: -len(first.groups[pattern].members))
    memory = merge(first.memory, [small], large)
    for more in (0, 3, 6):
        found = _identify(
            [_group(told, range(5 + more)), _group(told, range(20, 23 + more), "Mail lost")], memory
        )
        memory = found.memory
        assert set(found.groups) == {large}
        assert len(found.groups[large].members) == 8 + 2 * more
        assert found.changes == ()


def test_what_a_person_split_stays_split(told: _Told) -> None:
    """Her records are hers to place; what the grouping adds goes where it belongs."""
    whole = _group(told, range(6))
    first = _identify([whole], Memory())
    (pattern,) = first.groups
    leaving = [record_key_of(record) for record in whole.members[4:]]
    memory, new = split(first.memory, pattern, leaving)
    for _ in range(2):
        found = _identify([whole], memory)
        memory = found.memory
        assert {each: len(group.members) for each, group in found.groups.items()} == {pattern: 4, new: 2}
        assert found.changes == ()


def test_what_comes_after_a_split_goes_where_it_belongs(told: _Told) -> None:
    """To the part whose words it shares, in which it counts; neither part stands still."""
    stock, price = [told(day, "The stock count is wrong") for day in range(4)], [told(9, "A price is wrong")]
    first = _identify([Group((*stock, *price), stock[0], mixed=False)], Memory())
    (pattern,) = first.groups
    memory, new = split(first.memory, pattern, [record_key_of(price[0])])
    stock += [told(day, "The stock is wrong") for day in range(10, 12)]
    drawn = Group((*stock, *price), stock[0], mixed=False)
    for _ in range(2):
        found = _identify([drawn], memory)
        memory = found.memory
        assert {each: set(group.members) for each, group in found.groups.items()} == {
            pattern: set(stock),
            new: set(price),
        }
        assert found.changes == ()
    later = [told(day, "This price is wrong") for day in range(20, 22)]
    found = _identify([Group((*later, *price), later[0], mixed=False)], memory)
    assert {each: set(group.members) for each, group in found.groups.items()} == {new: {*later, *price}}


@given(
    drawn=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=3, max_size=12),
    whole=st.booleans(),
)
def test_what_a_person_split_is_drawn_again_as_it_was(
    told: _Told, drawn: Sequence[tuple[int, int]], *, whole: bool
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
        for key, name in memory.stood.items():
            named.setdefault(name, set()).add(key)
        assert set(map(frozenset, named.values())) == stood


@given(
    drawn=st.lists(st.tuples(*[st.integers(0, 2)] * 4), min_size=2, max_size=10),
    known=st.integers(0, 10),
)
def test_after_a_split_the_same_groups_again_are_no_news(
    told: _Told, drawn: Sequence[tuple[int, int, int, int]], known: int
) -> None:
    """Whatever the grouping draws anew around what she parted: the same logs tell the same."""
    records = [told(day, f"Import stopped at {day}") for day in range(len(drawn))]

    def grouped(by: int, memory: Memory, some: Sequence[Record]) -> Identified:
        groups: dict[int, list[Record]] = {}
        for record, labels in zip(some, drawn, strict=False):
            groups.setdefault(labels[by], []).append(record)
        return _identify([Group(tuple(each), each[0], mixed=False) for each in groups.values()], memory)

    memory = grouped(0, Memory(), records[:known]).memory
    for pattern in sorted(memory.known):
        held = sorted(held_by(memory, pattern))
        leaving = [key for key, labels in zip(held, drawn, strict=False) if labels[3]]
        if 0 < len(leaving) < len(held):
            memory, _ = split(memory, pattern, leaving)
    first = grouped(2, grouped(1, memory, records).memory, records)
    again = grouped(2, first.memory, records)
    assert (again.groups, again.changes) == (first.groups, ())


def test_what_comes_home_leaves_no_room_for_others(told: _Told) -> None:
    """What is drawn to a part of a split goes there; what was there only by an earlier drawing does not."""
    stock, price = [told(day, "The stock is wrong") for day in range(2)], [told(9, "A price is wrong")]
    first = _identify([Group((*stock, *price), stock[0], mixed=False)], Memory())
    (pattern,) = first.groups
    memory, _ = split(first.memory, pattern, [record_key_of(price[0])])
    astray = [told(day, "The stock clerk was ill") for day in range(10, 13)]
    memory = _identify([Group((*stock, *astray), stock[0], mixed=False)], memory).memory
    later = [told(day, "Again the stock is wrong") for day in range(20, 22)]
    groups = [Group(tuple(astray), astray[0], mixed=False), Group((*stock, *later), stock[0], mixed=False)]
    for _ in range(2):
        found = _identify(groups, memory)
        memory = found.memory
        assert set(found.groups[pattern].members) == {*stock, *later}


def test_what_others_were_merged_into_keeps_its_name(told: _Told) -> None:
    """However much larger they are."""
    first = _identify([_group(told, range(5)), _group(told, range(20, 23), "Mail lost")], Memory())
    large, small = sorted(first.groups, key=lambda pattern: -len(first.groups[pattern].members))
    memory = merge(first.memory, [large], small)
    found = _identify([_group(told, range(5)), _group(told, range(20, 23), "Mail lost")], memory)
    assert found.groups[small].centre.text == "Mail lost"


def test_what_was_split_off_is_no_member_any_more(told: _Told) -> None:
    """Also of a pattern that was merged into another before; to split it off again is refused."""
    first = _identify([_group(told, range(5)), _group(told, range(20, 23), "Mail lost")], Memory())
    into, other = sorted(first.groups, key=lambda pattern: -len(first.groups[pattern].members))
    memory = merge(first.memory, [other], into)
    leaving = memory.of(other).records[:1]
    memory, new = split(memory, into, leaving)
    assert held_by(memory, new) == set(leaving)
    assert not held_by(memory, into) & set(leaving)
    with pytest.raises(Undecidable):
        split(memory, into, leaving)


def test_what_is_one_already_is_said_to_be(told: _Told) -> None:
    """Whichever of the two is named first."""
    first = _identify([_group(told, range(3)), _group(told, range(7, 9), "Mail lost")], Memory())
    one, other = first.groups
    memory = merge(first.memory, [other], one)
    for into, others in ((one, [other]), (other, [one])):
        with pytest.raises(Undecidable, match=f"are one pattern already: {one}"):
            merge(memory, others, into)


def test_a_name_given_stays_and_can_be_taken_back(told: _Told) -> None:
    """By her name it is found as well when it was merged."""
    first = _identify([_group(told, range(3)), _group(told, range(7, 9), "Mail lost")], Memory())
    one, other = first.groups
    memory = merge(rename(first.memory, one, "  Import   of stock "), [other], one)
    assert memory.of(one).name == "Import of stock"
    assert rename(memory, other, "Stock").of(one).name == "Stock"
    assert rename(memory, one, "").of(one).name is None


@given(runs=st.integers(1, 50), later=st.integers(0, 200), said=st.sampled_from(Answer))
def test_an_answered_proposal_rests_until_its_count_has_doubled(
    told: _Told, runs: int, later: int, said: Answer
) -> None:
    """Nobody is asked the same thing again and again."""
    first = _identify([_group(told, range(3))], Memory())
    (pattern,) = first.groups
    assert may_propose(first.memory, pattern, runs=runs)
    memory = answer(first.memory, pattern, said, runs=runs)
    assert may_propose(memory, pattern, runs=later) is (later >= 2 * runs)


def test_what_makes_no_sense_is_refused(told: _Told) -> None:
    """With words that say what to do; nothing is changed."""
    first = _identify([_group(told, range(3))], Memory())
    (pattern,) = first.groups
    for decide in (
        lambda: rename(first.memory, "P-none", "x"),
        lambda: merge(first.memory, [pattern], pattern),
        lambda: split(first.memory, pattern, []),
        lambda: split(first.memory, pattern, first.memory.of(pattern).records),
        lambda: split(first.memory, pattern, ["elsewhere.md#00000000"]),
    ):
        with pytest.raises(Undecidable):
            decide()


def test_memory_survives_json(told: _Told) -> None:
    """Whatever was decided; and what is no memory is refused, never guessed."""
    first = _identify([_group(told, range(6)), _group(told, range(7, 9), "Mail lost")], Memory())
    one, other = first.groups
    memory = answer(rename(first.memory, one, "Import"), other, Answer.REJECTED, runs=2)
    largest = max(memory.known, key=lambda pattern: len(memory.of(pattern).records))
    memory, _ = split(memory, largest, memory.of(largest).records[:1])
    memory = merge(memory, [other], one)
    memory = memory.having(one, replace(memory.of(one), told=(3, 50)))
    assert from_json(json.loads(json.dumps(to_json(memory)))) == memory
    circle = {**to_json(memory), "merged": {one: other, other: one}}
    wrongs: tuple[object, ...] = (None, [], {}, {"patterns": 1}, {**to_json(memory), "read": "a"}, circle)
    for wrong in wrongs:
        with pytest.raises(MemoryUnreadable):
            from_json(wrong)
