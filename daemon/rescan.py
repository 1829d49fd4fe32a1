"""One scan of all logs, and their comparison with the state: what differs goes on the list."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from daemon.clock import utc_now
from daemon.session import Session
from daemon.watching.compare import Comparison
from daemon.watching.familiar import Familiar
from daemon.watching.scan import Unlistable, pieces
from daemon.watching.urgency import by_lane
from sync.names import LogPath
from sync.notion.limiter import Lane

log = structlog.get_logger("daemon")


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan has come to.

    Attributes:
        files: How many logs there are.
        differing: How many of them went on the list.
        gone: How many logs that were there before are not any more.
        directories: Those that were entered.
    """

    files: int
    differing: int
    gone: int
    directories: Sequence[LogPath]


class Rescan:
    """What each scan of one daemon needs, and what one leaves for the next."""

    def __init__(self, session: Session, stop: asyncio.Event) -> None:
        self._session = session
        self._stop = stop
        self._familiar = Familiar(session.store)

    async def scan(self) -> Scanned | None:
        """Compare all files with the state; None when told to stop: what was not come to is not gone.

        Raises:
            RootUnavailable: Nothing can be said of any log.
            StateUnusable: What differs could not be put on the list.
        """
        seen = differing = 0
        comparison = self._comparison()
        unlistable: list[Unlistable] = []

        def note_unlistable(place: Unlistable) -> None:
            unlistable.append(place)
            log.warning("scan.unlistable", path=place.path, reason=place.reason)

        directories: list[LogPath] = []
        root = self._session.settings.logs_dir
        found = pieces(root, unlistable=note_unlistable, entered=directories.append)
        # Between two pieces the event loop has its turn.
        while not self._stop.is_set() and (piece := await asyncio.to_thread(next, found, ())):
            seen += len(piece)
            for lane, paths in by_lane(comparison.out_of_step(piece)).items():
                self._note(paths, lane)
                differing += len(paths)
        if self._stop.is_set():
            return None
        gone = [path for path in comparison.absent() if not any(each.covers(path) for each in unlistable)]
        self._note(gone, Lane.CHECK)
        return Scanned(seen, differing, len(gone), directories)

    def _comparison(self) -> Comparison:
        rules = self._session.rules
        return Comparison(
            self._session.store,
            edition=rules.edition,
            restore_trashed=rules.restore_trashed,
            familiar=self._familiar,
        )

    def _note(self, paths: Sequence[LogPath], lane: Lane) -> None:
        if paths:
            self._session.backlog.note(paths, lane=lane, now=utc_now())
            self._session.worker.poke()
