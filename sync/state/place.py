"""Which database the pages are in, for a person to open it."""

import json
from typing import NamedTuple

from sync.state.store import Store

_FACT = "place"


class Place(NamedTuple):
    """The database at the last connection."""

    title: str
    url: str


def remember_place(store: Store, place: Place) -> None:
    """Remember where the pages are."""
    if remembered_place(store) != place:
        store.remember(_FACT, json.dumps(place))


def remembered_place(store: Store) -> Place | None:
    """Return where the pages were at the last connection; None before the first."""
    text = store.fact(_FACT)
    return None if text is None else Place(*json.loads(text))
