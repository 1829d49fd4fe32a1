"""List the logs that a backfill covers, on disk and in the state, and have those that differ worked on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from daemon.backfill.tally import Tally
from daemon.clock import utc_now
from daemon.watching.compare import TO_LOOK_AT, Comparison, Judgement
from daemon.watching.paths import Selection
from sync.names import LogPath
from sync.notion.limiter import Lane
from sync.rules import Rules
from sync.state.backlog import Backlog
from sync.state.store import Store

BeforeListed: TypeAlias = Callable[[Sequence[LogPath]], None]
"""Called with logs that are about to be put on the list: from then on a daemon may change their records."""


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


def put_portions_on_list(
    store: Store, selection: Selection, rules: Rules, *, tally: Tally, before: BeforeListed
) -> None:
    """Put the selected logs that differ on the list, and count all that were selected.

    Args:
        store: The state.
        selection: The logs that the backfill covers.
        rules: The rules by which they are compared.
        tally: Counts them, and the folders that could not be listed.
        before: Called with each portion's logs before they are put on the list.
    """
    backlog = Backlog(store)
    for portion in portions(store, selection, rules):
        tally.add(portion.judgements.items())
        before(portion.different)
        backlog.touch(portion.different, lane=portion.lane, now=utc_now())
    tally.miss(selection.unseen())
