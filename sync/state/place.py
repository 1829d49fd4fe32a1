"""Which database the pages are in, for a person to open it."""

import json
from typing import NamedTuple

from sync.state.store import Store

_FACT = "place"
_NAMED = "database named"


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


def remember_named(store: Store, database: str) -> None:
    """Remember by which id the settings named the database that the pages are in."""
    if remembered_named(store) != database:
        store.remember(_NAMED, database)


def remembered_named(store: Store) -> str | None:
    """Return by which id the settings named the database at the last connection; None before the first."""
    return store.fact(_NAMED)
