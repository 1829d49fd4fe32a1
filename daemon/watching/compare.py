"""Compare the files that a scan finds with what the state remembers of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice

from daemon.watching.scan import Found
from sync.names import LogPath
from sync.notion.limiter import Lane
from sync.planning.page_state import Synced
from sync.state.records import PageRecord, Standing
from sync.state.store import Store

CHUNK = 500
"""Logs compared at a time; between two chunks the event loop has its turn."""


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


def chunks(found: Iterable[Found]) -> Iterator[Sequence[Found]]:
    """Cut a scan into pieces that are compared at once."""
    files = iter(found)
    while chunk := tuple(islice(files, CHUNK)):
        yield chunk


def judged(
    chunk: Sequence[Found], store: Store, *, edition: str, restore_trashed: bool = False
) -> Mapping[LogPath, Judgement]:
    """Return what can be told of each log without reading it.

    Args:
        chunk: The files.
        store: What is remembered of them.
        edition: Of the software and its settings.
        restore_trashed: A page in the trash is to be brought back, rather than left there.
    """
    stamps = store.stamps([file.path for file in chunk], edition=edition)
    others = [file for file in chunk if stamps.get(file.path) != file.stamp]
    known = store.pages([file.path for file in others]) if others else {}
    return {file.path: Judgement.IN_STEP for file in chunk} | {
        file.path: _judge(known.get(file.path), file, edition=edition, restore_trashed=restore_trashed)
        for file in others
    }


def by_lane(judgements: Mapping[LogPath, Judgement]) -> Mapping[Lane, tuple[LogPath, ...]]:
    """Return the logs to look at, by how urgent that is: what only looks old can wait for all the rest."""

    def those(wanted: Judgement) -> tuple[LogPath, ...]:
        return tuple(path for path, judgement in judgements.items() if judgement is wanted)

    return {Lane.BACKFILL: those(Judgement.DIFFERS), Lane.CHECK: those(Judgement.OUTDATED)}


def _judge(record: PageRecord | None, file: Found, *, edition: str, restore_trashed: bool) -> Judgement:
    if record is None:
        return Judgement.DIFFERS
    dealt_with = record.stamp == file.stamp and record.edition == edition
    match record.standing:
        case Standing.TRASHED if not restore_trashed:
            return Judgement.TRASHED
        case Standing.QUARANTINED if dealt_with:
            return Judgement.QUARANTINED
        case Standing.TRACKED if record.content_hash and isinstance(record.page, Synced):
            if dealt_with:
                return Judgement.IN_STEP
            return Judgement.OUTDATED if record.stamp == file.stamp else Judgement.DIFFERS
        case _:
            return Judgement.DIFFERS
