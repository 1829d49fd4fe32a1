"""What the state store remembers of a log: values, and their form in the database."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sync.files import Stamp
from sync.names import BlockId, Digest, LogPath, PageId
from sync.planning.outline import Edit, Outline, OwnedBlock
from sync.planning.page_state import Absent, PageState, Synced, Uncertain
from sync.state.database import sensible

ADOPTED = "adopted"
"""The edition of a page that was found in Notion: which software wrote it is not known."""

UNSEEN = datetime.fromtimestamp(0, UTC)
"""When a page was last looked at that was found in Notion: not yet, and nothing is known against it."""

_EDITED, _HOLDS, _GONE = "ehg"


class Standing(StrEnum):
    """How the daemon treats a log."""

    TRACKED = "tracked"
    QUARANTINED = "quarantined"
    """Not retried until the file or the software changes, or `retry`."""
    TRASHED = "trashed"
    """Jen moved the page to the trash; it stays there."""
    RESTORING = "restoring"
    """The page is to come back from the trash at the next look."""
    VANISHED = "vanished"
    """The file is gone, and nothing has become of its page yet."""
    DEPARTING = "departing"
    """The file is gone, and its page may have gone the way that the settings say."""
    DEPARTED = "departed"
    """The file is gone, and its page went the way that the settings say."""
    UNWANTED = "unwanted"
    """The file is gone, and a person had moved its page to the trash before."""

    @property
    def is_away(self) -> bool:
        """Whether the page has left: a person moved it to the trash, or it went with its file."""
        return self in {Standing.TRASHED, Standing.DEPARTED, Standing.UNWANTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecord:
    """What is remembered of one log and its page.

    Attributes:
        page: What is known of the page.
        url: Where a person opens it; empty when unknown.
        content_hash: Of the file as it stands on the page; None until it was wholly written.
        edition: Of the renderer and settings that shaped the page; empty when unknown.
        stamp: Of the file when `content_hash` was taken; None when unknown.
        standing: How the log is treated.
        what: Why it is quarantined, trashed or unwanted; else empty.
        hint: What a person can do about that.
        since: When its standing last changed.
        synced_at: When the page was last brought in step.
        looked_at: When it was last made sure whether a person had been at the page; None: one may have been.
        edited: The page shows something of a person's in place of ours, and is to.
        doubts: How many signs of a person there were since the last look; saving a record leaves them.
    """

    path: LogPath
    page: PageState
    url: str = ""
    content_hash: Digest | None = None
    edition: str = ""
    stamp: Stamp | None = None
    standing: Standing = Standing.TRACKED
    what: str = ""
    hint: str = ""
    since: datetime
    synced_at: datetime | None = None
    looked_at: datetime | None = None
    edited: bool = False
    doubts: int = 0


@dataclass(frozen=True, slots=True)
class Pending:
    """A log that may differ from its page, and when to look at it.

    Attributes:
        lane: 0 is the most urgent.
        since: When it was first seen to differ.
        due_at: Not to be looked at before.
        generation: Grows with every touch, so that a touch during the work is not lost.
        attempts: How often it failed since it last succeeded.
        what: The last failure, empty when there was none.
        hint: What a person can do about it.
    """

    path: LogPath
    lane: int
    since: datetime
    due_at: datetime
    generation: int = 0
    attempts: int = 0
    what: str = ""
    hint: str = ""


def to_row(record: PageRecord) -> dict[str, Any]:
    """Return the columns of a record."""
    page_id, properties, outline, settles_at = _page_columns(record.page)
    stamp = record.stamp
    return {
        "path": record.path,
        "page_id": page_id,
        "url": record.url,
        "content_hash": record.content_hash,
        "edition": record.edition,
        "properties": properties,
        "outline": None if outline is None else _pack(outline),
        "settles_at": settles_at,
        "size": stamp and stamp.size,
        "mtime_ns": stamp and stamp.mtime_ns,
        "inode": stamp and stamp.inode,
        "standing": record.standing.value,
        "what": record.what,
        "hint": record.hint,
        "since": record.since.timestamp(),
        "synced_at": record.synced_at and record.synced_at.timestamp(),
        "looked_at": record.looked_at and record.looked_at.timestamp(),
        "edited": record.edited,
    }


@sensible
def to_record(row: Any) -> PageRecord:  # noqa: ANN401 - sqlite3.Row has no typed columns
    """Return the record of a row."""
    return PageRecord(
        path=LogPath(row["path"]),
        page=_page_state(row),
        url=row["url"] or "",
        content_hash=row["content_hash"] and Digest(row["content_hash"]),
        edition=row["edition"] or "",
        stamp=None if row["size"] is None else Stamp(row["size"], row["mtime_ns"], row["inode"]),
        standing=Standing(row["standing"]),
        what=row["what"] or "",
        hint=row["hint"] or "",
        since=stored_moment(row["since"]),
        synced_at=None if row["synced_at"] is None else stored_moment(row["synced_at"]),
        looked_at=None if row["looked_at"] is None else stored_moment(row["looked_at"]),
        edited=bool(row["edited"]),
        doubts=row["doubts"],
    )


@sensible
def to_pending(row: Any) -> Pending:  # noqa: ANN401 - sqlite3.Row has no typed columns
    """Return the pending work of a row."""
    return Pending(
        LogPath(row["path"]),
        row["lane"],
        stored_moment(row["since"]),
        stored_moment(row["due_at"]),
        row["generation"],
        row["attempts"],
        row["what"] or "",
        row["hint"] or "",
    )


@sensible
def stored_moment(timestamp: float) -> datetime:
    """Return a stored time as an aware value."""
    return datetime.fromtimestamp(timestamp, UTC)


def _page_columns(page: PageState) -> tuple[PageId | None, str | None, Outline | None, float | None]:
    match page:
        case Absent():
            return None, None, None, None
        case Synced():
            return page.page_id, page.properties, page.outline, None
        case Uncertain():
            deleting = None if page.deleting is None else (page.deleting,)
            return page.page_id, None, deleting, page.settles_at.timestamp()


def _page_state(row: Any) -> PageState:  # noqa: ANN401 - sqlite3.Row has no typed columns
    page_id = row["page_id"] and PageId(row["page_id"])
    outline = None if row["outline"] is None else _unpack(row["outline"])
    if row["settles_at"] is not None:
        return Uncertain(page_id, stored_moment(row["settles_at"]), outline[0] if outline else None)
    return Absent() if page_id is None else Synced(page_id, row["properties"], outline)


def _pack(outline: Outline) -> bytes:
    return zlib.compress(json.dumps(_dump(outline), separators=(",", ":")).encode(), 1)


def _unpack(packed: bytes) -> Outline:
    return _load(json.loads(zlib.decompress(packed)))


def _dump(outline: Outline) -> list[Any]:
    return [
        [
            entry.block_id,
            entry.kind,
            entry.fingerprint,
            None if entry.children is None else _dump(entry.children),
            *_marks(entry),
        ]
        for entry in outline
    ]


def _marks(entry: OwnedBlock) -> Sequence[str]:
    """Return what people did to a block, a letter each; their words are read again when they matter."""
    edit = "" if entry.edit is None else _EDITED
    marks = edit + (_HOLDS if entry.holds else "") + (_GONE if entry.gone else "")
    return (marks,) if marks else ()


def _load(rows: Sequence[Any]) -> Outline:
    return tuple(
        OwnedBlock(
            block_id and BlockId(block_id),
            kind,
            fingerprint,
            None if below is None else _load(below),
            edit=Edit(None, sure=True) if _EDITED in "".join(marks) else None,
            holds=_HOLDS in "".join(marks),
            gone=_GONE in "".join(marks),
        )
        for block_id, kind, fingerprint, below, *marks in rows
    )
