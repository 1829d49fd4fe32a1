"""The links from a log's page to the hand-off that tells of the patterns which the log is in."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from sync.names import LogPath, Property
from sync.page.draft import Link, Links, is_written, unlinked
from sync.planning.page_state import Synced
from sync.state.database import sensible
from sync.state.records import PageRecord
from sync.state.store import Store

_TRACKED = """
    SELECT backlinks.path, links, properties FROM backlinks JOIN pages USING (path)
    WHERE standing = 'tracked' AND page_id IS NOT NULL AND links != 'null' ORDER BY backlinks.path
"""

_PROPERTY = "backlinks_property"
"""The fact that tells the id of the property which the links were last written into."""


class Backlinks:
    """The links in a state store, by log; a log that was never in a hand-off has none.

    Where a page was found with links, they are unknown until the next hand-off.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, path: LogPath) -> Links | None:
        """Return the links of a log, empty once it is in no pattern; None: leave alone what its page says."""
        select = "SELECT links FROM backlinks WHERE path = ? AND links != 'null'"
        row = self._store.select_one(select, (path,))
        return None if row is None else _links(row["links"])

    def owed(self, record: PageRecord) -> bool:
        """Tell whether the links of a page have yet to be written."""
        wanted = self.of(record.path)
        known = record.page.properties if isinstance(record.page, Synced) else None
        return wanted is not None and not _bears(known, wanted)

    def tell(
        self, told: Mapping[LogPath, Links], *, read: Collection[LogPath], into: str
    ) -> tuple[LogPath, ...]:
        """Remember the links of logs, and return all logs whose links have yet to be written.

        Args:
            told: The links of each log that is in a pattern.
            read: The logs that were read; those that are in no pattern lose their links.
            into: The id of the property; links that were written into another property are written anew.
        """
        with self._store.transaction() as connection:
            connection.executemany(
                "UPDATE backlinks SET links = '[]' WHERE path = ?",
                ((path,) for path in read if path not in told),
            )
            connection.executemany(
                "INSERT OR REPLACE INTO backlinks VALUES (?, ?)",
                ((path, _text(links)) for path, links in told.items()),
            )
        if self._store.fact(_PROPERTY) != into:
            self._write_anew()
            self._store.remember(_PROPERTY, into)
        rows = self._store.select(_TRACKED)
        return tuple(
            LogPath(row["path"]) for row in rows if not _bears(row["properties"], _links(row["links"]))
        )

    def found(self, linked: Collection[LogPath], *, outdated: Collection[LogPath]) -> None:
        """Remember that pages have links, of which nothing is known.

        Args:
            linked: The logs of these pages.
            outdated: Logs of whose pages the state has been found to be too old.
        """
        with self._store.transaction() as connection:
            connection.executemany("DELETE FROM backlinks WHERE path = ?", ((path,) for path in outdated))
            connection.executemany(
                "INSERT OR IGNORE INTO backlinks VALUES (?, 'null')", ((path,) for path in linked)
            )

    def forget(self) -> None:
        """Forget all links, as after a change of the database."""
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM backlinks")

    def move(self, path: LogPath, new: LogPath) -> None:
        """Let the links of a log follow it to its new path."""
        with self._store.transaction() as connection:
            connection.execute("UPDATE OR REPLACE backlinks SET path = ? WHERE path = ?", (new, path))

    def _write_anew(self) -> None:
        """Forget of every page that its links were written."""
        rows = [row for row in self._store.select(_TRACKED) if row["properties"] and row["links"] != "[]"]
        with self._store.transaction() as connection:
            connection.executemany(
                "UPDATE pages SET properties = ? WHERE path = ?",
                ((unlinked(row["properties"]), row["path"]) for row in rows),
            )


def _bears(properties: str | None, wanted: Links) -> bool:
    return is_written(properties, Property.PATTERNS, wanted)


def _text(links: Links) -> str:
    return json.dumps([[link.text, link.address] for link in links.links])


@sensible
def _links(text: str) -> Links:
    pairs: list[list[Any]] = json.loads(text)
    return Links(tuple(Link(str(words), str(address)) for words, address in pairs))
