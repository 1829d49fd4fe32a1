"""What the properties of a page say that are not ours."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from sync.notion.model import Json
from sync.notion.schema import Schema

_COMPUTED = frozenset(
    (
        "button",
        "created_by",
        "created_time",
        "formula",
        "last_edited_by",
        "last_edited_time",
        "rollup",
        "unique_id",
        "verification",
    )
)
"""Types whose value nobody writes."""


def foreign_values(schema: Schema, held: Mapping[str, Json]) -> str:
    """Return what people can write into the properties that are not ours, as a text that compares.

    Args:
        schema: The binding of our properties.
        held: The properties of the page, by name.
    """
    ours = {unquote(bound.id) for bound in schema.bound.values()}
    values = {
        identity: _comparable(value.get(value["type"]))
        for value in held.values()
        if (identity := unquote(value["id"])) not in ours and value["type"] not in _COMPUTED
    }
    return json.dumps(values, sort_keys=True)


def _comparable(value: Any) -> Any:  # noqa: ANN401 - JSON of any kind
    """Leave out of a list what differs from one answer to the next, such as the address of a file."""
    if not isinstance(value, list):
        return value
    return [item.get("plain_text") or item.get("id") or item.get("name") for item in value]
