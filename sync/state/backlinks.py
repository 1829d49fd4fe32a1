"""What the page of a log is to say of the patterns that its log is in: links to a hand-off."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from sync.names import LogPath, Property
from sync.page.draft import Link, Links, is_written, unlinked
from sync.planning.page_state import Synced
from sync.state.records import PageRecord
from sync.state.store import Store

_TRACKED = """
    SELECT backlinks.path, links, properties FROM backlinks JOIN pages USING (path)
    WHERE standing = 'tracked' AND page_id IS NOT NULL AND links != 'null' ORDER BY backlinks.path
"""

_PROPERTY = "backlinks_property"
"""The fact that tells the id of the property which the links were last written into."""


class Backlinks:
    """The links in a state store, by log; a log of which no hand-off has ever told has none.

    Of a page that was found with links only the next hand-off knows what they should be.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, path: LogPath) -> Links | None:
        """Return the links of a log, none when it left its patterns; None: its page keeps what it says."""
        select = "SELECT links FROM backlinks WHERE path = ? AND links != 'null'"
        row = next(iter(self._store.select(select, (path,))), None)
        return None if row is None else _links(row["links"])

    def owed(self, record: PageRecord) -> bool:
        """Tell whether a page has yet to say what it should."""
        wanted = self.of(record.path)
        known = record.page.properties if isinstance(record.page, Synced) else None
        return wanted is not None and not _bears(known, wanted)

    def tell(
        self, told: Mapping[LogPath, Links], *, read: Collection[LogPath], into: str
    ) -> tuple[LogPath, ...]:
        """Remember the links of logs, and return all logs whose pages have yet to say what they should.

        Args:
            told: The links of each log that is in a pattern.
            read: The logs that were read; one that is in no pattern loses the links that it has.
            into: The id of the property: what was written into another one is not there.
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
        """Remember that pages have links, and nothing of them.

        Args:
            linked: Their logs.
            outdated: Logs of whose pages the state tells what no longer is.
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
        """Let the links of a log belong to it under its new path."""
        with self._store.transaction() as connection:
            connection.execute("UPDATE OR REPLACE backlinks SET path = ? WHERE path = ?", (new, path))

    def _write_anew(self) -> None:
        """Take no page for one that bears its links."""
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


def _links(text: str) -> Links:
    pairs: list[list[Any]] = json.loads(text)
    return Links(tuple(Link(str(words), str(address)) for words, address in pairs))
