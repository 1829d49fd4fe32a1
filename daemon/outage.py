"""What keeps the whole daemon from working, remembered in the state for `status`."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from daemon.breaker import Breaker, Closed, Open
from sync.errors import StateUnusable
from sync.state.store import Store

if TYPE_CHECKING:
    from daemon.worker import Worker


_FACT = "outage"


@dataclass(frozen=True, slots=True)
class Outage:
    """Trouble that concerns every log.

    Attributes:
        needs_a_person: It does not end by itself.
        until: When it is tried again.
    """

    what: str
    hint: str
    needs_a_person: bool
    since: datetime
    until: datetime


def record_outage(store: Store, breaker: Breaker) -> None:
    """Remember the state of the breaker."""
    match breaker:
        case Closed():
            store.remember(_FACT, "")
        case Open(what=what, hint=hint, access=access, since=since, until=until):
            store.remember(
                _FACT,
                json.dumps(
                    {
                        "what": what,
                        "hint": hint,
                        "needs_a_person": access,
                        "since": since.isoformat(),
                        "until": until.isoformat(),
                    }
                ),
            )


def outage(store: Store) -> Outage | None:
    """Return the present trouble, if there is any."""
    text = store.fact(_FACT)
    if not text:
        return None
    fields = json.loads(text)
    return Outage(
        fields["what"],
        fields["hint"],
        fields["needs_a_person"],
        datetime.fromisoformat(fields["since"]),
        datetime.fromisoformat(fields["until"]),
    )


class Suspension:
    """The worker's rest while the state cannot be used, where that was not met by the worker itself."""

    def __init__(self, worker: "Worker") -> None:
        self._worker = worker
        self._ours: Open | None = None

    def begin(self, error: StateUnusable) -> None:
        """Stop the worker, unless it has stopped already."""
        if not isinstance(self._worker.breaker, Open):
            self._ours = self._worker.suspend(error)

    def end(self) -> None:
        """Let the worker go on, unless something else has stopped it since."""
        if self._ours is not None and self._worker.breaker is self._ours:
            self._worker.resume()
            self._worker.poke()

    @property
    def is_all(self) -> bool:
        """Whether nothing else keeps the worker from sending."""
        return not isinstance(self._worker.breaker, Open) or self._worker.breaker is self._ours
