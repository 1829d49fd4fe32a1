"""What a person may want to mend in the database, as long as it stands, and since when."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sync.state.store import Store

_FACT = "advice"


class GivenAdvice(NamedTuple):
    """A piece of advice, and since when it stands."""

    what: str
    since: datetime


def remember_advice(store: Store, standing: Iterable[str], *, now: datetime) -> None:
    """Remember the advice that stands now; what stood before is as old as it was."""
    since = dict(remembered_advice(store))
    told = [(each, since.get(each, now).isoformat()) for each in standing]
    store.remember(_FACT, json.dumps(told))


def remembered_advice(store: Store) -> tuple[GivenAdvice, ...]:
    """Return the advice that stands, or stood when the last process ended."""
    told = json.loads(store.fact(_FACT) or "[]")
    return tuple(GivenAdvice(what, datetime.fromisoformat(since)) for what, since in told)
