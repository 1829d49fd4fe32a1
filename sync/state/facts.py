"""What one process leaves behind for the next, beside the pages: single facts, each under a name."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sync.names import Property
from sync.state.database import sensible
from sync.state.store import Store

_ADDITION = "addition"
_ADVICE = "advice"
_ARCHIVED = "archived_pages_expected"
_HOSTS = "fleet"
_NAMED = "database named"
_PLACE = "place"
_PROPERTY_IDS = "property_ids"


class GivenAdvice(NamedTuple):
    """Something that a person may want to mend in the database, and since when it has stood."""

    what: str
    since: datetime


class Place(NamedTuple):
    """The database that the pages are in, for a person to open it."""

    title: str
    url: str


def remember_advice(store: Store, standing: Iterable[str], *, now: datetime) -> None:
    """Remember the advice that stands now; what stood before keeps its date."""
    since = dict(remembered_advice(store))
    store.remember(_ADVICE, json.dumps([(each, since.get(each, now).isoformat()) for each in standing]))


@sensible
def remembered_advice(store: Store) -> tuple[GivenAdvice, ...]:
    """Return the advice that stands, or stood when the last process ended."""
    given = json.loads(store.fact(_ADVICE) or "[]")
    return tuple(GivenAdvice(what, datetime.fromisoformat(since)) for what, since in given)


def remember_hosts(store: Store, hosts: int) -> None:
    """Remember how many hosts share the budget, for when nobody can be asked."""
    store.remember(_HOSTS, str(hosts))


@sensible
def remembered_hosts(store: Store) -> int:
    """Return how many hosts shared the budget when last counted; 0 when they never were."""
    return int(store.fact(_HOSTS) or 0)


def remember_place(store: Store, place: Place) -> None:
    """Remember where the pages are."""
    store.remember(_PLACE, json.dumps(place))


@sensible
def remembered_place(store: Store) -> Place | None:
    """Return where the pages were at the last connection; None before the first."""
    text = store.fact(_PLACE)
    return None if text is None else Place(*json.loads(text))


def remember_named(store: Store, database: str) -> None:
    """Remember the id by which the settings named the database that the pages are in."""
    store.remember(_NAMED, database)


def remembered_named(store: Store) -> str | None:
    """Return the id by which the settings named the database last time; None before the first connection."""
    return store.fact(_NAMED)


def remember_property_ids(store: Store, ids: Mapping[Property, str]) -> None:
    """Remember which property of the database is which of ours: ids outlive a renaming in Notion."""
    store.remember(_PROPERTY_IDS, json.dumps({ours.name: bound for ours, bound in ids.items()}))


@sensible
def remembered_property_ids(store: Store) -> dict[Property, str]:
    """Return the property ids of the last connection; none before the first."""
    ids = json.loads(store.fact(_PROPERTY_IDS) or "{}")
    return {Property[name]: bound for name, bound in ids.items()}


def remember_addition(store: Store, until: datetime | None) -> None:
    """Remember until when an addition of properties may be carried out that is on its way; None: none is."""
    store.remember(_ADDITION, "" if until is None else until.isoformat())


@sensible
def remembered_addition(store: Store) -> datetime | None:
    """Return until when an addition of properties may still be carried out; None when none is on its way."""
    until = store.fact(_ADDITION)
    return datetime.fromisoformat(until) if until else None


def expect_archived(store: Store, *, expected: bool) -> None:
    """Have archived pages asked for before the next page is created, or no longer.

    They are expected where the database has pages that the state did not know.
    """
    store.remember(_ARCHIVED, "yes" if expected else "")


def archived_expected(store: Store) -> bool:
    """Tell whether there may be archived pages that the state does not know."""
    return bool(store.fact(_ARCHIVED))
