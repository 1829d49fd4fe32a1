"""Whether groups stay what they are: in another order of the texts, and when more of them come."""

import random
from collections.abc import Iterator, Sequence
from statistics import mean
from typing import Final

from patterns_bars import GROWN_GOOD, GROWN_MUST
from patterns_records import labels_of
from patterns_scores import Labels, adjusted_mutual_information, adjusted_rand
from sync.patterns.grouping.group import group
from sync.patterns.records.record import Record
from sync.patterns.remembering.earlier_groups import earlier_groups
from sync.patterns.remembering.identity import identify_groups
from sync.patterns.remembering.memory import Memory

_DRAWS: Final = 12
_BEFORE, _AFTER = 150, 207


def steadiness(records: Sequence[Record], labels: Labels) -> Iterator[str]:
    """Say in words how often the groups stay the same when shuffled, and how much of them when more come."""
    fresh = labels_of(group(records), len(records))
    same = 0
    for seed in range(10):
        shuffled = list(records)
        random.Random(seed).shuffle(shuffled)  # noqa: S311 - an order, not a secret
        same += labels_of(group(shuffled), len(records)) == fresh
    yield f"shuffled: the same groups in {same} of 10 orders"
    alone, remembering, quality = [], [], []
    for seed in range(_DRAWS):
        count = len(records) * _BEFORE // _AFTER
        known = sorted(random.Random(seed).sample(range(len(records)), count))  # noqa: S311 - a draw
        grown, first = _grown(records, known)
        alone.append(adjusted_rand(first, [fresh[index] for index in known]))
        remembering.append(adjusted_rand(first, [grown[index] for index in known]))
        quality.append(adjusted_mutual_information(labels, grown))
    yield f"grown as 150 to 207, mean of {_DRAWS} draws, on what was there:"
    yield f"  ARI {mean(remembering):.3f} with the memory that is kept, worst {min(remembering):.3f}"
    yield f"  (must {GROWN_MUST}, good {GROWN_GOOD}); then AMI {mean(quality):.3f} with the labels"
    yield f"  ARI {mean(alone):.3f} when nothing is remembered"


def _grown(records: Sequence[Record], known: Sequence[int]) -> tuple[Labels, Labels]:
    """Return the groups of all, made in the knowledge of those of some; and those of some."""
    some = [records[index] for index in known]
    before = group(some)
    memory = identify_groups(before.groups, Memory(), read=[record.path for record in some]).memory
    first = labels_of(before, len(records))
    after = labels_of(group(records, before=earlier_groups(records, memory)), len(records))
    return after, [first[index] for index in known]
