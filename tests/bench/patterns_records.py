"""Records made of labelled texts, and their groups as labels."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sync.names import LogPath
from sync.patterns.grouping.group import Grouping
from sync.patterns.records.masking import mask
from sync.patterns.records.record import Record, RecordKind

_DAY_ONE: Final = datetime(2026, 1, 1, tzinfo=UTC)


def record_of(index: int, text: str, section: str) -> Record:
    """Return the record of an exception; its line is the index of the text."""
    moment = _DAY_ONE + timedelta(hours=index)
    return Record(
        path=LogPath(f"exceptions/{moment.date()}-{index}.md"),
        log_id=str(index),
        line=index,
        kind=RecordKind.EXCEPTION,
        text=text,
        essence=mask(text),
        moment=moment,
        env=None,
        severity=None,
        outcome=None,
        tools=(),
        reference=section,
        proposed_fix="",
    )


def labels_of(grouping: Grouping, size: int) -> list[int]:
    """Return the number of the group of each of so many texts; -1 for one that is in none."""
    labels = [-1] * size
    for number, found in enumerate(grouping.groups):
        for record in found.members:
            labels[record.line] = number
    return labels
