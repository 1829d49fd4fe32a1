"""Which property of this database carries which of ours, and what a page's values look like in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from sync.names import Key, Property
from sync.notion.values import WRITABLE, LeftOut, adapt
from sync.page.draft import Value
from sync.tracelog.model import Env, Kind, Outcome, Risk, Severity

ESSENTIAL = (Property.TITLE, Property.LOG_PATH, Property.CONTENT_HASH)
"""What a page cannot do without: what it is called, which log it is of, and which version."""

LATER = frozenset((Property.PATTERNS,))
"""What a database gets only once there is something to be written there."""

_EXACT = frozenset({Property.LOG_PATH, Property.CONTENT_HASH})
"""What is read back and compared: only plain text gives back what was written."""

_WITH_OPTIONS = frozenset({"select", "multi_select", "status"})
"""The types whose definitions name options."""

_OPTIONS: Mapping[Property, Mapping[str, str]] = {
    Property.TYPE: {Kind.EXECUTION: "blue", Kind.EXCEPTION: "red"},
    Property.ENV: {Env.DEV: "gray", Env.STAGE: "yellow", Env.PROD: "purple"},
    Property.RISK: {Risk.LOW: "green", Risk.MEDIUM: "yellow", Risk.HIGH: "red"},
    Property.OUTCOME: {Outcome.SUCCESS: "green", Outcome.PARTIAL: "yellow", Outcome.FAILED: "red"},
    Property.SEVERITY: {Severity.WARNING: "yellow", Severity.ERROR: "orange", Severity.CRITICAL: "red"},
}
"""What a new property can be chosen from, in order and in colour: so boards and filters have it at once."""

_DEFINITIONS: Mapping[Property, Mapping[str, Any]] = {
    Property.TITLE: {"title": {}},
    **{
        ours: {"select": {"options": [{"name": str(name), "color": colour} for name, colour in each.items()]}}
        for ours, each in _OPTIONS.items()
    },
    Property.TIMESTAMP: {"date": {}},
    Property.TRANSITION: {"rich_text": {}},
    Property.SUMMARY: {"rich_text": {}},
    Property.TOOLS: {"multi_select": {}},
    Property.CONTRACT_REFERENCE: {"rich_text": {}},
    Property.HAS_ISSUES: {"checkbox": {}},
    Property.CONTRACT_GAP: {"checkbox": {}},
    Property.FORMAT_WARNINGS: {"rich_text": {}},
    Property.LOG_PATH: {"rich_text": {}},
    Property.CONTENT_HASH: {"rich_text": {}},
    Property.PATTERNS: {"rich_text": {}},
}


@dataclass(frozen=True, slots=True)
class BoundProperty:
    """A property as this database has it.

    Attributes:
        id: Notion's; it survives renames.
        type: Notion's name of the type.
        options: The names of its options, when it has any.
    """

    id: str
    name: str
    type: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What a page says of itself."""

    key: Key | None
    content_hash: str
    title: str
    patterns: str
    warnings: str


@dataclass(frozen=True, slots=True)
class Encoded:
    """Values as a write sends them.

    Attributes:
        payload: JSON values by property id.
        left_out: What this database cannot hold, and why.
    """

    payload: Mapping[str, Any]
    left_out: tuple[tuple[Property, str], ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """The binding of our properties to those of one database.

    Attributes:
        bound: Those that are written.
        absent: Those that are not there, by the name they would be added under.
        unusable: Those whose name is taken by something that cannot hold them, with the reason.
    """

    bound: Mapping[Property, BoundProperty]
    absent: Mapping[Property, str]
    unusable: Mapping[Property, str]

    @property
    def ids(self) -> Mapping[Property, str]:
        """The ids to remember, so that a renamed property is known again."""
        return {name: bound.id for name, bound in self.bound.items()}

    def read(self, properties: Mapping[str, Any]) -> Held:
        """Read what a page's properties say, found by id whatever their names are now."""
        texts = {_same(held["id"]): _text(held) for held in properties.values()}

        def text(name: Property) -> str:
            bound = self.bound.get(name)
            return texts.get(_same(bound.id), "") if bound else ""

        key = text(Property.LOG_PATH)
        return Held(
            key=Key(key) if key else None,
            content_hash=text(Property.CONTENT_HASH),
            title=text(Property.TITLE),
            patterns=text(Property.PATTERNS),
            warnings=text(Property.FORMAT_WARNINGS),
        )


def bind(
    data_source: Mapping[str, Any], *, names: Mapping[Property, str], ids: Mapping[Property, str]
) -> Schema:
    """Bind our properties: by a name that was set, the id remembered, the usual name; the title by its type.

    Args:
        data_source: Notion's data source object.
        names: What our properties are called here, where not by their default names.
        ids: An earlier binding's `Schema.ids`; empty at the first.
    """
    there = tuple(_bound(name, definition) for name, definition in data_source["properties"].items())
    bound: dict[Property, BoundProperty] = {}
    absent: dict[Property, str] = {}
    unusable: dict[Property, str] = {}
    for ours in Property:
        free = [each for each in there if each not in bound.values()]
        wanted = names.get(ours, ours.value)
        known = _remembered(ids.get(ours), free)
        found = (_named(wanted, there) or known) if ours in names else (known or _named(wanted, there))
        if ours is Property.TITLE:
            found = next(each for each in there if each.type == "title")
        elif ours in _EXACT and found is not None and not (found in free and _fits(ours, found)):
            wanted = f"{wanted} (ai-traces)"
            found = _named(wanted, there)
        if found is None:
            absent[ours] = wanted
        elif found in free and _fits(ours, found):
            bound[ours] = found
        else:
            unusable[ours] = (
                f"“{found.name}” is of type {found.type}, or already holds something else of ours"
            )
    return Schema(bound, absent, unusable)


def missing(schema: Schema, *, demanded: Collection[Property] = ()) -> dict[str, Any]:
    """Return the properties to add, as Notion defines them, by name; those for later only on demand."""
    return {
        name: _DEFINITIONS[ours]
        for ours, name in schema.absent.items()
        if ours not in LATER or ours in demanded
    }


def encode_values(schema: Schema, values: Mapping[Property, Value]) -> Encoded:
    """Return values as a write sends them, each adapted to the type its property has here."""
    payload: dict[str, Any] = {}
    left_out: list[tuple[Property, str]] = []
    for ours, value in values.items():
        bound = schema.bound.get(ours)
        if bound is None:
            continue
        match adapt(value, bound.type, bound.options):
            case LeftOut(reason):
                left_out.append((ours, f"“{bound.name}”: {reason}"))
            case adapted:
                payload[bound.id] = adapted
    return Encoded(payload, tuple(left_out))


def definitions(names: Mapping[Property, str]) -> dict[str, Any]:
    """Return every property that a new database needs, as Notion defines them, by name."""
    return {names.get(ours, ours.value): _DEFINITIONS[ours] for ours in Property}


def completed(schema: Schema) -> Schema:
    """Return the schema as it will be when what is missing was added; what is added has no id yet."""
    added = {ours: BoundProperty("", name, usual_type(ours)) for ours, name in schema.absent.items()}
    return Schema({**schema.bound, **added}, {}, schema.unusable)


def usual_type(ours: Property) -> str:
    """Return Notion's name of the type that a property of ours has where it was added by us."""
    return next(iter(_DEFINITIONS[ours]))


def type_in_words(kind: str) -> str:
    """Return what a person calls a type of property."""
    return {"rich_text": "text", "multi_select": "multi-select"}.get(kind, kind)


def _fits(ours: Property, there: BoundProperty) -> bool:
    if ours is Property.TITLE:
        return there.type == "title"
    return there.type == "rich_text" if ours in _EXACT else there.type in WRITABLE - {"title"}


def _remembered(property_id: str | None, there: Sequence[BoundProperty]) -> BoundProperty | None:
    if property_id is None:
        return None
    return next((each for each in there if _same(each.id) == _same(property_id)), None)


def _named(name: str, there: tuple[BoundProperty, ...]) -> BoundProperty | None:
    exact = [each for each in there if each.name == name]
    alike = [each for each in there if each.name.strip().casefold() == name.strip().casefold()]
    return next(iter(exact or alike), None)


def _bound(name: str, definition: Mapping[str, Any]) -> BoundProperty:
    kind = definition["type"]
    options = (definition.get(kind) or {}).get("options") or () if kind in _WITH_OPTIONS else ()
    named = tuple(each["name"] for each in options if isinstance(each, Mapping) and "name" in each)
    return BoundProperty(definition["id"], name, kind, named)


def _text(held: Mapping[str, Any]) -> str:
    content = held.get(held.get("type", ""))
    if not isinstance(content, list):
        return ""
    return "".join(item.get("plain_text") or "" for item in content if isinstance(item, Mapping))


def _same(property_id: str) -> str:
    """Return an id in the one form that compares; Notion sends some of them percent-encoded."""
    return unquote(property_id)
