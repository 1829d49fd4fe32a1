"""Jen's views of the database: what each shows, in terms of whatever types the properties have here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sync.names import Property
from sync.notion.schema import BoundProperty, Schema
from sync.notion.values import LeftOut, adapt
from sync.page.draft import Choice, Flag, Value
from sync.tracelog.model import Kind, Outcome

Filter: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedView:
    """A view as it is asked for.

    Attributes:
        name: By which it is known again.
        kind: Notion's name of the layout.
        configuration: How that layout shows the pages.
    """

    name: str
    kind: str
    filter: Filter | None
    sorts: Sequence[Mapping[str, str]]
    configuration: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unbuildable:
    """A view that this database cannot have, and why."""

    name: str
    reason: str


class _CannotShow(Exception):
    """A property is not there, or has a type that the view cannot use."""


def views(schema: Schema) -> tuple[WantedView | Unbuildable, ...]:
    """Return the five views for a database with this schema, in the order of their tabs."""
    return tuple(_made(name, make, schema) for name, make in _MAKERS.items())


def same_name(one: str, other: str) -> bool:
    """Tell whether a person takes two names of views for one."""
    return one.strip().casefold() == other.strip().casefold()


def _made(name: str, make: Callable[[str, Schema], WantedView], schema: Schema) -> WantedView | Unbuildable:
    try:
        return make(name, schema)
    except _CannotShow as reason:
        return Unbuildable(name, str(reason))


def _exceptions(name: str, schema: Schema) -> WantedView:
    """Return a board with a column for each severity."""
    shown = (Property.TITLE, Property.TIMESTAMP, Property.ENV, Property.SUMMARY)
    return WantedView(
        name=name,
        kind="board",
        filter=_is(schema, Property.TYPE, Choice(Kind.EXCEPTION)),
        sorts=_newest_first(schema),
        configuration={
            "type": "board",
            "group_by": _groups(_bound(schema, Property.SEVERITY)),
            "properties": _columns(schema, shown),
        },
    )


def _timeline(name: str, schema: Schema) -> WantedView:
    """Return a calendar of all logs by their time."""
    when = _bound(schema, Property.TIMESTAMP)
    if when.type != "date":
        raise _CannotShow(f"“{when.name}” is of type {when.type}; a calendar needs a date")
    shown = (Property.TITLE, Property.OUTCOME, Property.SEVERITY)
    return WantedView(
        name=name,
        kind="calendar",
        filter=None,
        sorts=(),
        configuration={
            "type": "calendar",
            "date_property_id": when.id,
            "properties": _columns(schema, shown),
            "view_range": "month",
        },
    )


def _failures(name: str, schema: Schema) -> WantedView:
    """Return a table of what failed since the week began: failed executions, and every exception."""
    failed = _is(schema, Property.OUTCOME, Choice(Outcome.FAILED))
    exception = _is(schema, Property.TYPE, Choice(Kind.EXCEPTION))
    return _table(name, schema, filter={"and": [_this_week(schema), {"or": [failed, exception]}]})


def _gaps(name: str, schema: Schema) -> WantedView:
    """Return a table of the logs that name a gap in the contract."""
    gaps = _is(schema, Property.CONTRACT_GAP, Flag(ticked=True))
    return _table(name, schema, filter=gaps, also=(Property.CONTRACT_REFERENCE,))


def _by_tool(name: str, schema: Schema) -> WantedView:
    """Return a table in groups, one for each tool; a log with several tools stands in each of theirs."""
    groups = {**_groups(_bound(schema, Property.TOOLS)), "hide_empty_groups": True}
    return _table(name, schema, filter=None, group_by=groups)


_MAKERS: Mapping[str, Callable[[str, Schema], WantedView]] = {
    "Exceptions by severity": _exceptions,
    "Timeline": _timeline,
    "This week's failures": _failures,
    "Contract gaps": _gaps,
    "By tool": _by_tool,
}

NAMES = tuple(_MAKERS)
"""The names of the views, in the order of their tabs."""

_SHOWN = (
    Property.TITLE,
    Property.TIMESTAMP,
    Property.TYPE,
    Property.OUTCOME,
    Property.SEVERITY,
    Property.ENV,
    Property.SUMMARY,
)
"""What a table shows; the other properties are hidden, not gone."""


def _table(
    name: str,
    schema: Schema,
    *,
    filter: Filter | None,  # noqa: A002 - Notion's word
    also: tuple[Property, ...] = (),
    group_by: Mapping[str, Any] | None = None,
) -> WantedView:
    grouped = {} if group_by is None else {"group_by": group_by}
    return WantedView(
        name=name,
        kind="table",
        filter=filter,
        sorts=_newest_first(schema),
        configuration={"type": "table", "properties": _columns(schema, (*_SHOWN, *also)), **grouped},
    )


def _bound(schema: Schema, ours: Property) -> BoundProperty:
    bound = schema.bound.get(ours)
    if bound is None:
        raise _CannotShow(f"the database has no usable property “{schema.absent.get(ours, ours.value)}”")
    return bound


def _columns(schema: Schema, shown: Sequence[Property]) -> list[dict[str, Any]]:
    there = (schema.bound[ours] for ours in shown if ours in schema.bound)
    return [{"property_id": bound.id, "visible": True} for bound in there]


def _newest_first(schema: Schema) -> Sequence[Mapping[str, str]]:
    when = schema.bound.get(Property.TIMESTAMP)
    if when is None or when.type != "date":
        return ({"timestamp": "created_time", "direction": "descending"},)
    return ({"property": when.name, "direction": "descending"},)


def _this_week(schema: Schema) -> Filter:
    when = schema.bound.get(Property.TIMESTAMP)
    if when is None or when.type != "date":
        return {"timestamp": "created_time", "created_time": {"this_week": {}}}
    return {"property": when.name, "date": {"this_week": {}}}


def _is(schema: Schema, ours: Property, value: Value) -> Filter:
    """Return the filter for the pages that hold a value, as a page's write would put it."""
    bound = _bound(schema, ours)
    match adapt(value, bound.type, bound.options):
        case LeftOut(reason):
            raise _CannotShow(f"“{bound.name}”: {reason}")
        case {"checkbox": bool(ticked)}:
            return {"property": bound.name, "checkbox": {"equals": ticked}}
        case {"select": {"name": str(option)}} | {"status": {"name": str(option)}}:
            return {"property": bound.name, bound.type: {"equals": option}}
        case {"multi_select": [{"name": str(option)}]}:
            return {"property": bound.name, "multi_select": {"contains": option}}
        case {"rich_text": [{"text": {"content": str(text)}}]}:
            return {"property": bound.name, "rich_text": {"equals": text}}
        case _:
            raise _CannotShow(f"“{bound.name}” is of type {bound.type}, by which this cannot be told")


def _groups(bound: BoundProperty) -> dict[str, Any]:
    """Return how pages are put into groups by a property."""
    group = {"type": bound.type, "property_id": bound.id, "sort": {"type": "manual"}}
    match bound.type:
        case "select" | "multi_select":
            return group
        case "status":
            return {**group, "group_by": "option"}
        case "rich_text":
            return {**group, "type": "text", "group_by": "exact", "sort": {"type": "ascending"}}
        case _:
            raise _CannotShow(f"“{bound.name}” is of type {bound.type}, by which pages cannot be grouped")
