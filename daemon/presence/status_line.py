"""The one-line status of the daemon, as the service manager shows it."""

from collections.abc import Mapping

from daemon.breaker import Breaker, Open
from daemon.watching.health import Deaf, Health
from sync.errors import StateUnusable
from sync.state.backlog import Backlog
from sync.state.records import Standing
from sync.state.store import Store


class StatusLine:
    """Make the status line; it counts again only after the state has changed.

    Args:
        store: The state.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changes: tuple[int, int] | None = None
        self._pending = 0
        self._known: Mapping[Standing, int] = {}

    def text(self, breaker: Breaker, health: Health) -> str:
        """Return what keeps the daemon from working, or how many logs are known and how many wait."""
        try:
            self._count()
        except StateUnusable as error:
            return error.what
        pending, known = self._pending, self._known
        waiting = f"{pending} {'log waits' if pending == 1 else 'logs wait'}"
        match breaker, health:
            case Open(cause=cause), _:
                return f"{cause.what}; {waiting}"
            case _, Deaf(reason=reason):
                return f"Not watching: {reason}; {waiting}"
            case _:
                held = f"{known[Standing.QUARANTINED]} in quarantine, {known[Standing.TRASHED]} trashed"
                step = "In step" if not pending else "Syncing"
                return f"{step}: {known[Standing.TRACKED]} logs known, {waiting}, {held}"

    def _count(self) -> None:
        changes = self._store.changes()
        if changes != self._changes:
            self._pending = Backlog(self._store).count()
            self._known = self._store.count_by_standing()
            self._changes = changes
