"""The ids of our properties at the last connection: they outlive a renaming in Notion."""

import json
from collections.abc import Mapping

from sync.names import Property
from sync.state.store import Store

_FACT = "property_ids"


def remember_property_ids(store: Store, ids: Mapping[Property, str]) -> None:
    """Remember which property of the database is which of ours."""
    store.remember(_FACT, json.dumps({ours.name: bound for ours, bound in ids.items()}))


def remembered_property_ids(store: Store) -> dict[Property, str]:
    """Return the ids at the last connection; none before the first."""
    ids = json.loads(store.fact(_FACT) or "{}")
    return {Property[name]: bound for name, bound in ids.items()}
