"""What Notion, or the firewall in front of it, has refused: fingerprints, none of the text."""

from collections.abc import Iterable

from sync.state.store import Store


class Refusals:
    """The refusals in a state store.

    A text that is refused in one log is refused in every log, so one search serves them all. A new edition
    of the software gives everything another chance.

    Args:
        store: The state.
        edition: Of the software and its settings.
    """

    def __init__(self, store: Store, edition: str) -> None:
        self._store = store
        self._edition = edition

    def known(self) -> frozenset[str]:
        """Return what was refused."""
        rows = self._store.select("SELECT fingerprint FROM refusals WHERE edition = ?", (self._edition,))
        return frozenset(row["fingerprint"] for row in rows)

    def add(self, fingerprints: Iterable[str]) -> None:
        """Remember what was refused, and forget what earlier editions have found."""
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM refusals WHERE edition <> ?", (self._edition,))
            connection.executemany(
                "INSERT OR IGNORE INTO refusals VALUES (?, ?)",
                ((fingerprint, self._edition) for fingerprint in fingerprints),
            )


def forget_refusals(store: Store) -> None:
    """Forget what was refused: each text gets another chance the next time its log is worked on."""
    with store.transaction() as connection:
        connection.execute("DELETE FROM refusals")
