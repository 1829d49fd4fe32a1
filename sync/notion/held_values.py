"""What the properties of a page say: ours where they differ from the draft, and those that are a person's."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from sync.names import Property
from sync.notion.model import Json
from sync.notion.schema import Schema

_OURS_ALONE = frozenset((Property.CONTENT_HASH,))
"""Never a person's words, whatever stands there."""

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


def strays(schema: Schema, held: Mapping[str, Json], payload: Mapping[str, Any]) -> Mapping[Property, str]:
    """Return the managed properties that differ from what a write would send, with what they say.

    Of those in which nobody has words, nothing is told but that they differ.

    Args:
        schema: The binding of our properties.
        held: The properties of the page, by name.
        payload: What a write would send, by property id.
    """
    there = {unquote(value["id"]): value for value in held.values()}
    result: dict[Property, str] = {}
    for ours, bound in schema.bound.items():
        value, ought = there.get(unquote(bound.id)), payload.get(bound.id)
        if value is None or ought is None:
            continue
        says, should = _shown(value), _shown(ought)
        if says is not None and should is not None and _order(says) != _order(should):
            result[ours] = "" if ours in _OURS_ALONE else ", ".join(says)
    return result


def _order(says: Sequence[str]) -> Sequence[str]:
    """Return what compares: neither the order of several options nor their case says anything."""
    return sorted(each.casefold() for each in says)


def _shown(value: Json) -> Sequence[str] | None:
    """Return what a property says, option by option, whichever side sent it; None: not compared."""
    kind = value.get("type") or next(iter(value), "")
    content = value.get(kind)
    match kind:
        case "title" | "rich_text":
            says = "".join(map(_text, content or ()))
        case "select" | "status":
            says = (content or {}).get("name") or ""
        case "multi_select":
            return [option["name"] for option in content or ()]
        case "checkbox":
            says = "Yes" if content else "No"
        case "date":
            says = _moment(content["start"]) if content else ""
        case "url":
            says = content or ""
        case _:
            return None
    return [says]


def _text(item: Json) -> str:
    written: str | None = item.get("plain_text")
    return item.get("text", {}).get("content", "") if written is None else written


def _moment(start: str) -> str:
    """Return a day as it is, and a time to the minute: Notion may keep no more."""
    if len(start) <= len("2026-01-10"):
        return start
    return datetime.fromisoformat(start).astimezone(UTC).isoformat(timespec="minutes")


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
