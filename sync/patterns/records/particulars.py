"""What tells two troubles apart that are told in the same words: how a command ended, what was missing."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from sync.patterns.records.record import Record

_THING: Final = r"['\"`‘“]?([\w@][\w@./+-]*)"

_PARTICULARS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bexit(?:ed|s)?(?:[ _-](?:with|code|status))*\s*[:=]?\s*(-?[0-9]{1,3})\b",
        rf"{_THING}['\"`’”]?: (?:command )?not found\b",
        rf"\bcommand not found: {_THING}",
        rf"\bno module named {_THING}",
        rf"\bcannot find module {_THING}",
    )
)

_MOST: Final = 0.75
"""Of the runs that name a particular so many at least name the same, where it is one trouble."""


def differ(members: Sequence[Record]) -> bool:
    """Tell whether the members of a group name particulars of which none is that of most runs."""
    for particular in _PARTICULARS:
        named = {(record.path, value) for record in members for value in particular.findall(record.text)}
        runs = Counter(value for _, value in named)
        if len(runs) > 1 and max(runs.values()) < _MOST * runs.total():
            return True
    return False
