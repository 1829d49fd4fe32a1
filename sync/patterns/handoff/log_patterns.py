"""List the patterns of each single log of a hand-off."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from sync.names import LogPath
from sync.patterns.handoff.handoff import Handoff
from sync.patterns.handoff.shown import one_line, shortened

_LONGEST: Final = 120


def patterns_by_log(handoff: Handoff) -> Mapping[LogPath, tuple[str, ...]]:
    """Return for each log the ids and names of its patterns, by rank."""
    told: dict[LogPath, list[str]] = defaultdict(list)
    for pattern in (entry.pattern for entry in handoff.entries):
        for path in dict.fromkeys(record.path for record in pattern.members):
            told[path].append(shortened(f"{pattern.id} · {one_line(pattern.name)}", _LONGEST))
    return {path: tuple(lines) for path, lines in sorted(told.items())}
