"""Find what a backfill has to deal with: the logs that a person means, on disk and in the state."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from daemon.watching.compare import TO_LOOK_AT, Comparison, Judgement
from daemon.watching.paths import Selection
from sync.names import LogPath
from sync.notion.limiter import Lane
from sync.rules import Rules
from sync.state.store import Store


@dataclass(frozen=True, slots=True)
class Portion:
    """Logs that a backfill takes up together.

    Attributes:
        judgements: What the stamps tell of each.
        gone: They are in the state and no longer on disk.
    """

    judgements: Mapping[LogPath, Judgement]
    gone: bool = False

    @property
    def different(self) -> tuple[LogPath, ...]:
        """Those that are to be worked on."""
        return tuple(path for path, each in self.judgements.items() if each in TO_LOOK_AT)

    @property
    def lane(self) -> Lane:
        """How urgent these are."""
        return Lane.CHECK if self.gone else Lane.BACKFILL


def portions(store: Store, selection: Selection, rules: Rules) -> Iterator[Portion]:
    """Yield the logs that are on disk, by and by, and last those that are gone."""
    comparison = Comparison(store, edition=rules.edition, restore_trashed=rules.restore_trashed)
    for piece in selection.pieces():
        yield Portion(comparison.judged(piece))
    gone = [path for path in comparison.absent() if selection.covers(path)]
    yield Portion(dict.fromkeys(gone, Judgement.DIFFERS), gone=True)
