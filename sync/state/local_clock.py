"""This machine's clock: when it is set back, nothing must wait until it has caught up."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sync.state.database import sensible
from sync.state.records import stored_moment
from sync.state.store import Store

_LATEST = "clock"
_KEPT_FOR = timedelta(minutes=10)
"""How often the time is saved, for the next process to compare its own with."""

_UNNOTICED = timedelta(seconds=1)
"""How far a clock may be set back without harm: it is adjusted by less all the time."""


class LocalClock:
    """Remembers the time, to notice when the clock is set back.

    Args:
        store: The state whose times are corrected.
        settle: How long a lost request may still be carried out.
        now: The present time.
    """

    def __init__(self, store: Store, settle: timedelta, now: datetime) -> None:
        self._store = store
        self._settle = settle
        self._latest = now
        self._kept: datetime | None = None

    def heed(self, now: datetime) -> bool:
        """Tell whether the clock was set back; if so, correct the times in the state that are ahead."""
        latest = self._latest if self._kept else max((self._latest, *self._of_before()))
        self._latest = now
        is_set_back = now < latest - _UNNOTICED
        if is_set_back:
            self._put_right(now)
        if is_set_back or self._kept is None or now > self._kept + _KEPT_FOR:
            self._store.remember(_LATEST, now.isoformat())
            self._kept = now
        return is_set_back

    def _of_before(self) -> Iterator[datetime]:
        """Yield times that an earlier process has seen."""
        if kept := _kept(self._store):
            yield kept
        ((listed,),) = self._store.select("SELECT MAX(since) FROM pending")
        if listed is not None:
            yield stored_moment(listed)

    def _put_right(self, now: datetime) -> None:
        with self._store.transaction() as connection:
            times = {"now": now.timestamp(), "settled": (now + self._settle).timestamp()}
            connection.execute("UPDATE pages SET settles_at = :settled WHERE settles_at > :settled", times)
            connection.execute("UPDATE pages SET since = :now WHERE since > :now", times)
            connection.execute("UPDATE pages SET synced_at = :now WHERE synced_at > :now", times)
            # Notion's time of an edit says nothing about a look at a time that never was.
            connection.execute("UPDATE pages SET looked_at = NULL WHERE looked_at > :now", times)
            connection.execute("UPDATE pending SET due_at = :now WHERE due_at > :now", times)
            connection.execute("UPDATE pending SET since = :now WHERE since > :now", times)


@sensible
def _kept(store: Store) -> datetime | None:
    kept = store.fact(_LATEST)
    return datetime.fromisoformat(kept).astimezone(UTC) if kept else None
