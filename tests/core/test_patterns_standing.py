"""Groups last: what was told together stays together as logs are added, unless the texts say otherwise."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from statistics import mean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns_scores import adjusted_rand
from sync.patterns.grouping.group import Grouping, group
from sync.patterns.grouping.likeness import likeness, remembering
from sync.patterns.records.record import Record
from sync.patterns.remembering.earlier_groups import earlier_groups
from sync.patterns.remembering.identity import identify_groups
from sync.patterns.remembering.memory import Memory, from_json, to_json

_SETS = sorted((Path(__file__).parents[1] / "bench" / "patterns").glob("*.jsonl"))
_TROUBLES = [json.loads(line)["text"] for file in _SETS for line in file.read_text("utf-8").splitlines()]

_Told = Callable[..., Record]


def _remembered(found: Grouping, records: Sequence[Record]) -> Memory:
    return identify_groups(found.groups, Memory(), read=[record.path for record in records]).memory


def _group_of(found: Grouping) -> Mapping[str, int]:
    return {record.path: number for number, each in enumerate(found.groups) for record in each.members}


@given(texts=st.lists(st.sampled_from(_TROUBLES), min_size=1, max_size=80))
def test_the_same_logs_keep_their_groups(told: _Told, texts: list[str]) -> None:
    """To the last figure: groups, centres, marks and the distance; many times over."""
    records = [told(day, text) for day, text in enumerate(texts)]
    first = group(records)
    before = earlier_groups(records, _remembered(first, records))
    assert group(records, before=before) == first


@pytest.mark.parametrize("file", _SETS, ids=lambda file: file.stem)
def test_more_logs_leave_most_groups_as_they_were(told: _Told, file: Path) -> None:
    """Grown as from 150 to 207: the bar is 0.88, without a memory it is missed."""
    texts = [json.loads(line)["text"] for line in file.read_text("utf-8").splitlines()]
    records = [told(day, text) for day, text in enumerate(texts)]
    agreement = []
    for seed in range(6):
        known = Random(seed).sample(records, len(records) * 150 // 207)  # noqa: S311 - a draw
        then = group(known)
        now = group(records, before=earlier_groups(records, _remembered(then, known)))
        were, are = _group_of(then), _group_of(now)
        paths = [record.path for record in known]
        agreement.append(adjusted_rand([were[path] for path in paths], [are[path] for path in paths]))
    assert mean(agreement) >= 0.93


def test_what_was_grouped_among_few_binds_nothing(told: _Told) -> None:
    """Groups of fewer than thirty texts were tentative, and those of a third say little about all."""
    records = [told(day, text) for day, text in enumerate(_TROUBLES[:100])]
    assert earlier_groups(records[:40], _known(records[:29])) == {}
    assert earlier_groups(records, _known(records[:33])) == {}
    assert len(earlier_groups(records, _known(records[:60]))) == 60


def _known(records: Sequence[Record]) -> Memory:
    return _remembered(group(records), records)


def test_a_corrected_log_is_looked_at_anew(told: _Told) -> None:
    """It is the text that was grouped: what a log says since then was not there."""
    records = [told(day, text) for day, text in enumerate(_TROUBLES[:60])]
    memory = _known(records)
    corrected = told(3, "The printer in the office was out of paper")
    stood = earlier_groups([*records[:3], corrected, *records[4:]], memory)
    assert corrected.essence not in stood
    assert len(stood) == 59


def test_a_memory_of_before_binds_nothing(told: _Told) -> None:
    """An older version did not write down where each record stood."""
    records = [told(day, text) for day, text in enumerate(_TROUBLES[:60])]
    written = to_json(_known(records))
    del written["stood"]
    assert earlier_groups(records, from_json(written)) == {}


@given(texts=st.lists(st.sampled_from(_TROUBLES), min_size=2, max_size=30), seed=st.integers(0, 99))
def test_remembering_moves_likeness_a_little(texts: list[str], seed: int) -> None:
    """Up within a group, down between two, not at all for what had none; and it stays a likeness."""
    alike = likeness(texts, [""] * len(texts))
    before = np.array(Random(seed).choices((-1, 0, 1), k=len(texts)))  # noqa: S311 - a draw
    held = remembering(alike, before)
    assert np.array_equal(held, held.T)
    assert np.all((held >= 0) & (held <= 1))
    known = (before >= 0)[:, None] & (before >= 0)[None]
    same = known & (before[:, None] == before[None])
    assert np.all(held[same] >= alike[same])
    assert np.all(held[known & ~same] <= alike[known & ~same])
    assert np.array_equal(held[~known], alike[~known])
    assert np.abs(held - alike).max() < 0.06
