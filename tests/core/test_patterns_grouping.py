"""Grouping: the same in every order, one trouble together, different troubles apart."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns_scores import scores
from sync.patterns.grouping import group as grouping
from sync.patterns.grouping.group import Grouping, group, reference_key
from sync.patterns.grouping.likeness import in_context, likeness
from sync.patterns.records.record import Record

_SET = Path(__file__).parents[1] / "bench" / "patterns" / "shop_issues.jsonl"
_TROUBLES = [json.loads(line)["title"] for line in _SET.read_text(encoding="utf-8").splitlines()]

_texts = st.lists(st.one_of(st.sampled_from(_TROUBLES), st.text(min_size=1, max_size=60)), max_size=45)


def _partition(found: Grouping) -> set[frozenset[str]]:
    return {frozenset(record.path for record in each.members) for each in found.groups}


@given(texts=_texts, seed=st.integers(0, 100))
def test_the_order_of_the_files_changes_nothing(
    told: Callable[..., Record], texts: Sequence[str], seed: int
) -> None:
    """Shuffled logs give the very same groups, centres and cut; every record is in exactly one group."""
    records = [told(day, text) for day, text in enumerate(texts)]
    first = group(records)
    Random(seed).shuffle(records)  # noqa: S311 - an order, not a secret
    assert group(records) == first
    assert sorted(record.path for each in first.groups for record in each.members) == sorted(
        record.path for record in records
    )
    assert all(each.centre in each.members for each in first.groups)


@pytest.mark.parametrize("count", [0, 1, 2, 9, 40, 400])
def test_logs_that_say_the_same_are_one_group(told: Callable[..., Record], count: int) -> None:
    """Numbers, dates and ids aside."""
    found = group([told(day, f"Import stopped at article {day} of 9{day}") for day in range(count)])
    assert len(found.groups) == min(count, 1)
    assert not any(each.mixed for each in found.groups)


@pytest.mark.parametrize("count", [2, 9, 40])
def test_logs_that_share_no_word_stay_apart(told: Callable[..., Record], count: int) -> None:
    """What is like nothing else is in nothing else's group."""
    letters = "bcdfghjklmnpqrstvwxz"
    words = [a + b + a + "o" + b for a in letters for b in letters if a != b]
    texts = [" ".join(words[5 * day : 5 * day + 5]) for day in range(count)]
    assert len(group([told(day, text) for day, text in enumerate(texts)]).groups) == count


def test_few_records_are_called_tentative(told: Callable[..., Record]) -> None:
    """From thirty different texts on the groups stand."""
    records = [told(day, text) for day, text in enumerate(_TROUBLES[:30])]
    assert group(records[:29]).tentative
    assert not group(records).tentative


def test_the_same_section_of_the_contract_brings_texts_nearer(told: Callable[..., Record]) -> None:
    """A little: it never makes two different troubles one."""
    apart = likeness(["invoice lost", "mail lost"], ["", "Logging"])
    nearer = likeness(["invoice lost", "mail lost"], ["Logging", "Logging"])
    assert 0.06 < nearer[0, 1] - apart[0, 1] < 0.07
    records = [
        told(day, text, reference="Logging")
        for day, text in enumerate(("Printer out of paper", "Broken lamp"))
    ]
    assert len(group(records).groups) == 2


def test_a_group_without_a_common_section_is_mixed(told: Callable[..., Record]) -> None:
    """Three sections and none of them most of the time: more than one trouble may be in there."""
    named = ["Logging", "§ Logging", "Tool Selection", "Cost Guardrails", "Execution Modes"]
    alike = [told(day, "The import stopped", reference=reference) for day, reference in enumerate(named)]
    assert [each.mixed for each in group(alike).groups] == [True]
    assert [each.mixed for each in group(alike[:3]).groups] == [False]


@pytest.mark.parametrize(
    "spelled",
    ["§3 Booking Rules", "3. Booking rules", "Booking Rules", "section 3: BOOKING", "[Booking](#booking)"],
)
def test_a_section_is_the_same_however_it_is_spelled(spelled: str) -> None:
    """Its number may change with the next edition, or be left out."""
    assert reference_key(spelled) == reference_key("Booking")


def test_a_number_alone_names_a_section_and_a_story_none() -> None:
    """What cannot be told apart by words is by number; a sentence about the trouble is no section."""
    story = (
        "Dashboards should have been checked by whoever was on call before the rollout went on to production"
    )
    keys = [reference_key(each) for each in ("§ 4.2", "Section 5.1", "", story)]
    assert keys == ["4.2", "5.1", "", ""]


def test_too_many_texts_leave_the_oldest_alone(
    told: Callable[..., Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is lost, and it is said."""
    monkeypatch.setattr(grouping, "MOST", 5)
    records = [told(day, text) for day, text in enumerate(_TROUBLES[:9])]
    found = group(records)
    assert found.uncompared == 4
    assert {frozenset({record.path}) for record in records[:4]} <= _partition(found)


@given(_texts.filter(bool))
def test_likeness_is_a_likeness(texts: list[str]) -> None:
    """From 0 to 1, the same both ways, 1 to itself; the neighbours' say keeps it so."""
    own = likeness(texts, [""] * len(texts))
    for alike in (own, in_context(own)):
        assert np.array_equal(alike, alike.T)
        assert np.all((alike >= 0) & (alike <= 1))
        assert np.all(np.diagonal(alike) == 1)


@pytest.mark.parametrize(
    ("file", "ami", "pattern_f1", "precision"),
    [("shop_issues", 0.85, 0.9, 0.9), ("press_issues", 0.78, 0.83, 0.89)],
)
def test_troubles_told_in_different_words_are_found(
    told: Callable[..., Record], file: str, ami: float, pattern_f1: float, precision: float
) -> None:
    """On the project's own sets; `make bench-patterns` tells more, beside four rivals."""
    lines = _SET.with_name(f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
    values = [json.loads(line) for line in lines]
    found = group([told(day, value["text"]) for day, value in enumerate(values)])
    groups = {record.log_id: number for number, each in enumerate(found.groups) for record in each.members}
    reached = scores([value["label"] for value in values], [groups[str(day)] for day in range(len(values))])
    assert reached.ami >= ami
    assert reached.pattern_f1 >= pattern_f1
    assert reached.precision >= precision
