"""List the logs that a backfill covers, on disk and in the state."""

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
    """Logs that a backfill handles together.

    Attributes:
        judgements: The judgement of each log by its stamp.
        gone: Whether these logs are in the state, but no longer on disk.
    """

    judgements: Mapping[LogPath, Judgement]
    gone: bool = False

    @property
    def different(self) -> tuple[LogPath, ...]:
        """The logs that have to be worked on."""
        return tuple(path for path, each in self.judgements.items() if each in TO_LOOK_AT)

    @property
    def lane(self) -> Lane:
        """The lane in which they are worked on."""
        return Lane.CHECK if self.gone else Lane.BACKFILL


def portions(store: Store, selection: Selection, rules: Rules) -> Iterator[Portion]:
    """Yield the selected logs on disk, portion by portion, and finally those that are gone."""
    comparison = Comparison(store, edition=rules.edition, restore_trashed=rules.restore_trashed)
    for piece in selection.pieces():
        yield Portion(comparison.judged(piece))
    gone = [path for path in comparison.absent() if selection.covers(path)]
    yield Portion(dict.fromkeys(gone, Judgement.DIFFERS), gone=True)
