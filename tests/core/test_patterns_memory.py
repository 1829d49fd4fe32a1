"""Lasting ids, names and answers: kept whatever logs come."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.patterns.grouping.group import Group
from sync.patterns.records.record import Record
from sync.patterns.remembering.decisions import (
    Undecidable,
    answer,
    may_propose,
    merge,
    rename,
    split,
)
from sync.patterns.remembering.identity import Identified, identify_groups
from sync.patterns.remembering.memory import Answer, Memory, MemoryUnreadable, from_json, to_json
from tests.worlds.grouped import Told, group_told, identify


@given(grown=st.integers(0, 60), left=st.integers(0, 8))
def test_an_id_stays_as_logs_come_and_go(told: Told, grown: int, left: int) -> None:
    """However many new logs join, and even when most of the old ones have left the window."""
    before = identify([group_told(told, range(10)), group_told(told, range(100, 104), "Mail lost")], Memory())
    after = identify(
        [group_told(told, range(100, 104), "Mail lost"), group_told(told, range(left, 10 + grown))],
        before.memory,
    )
    ids = {group.centre.text: pattern for pattern, group in before.groups.items()}
    assert {group.centre.text: pattern for pattern, group in after.groups.items()} == ids
    assert after.changes == ()


def test_two_troubles_of_the_same_logs_keep_their_ids(told: Told) -> None:
    """What a record says counts before the log it stands in."""
    groups = [group_told(told, range(4)), group_told(told, range(4), "Mail lost")]
    before = identify(groups, Memory())
    after = identify(list(reversed(groups)), before.memory)
    assert after.groups == before.groups


def test_a_corrected_log_stays_in_its_pattern(told: Told) -> None:
    """Its words may be others: the log is the same."""
    before = identify([group_told(told, range(4))], Memory())
    after = identify([group_told(told, range(4), "The import stopped, as it did before")], before.memory)
    assert set(after.groups) == set(before.groups)


def test_ids_are_the_same_on_every_machine(told: Told) -> None:
    """They come from what the logs say, not from chance, time or order."""
    groups = [group_told(told, range(3)), group_told(told, range(5, 9), "Mail lost")]
    assert set(identify(groups, Memory()).groups) == set(identify(list(reversed(groups)), Memory()).groups)
    assert all(
        pattern.startswith("P-") and len(pattern) == 6 for pattern in identify(groups, Memory()).groups
    )


@given(
    drawn=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=2, max_size=12),
    as_one=st.booleans(),
)
def test_the_same_groups_again_are_no_news(
    told: Told, drawn: Sequence[tuple[int, int]], *, as_one: bool
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


def test_a_name_given_stays_and_can_be_taken_back(told: Told) -> None:
    """By her name it is found as well when it was merged."""
    first = identify([group_told(told, range(3)), group_told(told, range(7, 9), "Mail lost")], Memory())
    one, other = first.groups
    memory = merge(rename(first.memory, one, "  Import   of stock "), [other], one)
    assert memory.of(one).name == "Import of stock"
    assert rename(memory, other, "Stock").of(one).name == "Stock"
    assert rename(memory, one, "").of(one).name is None


@given(runs=st.integers(1, 50), later=st.integers(0, 200), said=st.sampled_from(Answer))
def test_an_answered_proposal_rests_until_its_count_has_doubled(
    told: Told, runs: int, later: int, said: Answer
) -> None:
    """Nobody is asked the same thing again and again."""
    first = identify([group_told(told, range(3))], Memory())
    (pattern,) = first.groups
    assert may_propose(first.memory, pattern, runs=runs)
    memory = answer(first.memory, pattern, said, runs=runs)
    assert may_propose(memory, pattern, runs=later) is (later >= 2 * runs)


def test_what_makes_no_sense_is_refused(told: Told) -> None:
    """With words that say what to do; nothing is changed."""
    first = identify([group_told(told, range(3))], Memory())
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


def test_memory_survives_json(told: Told) -> None:
    """Whatever was decided; and what is no memory is refused, never guessed."""
    first = identify([group_told(told, range(6)), group_told(told, range(7, 9), "Mail lost")], Memory())
    one, other = first.groups
    memory = answer(rename(first.memory, one, "Import"), other, Answer.REJECTED, runs=2)
    largest = max(memory.known, key=lambda pattern: len(memory.of(pattern).records))
    memory, _ = split(memory, largest, memory.of(largest).records[:1])
    memory = merge(memory, [other], one)
    memory = memory.with_known(one, replace(memory.of(one), told=(3, 50)))
    assert from_json(json.loads(json.dumps(to_json(memory)))) == memory
    circle = {**to_json(memory), "merged": {one: other, other: one}}
    wrongs: tuple[object, ...] = (None, [], {}, {"patterns": 1}, {**to_json(memory), "read": "a"}, circle)
    for wrong in wrongs:
        with pytest.raises(MemoryUnreadable):
            from_json(wrong)
