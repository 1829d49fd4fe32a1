"""Compare the files, the rows of the database and the state: where do the copies differ? Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sync.convergence.loss import Loss
from sync.convergence.visits import edited_by_others
from sync.keys import key_of, path_of
from sync.names import Digest, Key, LogPath
from sync.notion.model import Author, PageRow
from sync.planning.page_state import page_id_of
from sync.state.records import PageRecord, Standing

_OF_A_HOST = re.compile(r"[A-Za-z0-9._-]{1,64}:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Where the copies differ; each a sorted list of paths, the fields of `verify --json`.

    Attributes:
        missing: Logs without a page, those excepted whose page a person moved to the trash.
        stale: Logs whose page shows another version.
        edited: Logs on whose page a person has changed what is ours, or may have.
        duplicate: Logs with more than one page.
        orphaned: Logs that are gone and whose page is still there.
        quarantined: Logs that were set aside.
        unseen: Folders that could not be listed: what is said of all others says nothing of the logs in them.
        trashed: Logs whose page a person moved to the trash, where it is to stay. That is no difference.
        losses: Where the pages of the missing have gone, of those that had one; not for JSON.
        said: What is remembered of why there is no page, of some of those in the trash; not for JSON.
        pages: The pages of each log, oldest first; not for JSON.
    """

    missing: tuple[LogPath, ...]
    stale: tuple[LogPath, ...]
    edited: tuple[LogPath, ...]
    duplicate: tuple[LogPath, ...]
    orphaned: tuple[LogPath, ...]
    quarantined: tuple[LogPath, ...]
    trashed: tuple[LogPath, ...]
    pages: Mapping[LogPath, tuple[PageRow, ...]] = field(repr=False)
    unseen: tuple[LogPath, ...] = ()
    losses: Mapping[LogPath, Loss] = field(default_factory=dict, repr=False)
    said: Mapping[LogPath, str] = field(default_factory=dict, repr=False)

    @property
    def in_step(self) -> bool:
        """Whether the copies were seen not to differ."""
        return not any(self.as_json().values())

    @property
    def paths(self) -> tuple[LogPath, ...]:
        """The logs that differ, each once."""
        kinds = (self.missing, self.stale, self.edited, self.duplicate, self.orphaned, self.quarantined)
        return tuple(sorted({path for paths in kinds for path in paths}))

    def as_json(self) -> dict[str, list[LogPath]]:
        """Return the lists for JSON."""
        return {
            "missing": list(self.missing),
            "stale": list(self.stale),
            "edited": list(self.edited),
            "duplicate": list(self.duplicate),
            "orphaned": list(self.orphaned),
            "quarantined": list(self.quarantined),
            "unseen": list(self.unseen),
        }

    def without(self, unseen: Iterable[LogPath]) -> "Findings":
        """Return what is found where folders could not be listed: no log in there is known to be gone."""
        places = tuple(sorted(unseen))
        below = tuple(f"{place}/" for place in places)
        orphaned = (path for path in self.orphaned if path not in places and not path.startswith(below))
        return replace(self, orphaned=tuple(orphaned), unseen=places)

    def with_edited(self, paths: Iterable[LogPath]) -> "Findings":
        """Return the findings with what reading the pages back has shown instead."""
        return replace(self, edited=tuple(sorted(set(paths))))

    def with_looked_for(self, losses: Mapping[LogPath, Loss | None]) -> "Findings":
        """Return the findings with what a look for the pages has shown that were not among the rows.

        A page without a loss is in the database all the same: the list was a moment behind, or a person
        archived it.
        """
        trashed = {path for path, loss in losses.items() if loss is Loss.TRASHED}
        there = {path for path, loss in losses.items() if loss is None}
        missing = tuple(path for path in self.missing if path not in trashed | there)
        return replace(
            self,
            missing=missing,
            losses={path: loss for path in missing if (loss := losses.get(path)) is not None},
            trashed=tuple(sorted(trashed.union(self.trashed))),
        )


def compare(
    files: Mapping[LogPath, Digest],
    rows: Sequence[PageRow],
    records: Mapping[LogPath, PageRecord],
    *,
    host: str,
    author: Author,
    restore_trashed: bool,
) -> Findings:
    """Say where files, pages and state differ.

    Args:
        files: The digest of every log.
        rows: Every page of the database outside the trash.
        records: What the state remembers.
        host: Our prefix of keys.
        author: Whom our writes are signed by.
        restore_trashed: A page in the trash is to come back, rather than to stay there.
    """
    pages = _by_path(rows, records, host)
    held = {path for path, record in records.items() if record.standing is Standing.QUARANTINED}
    trashed = {
        path
        for path, record in records.items()
        if record.standing is Standing.TRASHED
        and not restore_trashed
        and path in files
        and _are_hers(pages.get(path, ()), record, author)
    }
    shown = [path for path in files if path in pages and path not in held | trashed]
    return Findings(
        missing=_sorted(path for path in files if path not in pages and path not in held | trashed),
        stale=_sorted(
            path
            for path in shown
            if _own(path, pages, records).content_hash != files[path] or _is_unfinished(records.get(path))
        ),
        edited=_sorted(
            path
            for path in shown
            if _is_edited(_own(path, pages, records), records.get(path), key_of(host, path), author)
        ),
        duplicate=_sorted(path for path in files if len(pages.get(path, ())) > 1),
        orphaned=_sorted(path for path in pages if path not in files and not _stays(records.get(path))),
        quarantined=_sorted(path for path in held if path in files),
        trashed=_sorted(trashed),
        said={path: f"{records[path].what}. {records[path].hint}" for path in trashed},
        pages=pages,
    )


def _is_unfinished(record: PageRecord | None) -> bool:
    """Tell whether a page was begun and may lack its end: its hash came with the create."""
    return record is not None and record.content_hash is None and not record.doubts


def _sorted(paths: Iterable[LogPath]) -> tuple[LogPath, ...]:
    return tuple(sorted(paths))


def _by_path(
    rows: Sequence[PageRow], records: Mapping[LogPath, PageRecord], host: str
) -> dict[LogPath, tuple[PageRow, ...]]:
    """Group the rows by log, oldest first: by the page that we know, whatever its key says, else by key."""
    known = {
        page_id: path for path, record in records.items() if (page_id := page_id_of(record.page)) is not None
    }
    pages: dict[LogPath, list[PageRow]] = {}
    for row in rows:
        path = known.get(row.page_id) or _path_of(row.key, records, host)
        if path is not None:
            pages.setdefault(path, []).append(row)
    return {
        path: tuple(sorted(group, key=lambda row: (row.created_time, row.page_id not in known, row.page_id)))
        for path, group in pages.items()
    }


def _path_of(key: Key | None, records: Mapping[LogPath, PageRecord], host: str) -> LogPath | None:
    """Return the log of a key; without a prefix of our own, what looks like another's prefix is another's."""
    path = None if key is None else path_of(host, key)
    if path is not None and not host and _OF_A_HOST.match(path) and path not in records:
        return None
    return path


def _own(
    path: LogPath, pages: Mapping[LogPath, tuple[PageRow, ...]], records: Mapping[LogPath, PageRecord]
) -> PageRow:
    """Return the page of a log: the one that we know, else the oldest."""
    record = records.get(path)
    known = None if record is None else page_id_of(record.page)
    return next((row for row in pages[path] if row.page_id == known), pages[path][0])


def _are_hers(rows: Sequence[PageRow], record: PageRecord, author: Author) -> bool:
    """Tell whether all that is left of a log's pages are copies that a person made: they are not ours."""
    known = page_id_of(record.page)
    return all(row.page_id != known and row.created_by != author.user_id for row in rows)


def _is_edited(row: PageRow, record: PageRecord | None, key: Key, author: Author) -> bool:
    if row.key != key or (record is not None and record.edited):
        return True
    if record is None:
        return not author.is_person and row.last_edited_by != author.user_id
    return edited_by_others(row, record, author)


def _stays(record: PageRecord | None) -> bool:
    return record is not None and record.standing in {Standing.DEPARTED, Standing.UNWANTED}
