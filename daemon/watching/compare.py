"""Compare the files that a scan finds with what the state remembers of them."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from daemon.watching.familiar import Familiar
from daemon.watching.scan import Found
from sync.names import LogPath
from sync.planning.page_state import Synced
from sync.state.census import BEYOND, CensusRow, remembered
from sync.state.records import PageRecord, Standing
from sync.state.store import Store


class Judgement(StrEnum):
    """What the stamps alone tell of a log and its page."""

    IN_STEP = "in step"
    DIFFERS = "differs"
    OUTDATED = "outdated"
    """The log is as it was, and its page is as an earlier version or other settings made it."""
    QUARANTINED = "quarantined"
    TRASHED = "trashed"


TO_LOOK_AT = frozenset((Judgement.DIFFERS, Judgement.OUTDATED))
"""What may need requests."""


class Comparison:
    """One scan, compared with the state piece by piece. Paths ascend within a piece and from one to the next.

    Args:
        store: What is remembered of the files.
        edition: Of the software and its settings.
        restore_trashed: A page in the trash is to be brought back, rather than left there.
        familiar: What earlier scans for the same edition found in step; None: every piece is looked up.
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
        """Return what can be told of each log without reading it."""
        in_step = dict.fromkeys((file.path for file in piece), Judgement.IN_STEP)
        return {**in_step, **self.out_of_step(piece)}

    def out_of_step(self, piece: Sequence[Found]) -> Mapping[LogPath, Judgement]:
        """Return the same of those alone that are not in step."""
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
        """Return the remembered logs that the scan has not come across. Only after a scan to its end."""
        return (*self._absent, *(row[0] for row in self._remembered(after=self._after, upto=BEYOND)))

    def _remembered(self, *, after: LogPath, upto: LogPath | bytes) -> list[CensusRow]:
        return remembered(self._store, edition=self._edition, after=after, upto=upto)

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
