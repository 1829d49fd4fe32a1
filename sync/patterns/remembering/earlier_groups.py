"""Where texts stood the last time: groups that were told once are not to change for every new log."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from sync.patterns.grouping.cutting import FEW
from sync.patterns.records.record import Record, record_key_of
from sync.patterns.remembering.memory import Memory

EarlierGroups: TypeAlias = Mapping[str, str]
"""The essence of records, and the name of the group that they were in; it may have held nothing else."""

_ENOUGH: Final = 0.5


def earlier_groups(records: Sequence[Record], memory: Memory) -> EarlierGroups:
    """Return the group in which each text was, for those that were grouped before; nothing when few were.

    Groups of few texts were tentative, and groups of the smaller part say little about the whole.
    """
    texts: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        texts[record.essence].append(record)
    stood = {text: group for text, told in texts.items() if (group := _group(told, memory)) is not None}
    return stood if len(stood) >= max(FEW, _ENOUGH * len(texts)) else {}


def _group(told: Sequence[Record], memory: Memory) -> str | None:
    """Return the group that most of the records of one text were in; of several the first by name."""
    keys = map(record_key_of, told)
    named = Counter(sorted(memory.stood[key] for key in keys if key in memory.stood))
    return named.most_common(1)[0][0] if named else None
