"""How the daemon is doing in one line, as the service manager shows it."""

from daemon.breaker import Breaker, Open
from daemon.watching.health import Deaf, Health
from sync.errors import StateUnusable
from sync.state.backlog import Backlog
from sync.state.counts import standings
from sync.state.records import Standing
from sync.state.store import Store


def status_line(store: Store, breaker: Breaker, health: Health) -> str:
    """Return what keeps it from its work, or how many logs it knows, and how many wait."""
    try:
        pending, known = Backlog(store).count(), standings(store)
    except StateUnusable as error:
        return error.what
    waiting = f"{pending} {'log waits' if pending == 1 else 'logs wait'}"
    match breaker, health:
        case Open(what=what), _:
            return f"{what}; {waiting}"
        case _, Deaf(reason=reason):
            return f"Not watching: {reason}; {waiting}"
        case _:
            held = f"{known[Standing.QUARANTINED]} in quarantine, {known[Standing.TRASHED]} trashed"
            step = "In step" if not pending else "Syncing"
            return f"{step}: {known[Standing.TRACKED]} logs known, {waiting}, {held}"
