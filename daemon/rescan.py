"""Scan all logs, compare them with the state, and put what differs on the list."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import structlog

from daemon.clock import utc_now
from daemon.session import Session
from daemon.watching.compare import Comparison, by_lane
from daemon.watching.familiar import Familiar
from daemon.watching.scan import Unlistable, pieces
from sync.names import LogPath
from sync.notion.limiter import Lane
from sync.state.records import Standing

log = structlog.get_logger("daemon")


@dataclass(frozen=True, slots=True)
class Scanned:
    """The result of a scan.

    Attributes:
        files: The number of logs.
        differing: The number of logs that were put on the list.
        gone: The number of known logs that are gone.
        directories: The directories that were entered.
    """

    files: int
    differing: int
    gone: int
    directories: Sequence[LogPath]


class Rescan:
    """Run the scans of one daemon; one remembers for the next what was in step."""

    def __init__(self, session: Session, stop: asyncio.Event) -> None:
        self._session = session
        self._stop = stop
        self._familiar = Familiar(session.store)

    async def scan(self) -> Scanned | None:
        """Compare all files with the state; return None if stopped before the end.

        Raises:
            RootUnavailable: The logs directory cannot be read, so nothing is known of any log.
            StateUnusable: What differs could not be put on the list.
        """
        seen = differing = 0
        comparison = self._comparison()
        gone_before = self._session.store.paths_of(Standing.VANISHED)
        unlistable: list[Unlistable] = []

        def note_unlistable(place: Unlistable) -> None:
            unlistable.append(place)
            log.warning("scan.unlistable", path=place.path, reason=place.reason)

        directories: list[LogPath] = []
        root = self._session.settings.logs_dir
        found = pieces(root, unlistable=note_unlistable, entered=directories.append)
        # The event loop runs between two pieces.
        while not self._stop.is_set() and (piece := await asyncio.to_thread(next, found, ())):
            seen += len(piece)
            out_of_step = comparison.out_of_step(piece)
            for lane, paths in by_lane(out_of_step).items():
                self._note(paths, lane)
                differing += len(paths)
            self._take_up(gone_before.intersection(out_of_step))
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

    def _take_up(self, paths: Collection[LogPath]) -> None:
        """Sync logs that are back at once, even where their departure was postponed."""
        if paths:
            self._session.backlog.touch(paths, lane=Lane.BACKFILL, now=utc_now())
            self._session.worker.poke()

    def _note(self, paths: Sequence[LogPath], lane: Lane) -> None:
        if paths:
            self._session.backlog.note(paths, lane=lane, now=utc_now())
            self._session.worker.poke()
