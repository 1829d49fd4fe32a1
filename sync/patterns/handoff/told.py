"""What a hand-off tells of each single log: the patterns that it is in."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from sync.names import LogPath
from sync.patterns.handoff.handoff import Handoff
from sync.patterns.handoff.shown import seen, shortened

_LONGEST: Final = 120


def told_of(handoff: Handoff) -> Mapping[LogPath, tuple[str, ...]]:
    """Return for each log the patterns that it is in, by id and name, the weightiest first."""
    told: dict[LogPath, list[str]] = defaultdict(list)
    for pattern in (entry.pattern for entry in handoff.entries):
        for path in dict.fromkeys(record.path for record in pattern.members):
            told[path].append(shortened(f"{pattern.id} · {seen(pattern.name)}", _LONGEST))
    return {path: tuple(lines) for path, lines in sorted(told.items())}
