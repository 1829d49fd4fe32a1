"""Groups of records as the grouping would make them, and the patterns that they become."""

from collections.abc import Callable, Sequence

from sync.patterns.grouping.group import Group
from sync.patterns.records.record import Record
from sync.patterns.remembering.identity import Identified, identify_groups
from sync.patterns.remembering.memory import Memory

Told = Callable[..., Record]
"""The fixture `told`: makes the record of a log of a day."""


def group_told(told: Told, days: Sequence[int], text: str = "Import stopped") -> Group:
    """Return a clear group of one record for each day, all of the same text."""
    members = tuple(told(day, text) for day in days)
    return Group(members, members[0], mixed=False)


def identify(groups: Sequence[Group], memory: Memory) -> Identified:
    """Give groups their ids, where no other logs were read than those of their records."""
    return identify_groups(groups, memory, read=[record.path for group in groups for record in group.members])
