"""The state store: what is remembered on disk of logs and their pages, none of a log's text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sync.files import Stamp
from sync.names import Digest, LogPath, PageId
from sync.state.database import sensible
from sync.state.records import PageRecord, Standing, stored_moment, to_record, to_row
from sync.state.state_file import StateFile

_MOST_ASKED = 900
"""Logs that one query asks for: SQLite before 3.32 takes 999 values (its limits)."""

MOST_SHOWING = 100
"""Logs that `Store.showing` names, however many say the same."""

_LIGHT = (
    "path, page_id, url, content_hash, edition, properties, settles_at,"
    " size, mtime_ns, inode, standing, what, hint, since, synced_at, looked_at, edited, doubts,"
    " NULL AS outline"
)
_SAVE = """
    INSERT INTO pages (
        path, page_id, url, content_hash, edition, properties, settles_at,
        size, mtime_ns, inode, standing, what, hint, since, synced_at, looked_at, edited, outline)
    VALUES (
        :path, :page_id, :url, :content_hash, :edition, :properties, :settles_at,
        :size, :mtime_ns, :inode, :standing, :what, :hint, :since, :synced_at, :looked_at, :edited, :outline)
    ON CONFLICT (path) DO UPDATE SET
        page_id = excluded.page_id, url = excluded.url, content_hash = excluded.content_hash,
        edition = excluded.edition, properties = excluded.properties, outline = excluded.outline,
        settles_at = excluded.settles_at, size = excluded.size, mtime_ns = excluded.mtime_ns,
        inode = excluded.inode, standing = excluded.standing, what = excluded.what, hint = excluded.hint,
        since = excluded.since, synced_at = excluded.synced_at, looked_at = excluded.looked_at,
        edited = excluded.edited
"""
# A page that was being written has no content hash yet; its file is known by its stamp.
_SHOWING = """
    SELECT path FROM pages
    WHERE page_id IS NOT NULL
        AND (content_hash = ? OR (content_hash IS NULL AND (size, mtime_ns, inode) = (?, ?, ?)))
    ORDER BY (size, mtime_ns, inode) IS (?, ?, ?) DESC, standing = 'tracked', path
    LIMIT ?
"""
_UNCHECKED = """
    SELECT path FROM pages
    WHERE looked_at IS NULL AND content_hash IS NOT NULL AND page_id IS NOT NULL AND settles_at IS NULL
        AND standing = 'tracked'
    ORDER BY synced_at LIMIT ?
"""


class Store(StateFile):
    """What is remembered of logs and their pages."""

    def page(self, path: LogPath) -> PageRecord | None:
        """Return what is remembered of a log."""
        row = self.select_one("SELECT * FROM pages WHERE path = ?", (path,))
        return None if row is None else to_record(row)

    def pages(self, paths: Sequence[LogPath]) -> Mapping[LogPath, PageRecord]:
        """Return what is remembered of several logs, without their outlines."""
        found: dict[LogPath, PageRecord] = {}
        for start in range(0, len(paths), _MOST_ASKED):
            asked = tuple(paths[start : start + _MOST_ASKED])
            marks = ",".join("?" * len(asked))
            query = f"SELECT {_LIGHT} FROM pages WHERE path IN ({marks})"  # noqa: S608 - column names and question marks
            found.update((LogPath(row["path"]), to_record(row)) for row in self.select(query, asked))
        return found

    def knows(self, path: LogPath) -> bool:
        """Tell whether anything is remembered of a log, or of one below a directory."""
        # "0" follows "/": between the two lies every path below the directory.
        below = "SELECT 1 FROM pages WHERE path = ?1 OR (path > ?1 || '/' AND path < ?1 || '0') LIMIT 1"
        return self.select_one(below, (path,)) is not None

    def path_of(self, page_id: PageId) -> LogPath | None:
        """Return the log that a page belongs to."""
        row = self.select_one("SELECT path FROM pages WHERE page_id = ?", (page_id,))
        return None if row is None else LogPath(row["path"])

    def showing(self, content: Digest, stamp: Stamp) -> tuple[LogPath, ...]:
        """Return the logs whose page shows this content, or was being brought to show this very file.

        One of them may have been renamed. That of the same file comes first, then those whose file is gone.

        Args:
            content: Of the log.
            stamp: Of its file: it stays when the file is renamed.
        """
        rows = self.select(_SHOWING, (content, *stamp, *stamp, MOST_SHOWING))
        return tuple(LogPath(row["path"]) for row in rows)

    def unchecked(self, *, limit: int | None = None) -> tuple[LogPath, ...]:
        """Return logs in step whose page a person may have edited before our last write, longest first."""
        rows = self.select(_UNCHECKED, (-1 if limit is None else limit,))
        return tuple(LogPath(row["path"]) for row in rows)

    def move(self, record: PageRecord, path: LogPath) -> PageRecord:
        """Let a page follow its log to a new path, and return the new record.

        The page still bears the old path, so it is not in step.
        """
        moved = replace(record, path=path, content_hash=None)
        with self.transaction() as connection:
            connection.execute("DELETE FROM pages WHERE path IN (?, ?)", (record.path, path))
            connection.execute(_SAVE, to_row(moved))
        return moved

    def rename(self, records: Mapping[LogPath, PageRecord]) -> None:
        """Replace records, given by the paths under which they were known, by ones under other paths."""
        with self.transaction() as connection:
            connection.executemany("DELETE FROM pages WHERE path = ?", ((path,) for path in records))
            connection.executemany(_SAVE, map(to_row, records.values()))

    def forget(self, path: LogPath) -> None:
        """Forget a log that has no page."""
        with self.transaction() as connection:
            connection.execute("DELETE FROM pages WHERE path = ?", (path,))

    def count(self, *standings: Standing) -> int:
        """Count the logs of these standings that have a page."""
        marks = ",".join("?" * len(standings))
        ((count,),) = self.select(
            f"SELECT COUNT(*) FROM pages WHERE page_id IS NOT NULL AND standing IN ({marks})",  # noqa: S608 - only question marks
            [standing.value for standing in standings],
        )
        return int(count)

    @sensible
    def count_by_standing(self) -> Mapping[Standing, int]:
        """Count all remembered logs by their standing."""
        rows = self.select("SELECT standing, COUNT(*) AS count FROM pages GROUP BY standing")
        found = {Standing(row["standing"]): int(row["count"]) for row in rows}
        return {standing: found.get(standing, 0) for standing in Standing}

    def edited(self) -> tuple[PageRecord, ...]:
        """Return the logs whose page shows a person's edit of ours that is to stay."""
        which = "edited AND standing = 'tracked'"
        rows = self.select(f"SELECT {_LIGHT} FROM pages WHERE {which} ORDER BY path")  # noqa: S608 - column names
        return tuple(map(to_record, rows))

    def known(self) -> tuple[PageRecord, ...]:
        """Return what is remembered of every log, without the outlines."""
        return tuple(map(to_record, self.select(f"SELECT {_LIGHT} FROM pages ORDER BY path")))  # noqa: S608 - column names

    def doubt(self, paths: Iterable[LogPath]) -> None:
        """Stop assuming that pages are in step: the next job for each asks Notion."""
        with self.transaction() as connection:
            connection.executemany(
                "UPDATE pages SET content_hash = NULL, looked_at = NULL, doubts = doubts + 1 WHERE path = ?",
                ((path,) for path in paths),
            )

    def reassure(self, record: PageRecord) -> None:
        """Settle the doubts that a record had when it was read; those raised since then stay."""
        with self.transaction() as connection:
            connection.execute(
                "UPDATE pages SET doubts = max(0, doubts - ?) WHERE path = ?", (record.doubts, record.path)
            )

    def save(self, record: PageRecord) -> None:
        """Remember a log."""
        self.save_all((record,))

    def save_all(self, records: Iterable[PageRecord]) -> None:
        """Remember several logs at once."""
        with self.transaction() as connection:
            connection.executemany(_SAVE, map(to_row, records))

    def forget_pages(self) -> None:
        """Forget which page belongs to which log, as after a change of the database."""
        with self.transaction() as connection:
            connection.execute(
                "UPDATE pages SET page_id = NULL, url = '', content_hash = NULL, edition = NULL,"
                " properties = NULL, outline = NULL, settles_at = NULL, size = NULL, mtime_ns = NULL,"
                " inode = NULL, standing = 'tracked', what = '', hint = ''",
            )

    def standing(self, standing: Standing) -> tuple[PageRecord, ...]:
        """Return the logs of one standing, longest first."""
        rows = self.select("SELECT * FROM pages WHERE standing = ? ORDER BY since", (standing.value,))
        return tuple(map(to_record, rows))

    def paths_of(self, standing: Standing) -> frozenset[LogPath]:
        """Return which logs are treated in one way."""
        rows = self.select("SELECT path FROM pages WHERE standing = ?", (standing.value,))
        return frozenset(LogPath(row["path"]) for row in rows)

    def last_sync(self) -> datetime | None:
        """Return when a page was last brought in step."""
        ((latest,),) = self.select("SELECT MAX(synced_at) FROM pages")
        return None if latest is None else stored_moment(latest)
