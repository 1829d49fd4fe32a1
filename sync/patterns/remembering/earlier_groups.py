"""Recall the earlier groups of texts, so that groups do not change with every new log."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from sync.patterns.grouping.cutting import FEW
from sync.patterns.records.record import Record, record_key_of
from sync.patterns.remembering.memory import Memory

EarlierGroups: TypeAlias = Mapping[str, str]
"""The name of the earlier group of each essence, which may have been alone in it."""

_ENOUGH: Final = 0.5


def earlier_groups(records: Sequence[Record], memory: Memory) -> EarlierGroups:
    """Return the earlier group of each text that had one, or nothing if few had.

    Groups of few texts were tentative, and those of a minority say little about all.
    """
    texts: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        texts[record.essence].append(record)
    found = {text: group for text, told in texts.items() if (group := _group(told, memory)) is not None}
    return found if len(found) >= max(FEW, _ENOUGH * len(texts)) else {}


def _group(told: Sequence[Record], memory: Memory) -> str | None:
    """Return the earlier group of most records of a text; of several the first by name."""
    keys = map(record_key_of, told)
    named = Counter(sorted(memory.last_groups[key] for key in keys if key in memory.last_groups))
    return named.most_common(1)[0][0] if named else None
