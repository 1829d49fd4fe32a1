"""Which of the remembered logs a whole scan has not come across."""

from collections.abc import Iterable
from types import TracebackType
from typing import Self

from sync.names import LogPath
from sync.state.records import Standing
from sync.state.store import Store

_LOOKED_FOR = (
    Standing.TRACKED,
    Standing.QUARANTINED,
    Standing.RESTORING,
    Standing.VANISHED,
    Standing.DEPARTING,
)


class Census:
    """The paths of one scan. The database keeps them, in a table of its own that ends with the context."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> Self:
        with self._store.transaction() as connection:
            connection.execute("DROP TABLE IF EXISTS seen")
            connection.execute("CREATE TEMP TABLE seen (path TEXT PRIMARY KEY) WITHOUT ROWID")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._store.transaction() as connection:
            connection.execute("DROP TABLE IF EXISTS seen")

    def saw(self, paths: Iterable[LogPath]) -> None:
        """Take note of logs that are there."""
        with self._store.transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO seen VALUES (?)", ((path,) for path in paths))

    def absent(self) -> tuple[LogPath, ...]:
        """Return the remembered logs that were not seen. Means something only after a scan to its end."""
        marks = ",".join("?" * len(_LOOKED_FOR))
        rows = self._store.select(
            f"SELECT path FROM pages WHERE standing IN ({marks}) AND path NOT IN (SELECT path FROM seen)",  # noqa: S608 - only question marks
            [standing.value for standing in _LOOKED_FOR],
        )
        return tuple(LogPath(row["path"]) for row in rows)
