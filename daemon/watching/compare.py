"""Compare the files that a scan finds with what the state remembers of them."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from daemon.watching.familiar import Familiar
from daemon.watching.scan import Found
from sync.names import LogPath
from sync.notion.limiter import Lane
from sync.planning.page_state import Synced
from sync.state.census import BEYOND, CensusRow, census
from sync.state.records import PageRecord, Standing
from sync.state.store import Store


class Judgement(StrEnum):
    """What a log's stamp alone says about the log and its page."""

    IN_STEP = "in step"
    DIFFERS = "differs"
    OUTDATED = "outdated"
    """The log is unchanged, but an earlier version or other settings made its page."""
    QUARANTINED = "quarantined"
    TRASHED = "trashed"


TO_LOOK_AT = frozenset((Judgement.DIFFERS, Judgement.OUTDATED))
"""The judgements that may lead to requests."""


def by_lane(judgements: Mapping[LogPath, Judgement]) -> Mapping[Lane, tuple[LogPath, ...]]:
    """Return the logs to look at by lane: one whose page is merely outdated waits for all the others."""

    def those(wanted: Judgement) -> tuple[LogPath, ...]:
        return tuple(path for path, judgement in judgements.items() if judgement is wanted)

    return {Lane.BACKFILL: those(Judgement.DIFFERS), Lane.CHECK: those(Judgement.OUTDATED)}


class Comparison:
    """Compare one scan with the state, piece by piece.

    Paths have to ascend, within a piece and from one piece to the next.

    Args:
        store: The state.
        edition: The edition of the pages that this software and its settings make.
        restore_trashed: Whether a page in the trash is brought back rather than left there.
        familiar: What earlier scans with the same edition found in step; None to look every piece up.
    """

    def __init__(
        self,
        store: Store,
        *,
        edition: str,
        restore_trashed: bool = False,
        familiar: Familiar | None = None,
    ) -> None:
        self._store = store
        self._edition = edition
        self._restore_trashed = restore_trashed
        self._familiar = familiar
        self._after = LogPath("")
        self._absent: list[LogPath] = []

    def judged(self, piece: Sequence[Found]) -> Mapping[LogPath, Judgement]:
        """Return a judgement for each log, without reading any."""
        in_step = dict.fromkeys((file.path for file in piece), Judgement.IN_STEP)
        return {**in_step, **self.out_of_step(piece)}

    def out_of_step(self, piece: Sequence[Found]) -> Mapping[LogPath, Judgement]:
        """Return a judgement for each log that is not in step."""
        after, last = self._after, piece[-1].path
        self._after = last
        if self._familiar is not None and self._familiar.has(piece, after=after):
            return {}
        rows = self._remembered(after=after, upto=last)
        if rows == piece:
            if self._familiar is not None:
                self._familiar.add(piece, after=after)
            return {}
        paths, in_step = {file.path for file in piece}, set(rows)
        self._absent.extend(path for path, *_ in rows if path not in paths)
        others = [file for file in piece if file not in in_step]
        records = self._store.pages([file.path for file in others]) if others else {}
        return {file.path: self._judge(records.get(file.path), file) for file in others}

    def absent(self) -> tuple[LogPath, ...]:
        """Return the remembered logs that the scan did not find; call this only after a complete scan."""
        return (*self._absent, *(row[0] for row in self._remembered(after=self._after, upto=BEYOND)))

    def _remembered(self, *, after: LogPath, upto: LogPath | bytes) -> list[CensusRow]:
        return census(self._store, edition=self._edition, after=after, upto=upto)

    def _judge(self, record: PageRecord | None, file: Found) -> Judgement:
        if record is None:
            return Judgement.DIFFERS
        dealt_with = record.stamp == file.stamp and record.edition == self._edition
        match record.standing:
            case Standing.TRASHED if not self._restore_trashed:
                return Judgement.TRASHED
            case Standing.QUARANTINED if dealt_with:
                return Judgement.QUARANTINED
            case Standing.TRACKED if record.content_hash and isinstance(record.page, Synced):
                if dealt_with:
                    return Judgement.IN_STEP
                return Judgement.OUTDATED if record.stamp == file.stamp else Judgement.DIFFERS
            case _:
                return Judgement.DIFFERS
