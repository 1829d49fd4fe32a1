"""Further pages of a log beside the one that it is mirrored to, found in the database."""

from collections.abc import Iterable
from dataclasses import dataclass

from sync.names import LogPath, PageId
from sync.state.store import Store


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A further page of a log.

    Attributes:
        url: Where a person opens it; empty when unknown.
    """

    path: LogPath
    page_id: PageId
    url: str


class Duplicates:
    """The duplicates in a state store: those still to be settled, and those left to a person."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, found: Iterable[Duplicate]) -> tuple[LogPath, ...]:
        """Remember duplicates to be settled, and return the logs of those that are new."""
        with self._store.transaction() as connection:
            new = [
                each.path
                for each in found
                if connection.execute(
                    "INSERT OR IGNORE INTO duplicates VALUES (?, ?, ?, 0)",
                    (each.page_id, each.path, each.url),
                ).rowcount
            ]
        return tuple(dict.fromkeys(new))

    def to_settle(self, path: LogPath) -> bool:
        """Tell whether a log has duplicates that nothing was decided about yet."""
        return bool(self._store.select("SELECT 1 FROM duplicates WHERE path = ? AND NOT is_left", (path,)))

    def settle(self, path: LogPath, left: Iterable[Duplicate]) -> None:
        """Forget the duplicates of a log, except for those that are left to a person."""
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM duplicates WHERE path = ?", (path,))
            connection.executemany(
                "INSERT OR REPLACE INTO duplicates VALUES (?, ?, ?, 1)",
                ((each.page_id, each.path, each.url) for each in left),
            )

    def left(self) -> tuple[Duplicate, ...]:
        """Return those that are left to a person, by log."""
        rows = self._store.select("SELECT * FROM duplicates WHERE is_left ORDER BY path, page_id")
        return tuple(Duplicate(LogPath(row["path"]), PageId(row["page_id"]), row["url"]) for row in rows)
