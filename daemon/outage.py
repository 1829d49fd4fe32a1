"""What keeps the whole daemon from working, remembered in the state for `status`."""

import json
from dataclasses import dataclass
from datetime import datetime

from daemon.breaker import Breaker, Closed, Open
from sync.state.store import Store

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
