"""How urgent the logs are that a comparison has found to differ."""

from collections.abc import Mapping

from daemon.watching.compare import Judgement
from sync.names import LogPath
from sync.notion.limiter import Lane


def by_lane(judgements: Mapping[LogPath, Judgement]) -> Mapping[Lane, tuple[LogPath, ...]]:
    """Return the logs to look at, by how urgent that is: what only looks old can wait for all the rest."""

    def those(wanted: Judgement) -> tuple[LogPath, ...]:
        return tuple(path for path, judgement in judgements.items() if judgement is wanted)

    return {Lane.BACKFILL: those(Judgement.DIFFERS), Lane.CHECK: those(Judgement.OUTDATED)}
