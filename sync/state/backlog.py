"""The pending work: one row for each log, on disk, most urgent first."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sync.names import LogPath
from sync.state.records import Pending, stored_moment, to_pending
from sync.state.store import Store

_TOUCH = """
    INSERT INTO pending VALUES (?1, ?2, ?3, ?3, 0, 1, NULL, NULL)
    ON CONFLICT (path) DO UPDATE SET
        lane = min(lane, excluded.lane), due_at = min(due_at, excluded.due_at), attempts = 0,
        generation = generation + 1
"""
_NOTE = """
    INSERT INTO pending VALUES (?1, ?2, ?3, ?3, 0, 1, NULL, NULL)
    ON CONFLICT (path) DO UPDATE SET lane = min(lane, excluded.lane)
"""


class Backlog:
    """The pending part of a state store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def touch(self, paths: Iterable[LogPath], *, lane: int, now: datetime) -> None:
        """Put logs that changed on the list, due at once; an earlier failure no longer delays them."""
        self._add(_TOUCH, paths, lane, now)

    def hear(self, paths: Iterable[LogPath], *, lane: int, now: datetime) -> None:
        """Put logs on the list as `touch` does, without waiting for the disk.

        If a power failure loses them, the next scan finds them again.
        """
        with self._store.light_transaction() as connection:
            connection.executemany(_TOUCH, ((path, lane, now.timestamp()) for path in paths))

    def note(self, paths: Iterable[LogPath], *, lane: int, now: datetime) -> None:
        """Put logs that differ on the list; those already there keep their turn."""
        self._add(_NOTE, paths, lane, now)

    def due(self, *, now: datetime, limit: int, working: Collection[LogPath]) -> tuple[Pending, ...]:
        """Return the work that is due, by lane; in the first lane the newest first, else by path."""
        rows = self._store.select(
            "SELECT * FROM pending INDEXED BY pending_by_turn WHERE due_at <= ?"
            " ORDER BY lane, CASE lane WHEN 0 THEN -since END, path LIMIT ?",
            (now.timestamp(), limit + len(working)),
        )
        return tuple(item for item in map(to_pending, rows) if item.path not in working)[:limit]

    def next_due(self, *, working: Collection[LogPath]) -> datetime | None:
        """Return when the next work is due; None when nothing is waiting."""
        rows = self._store.select(
            "SELECT path, due_at FROM pending ORDER BY due_at LIMIT ?", (len(working) + 1,)
        )
        return next((stored_moment(row["due_at"]) for row in rows if row["path"] not in working), None)

    def version(self) -> int:
        """Return a number that changes whenever another process has changed the list."""
        return self._store.version()

    def done(self, item: Pending) -> None:
        """Take work off the list, unless its log was touched since.

        After a power failure it may be on the list again, with nothing left to do for it.
        """
        with self._store.light_transaction() as connection:
            connection.execute(
                "DELETE FROM pending WHERE path = ? AND generation = ?", (item.path, item.generation)
            )

    def postpone(self, item: Pending, *, due_at: datetime, what: str, hint: str, failed: bool) -> None:
        """Put work off until later, unless its log was touched since."""
        with self._store.transaction() as connection:
            connection.execute(
                "UPDATE pending SET due_at = ?, attempts = attempts + ?, what = ?, hint = ?"
                " WHERE path = ? AND generation = ?",
                (due_at.timestamp(), int(failed), what, hint, item.path, item.generation),
            )

    def oldest(self) -> datetime | None:
        """Return when the log that has waited longest was first seen to differ; None when none waits."""
        ((since,),) = self._store.select("SELECT MIN(since) FROM pending")
        return None if since is None else stored_moment(since)

    def failing(self) -> tuple[Pending, ...]:
        """Return the work that has failed or waits for a reason, oldest first."""
        rows = self._store.select("SELECT * FROM pending WHERE what <> '' ORDER BY since, path")
        return tuple(map(to_pending, rows))

    def count(self, *, lane: int | None = None) -> int:
        """Count the pending work, of one lane or of all."""
        ((count,),) = self._store.select(
            "SELECT COUNT(*) FROM pending WHERE ?1 IS NULL OR lane = ?1", (lane,)
        )
        return int(count)

    def listed(self) -> Mapping[LogPath, Pending]:
        """Return all pending work by its log."""
        return {item.path: item for item in map(to_pending, self._store.select("SELECT * FROM pending"))}

    def waiting(self, paths: Collection[LogPath]) -> int:
        """Count those of the logs that are on the list."""
        rows = self._store.select("SELECT path FROM pending")
        return sum(row["path"] in paths for row in rows)

    def _add(self, statement: str, paths: Iterable[LogPath], lane: int, now: datetime) -> None:
        with self._store.transaction() as connection:
            connection.executemany(statement, ((path, lane, now.timestamp()) for path in paths))
