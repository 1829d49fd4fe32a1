"""From the id that a person gave to a database that pages can be written into."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias

from sync.errors import AccessLost, Ambiguous, Rejected, SyncError
from sync.names import Property
from sync.notion.additions import FORGOTTEN, Additions
from sync.notion.answers import NotNotion, expect_readable, plain_text
from sync.notion.calls import Calls
from sync.notion.identifiers import canonical
from sync.notion.limiter import Lane
from sync.notion.model import Json
from sync.notion.request import Request, Target, change, read
from sync.notion.schema import LATER, Schema, bind, missing

TellWait: TypeAlias = Callable[[timedelta], object]
"""Told, before it begins, how long it has to be waited until a lost answer is no longer in doubt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which database to use, and how.

    Attributes:
        database: Its id.
        names: What our properties are called there, where not by their default names.
        ids: The property ids of an earlier connection (`Schema.ids`); empty at the first.
        manage_schema: Add the properties that are missing.
        demanded: Those that are needed now, of those which are added only then.
        additions: Remembers an addition whose answer has not come.
    """

    database: str
    names: Mapping[Property, str]
    ids: Mapping[Property, str]
    manage_schema: bool
    demanded: frozenset[Property] = frozenset()
    additions: Additions = FORGOTTEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A database that pages can be written into.

    Attributes:
        added: The names of the properties that this connection added.
        warnings: What a person may want to mend, a sentence each.
    """

    database_id: str
    data_source_id: str
    title: str
    url: str
    schema: Schema
    added: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A database as it is.

    Attributes:
        warnings: What a person may want to mend about where the rows are, a sentence each.
    """

    database_id: str
    data_source_id: str
    title: str
    url: str
    schema: Schema
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the rows are, as far as the database itself tells."""

    database_id: str
    data_source_id: str
    title: str
    url: str
    warnings: tuple[str, ...]


def untold(_: timedelta) -> None:
    """Tell nobody."""


async def connect(
    calls: Calls, wanted: Wanted, *, rehearsing: bool = False, tell_wait: TellWait = untold
) -> Connection:
    """Find the database and bind its properties, adding those that are missing where that is wanted.

    A rehearsal adds nothing and goes on as if it had.
    """
    found = await survey(calls, wanted)
    schema, warnings = found.schema, found.warnings
    added: tuple[str, ...] = ()
    if wanted.manage_schema and rehearsing:
        schema = replace(schema, absent={})
    elif wanted.manage_schema and (lacking := missing(schema, demanded=wanted.demanded)):
        try:
            source = await _with_more(calls, found.data_source_id, lacking, wanted.additions, tell_wait)
        except (AccessLost, Rejected) as refusal:
            warnings += (f"The missing properties could not be added: {refusal}",)
        else:
            wider = bind(source, names=wanted.names, ids=wanted.ids)
            added = tuple(wider.bound[each].name for each in schema.absent if each in wider.bound)
            schema = wider
    return Connection(
        database_id=found.database_id,
        data_source_id=found.data_source_id,
        title=found.title,
        url=found.url,
        schema=_with_key(schema, wanted),
        added=added,
        warnings=(*warnings, *_troubles(schema, wanted)),
    )


async def survey(calls: Calls, wanted: Wanted) -> Survey:
    """Find the database and bind the properties that it has; nothing is added, whatever is missing."""
    try:
        place = await _place(calls, wanted.database)
        source = await calls.send(_ask_source(place.data_source_id), _source, lane=Lane.LIVE)
    except Rejected as refusal:
        # Nothing of a log was in these requests: what is wrong is the set-up.
        raise AccessLost(refusal.what, "Check NOTION_DATABASE_ID and NOTION_BASE_URL") from refusal
    return Survey(
        database_id=place.database_id,
        data_source_id=place.data_source_id,
        title=place.title,
        url=place.url,
        schema=bind(source, names=wanted.names, ids=wanted.ids),
        warnings=place.warnings,
    )


async def rebound(calls: Calls, wanted: Wanted, connection: Connection, *, lane: Lane) -> Connection:
    """Bind again after the schema has changed under us; nothing is added."""
    source = await calls.send(_ask_source(connection.data_source_id), _source, lane=lane)
    schema = _with_key(bind(source, names=wanted.names, ids=connection.schema.ids), wanted)
    return replace(connection, schema=schema, warnings=_troubles(schema, wanted))


async def confirm_there(calls: Calls, connection: Connection, *, lane: Lane) -> None:
    """Raise `AccessLost` unless the database can be seen: without it every page seems gone."""
    await calls.send(_ask_source(connection.data_source_id), _source, lane=lane)


async def _place(calls: Calls, database: str) -> _Place:
    try:
        found = await calls.send(read(f"databases/{database}", Target.DATABASE), _database, lane=Lane.LIVE)
    except (AccessLost, Rejected) as lost:
        try:
            source = await calls.send(_ask_source(database), _source, lane=Lane.LIVE)
        except (AccessLost, Rejected):
            raise lost from lost.__cause__
        parent = (source.get("parent") or {}).get("database_id") or ""
        return _Place(
            canonical(parent), source["id"], plain_text(source.get("title")), source.get("url") or "", ()
        )
    sources, title = found["data_sources"], plain_text(found.get("title"))
    if not sources:
        raise AccessLost(
            "The database shows rows of another one and has none itself",
            "Share the original database with the connection and set NOTION_DATABASE_ID to it",
        )
    alike = [source for source in sources if source.get("name") == title]
    chosen = (alike or sources)[0]
    warnings: tuple[str, ...] = ()
    if len(sources) > 1 and len(alike) != 1:
        warnings = (f"The database has {len(sources)} data sources; “{chosen.get('name')}” is used",)
    return _Place(found["id"], chosen["id"], title, found.get("url") or "", warnings)


async def _with_more(
    calls: Calls, data_source_id: str, lacking: Mapping[str, Json], additions: Additions, tell_wait: TellWait
) -> Json:
    """Add properties, and return the data source as it is then.

    A definition that arrives late takes options away that were added since: a lost answer is waited for,
    that to an earlier process as well.
    """

    async def settled(wait: timedelta) -> Json:
        tell_wait(wait)
        await calls.settled(wait)
        source = await calls.send(_ask_source(data_source_id), _source, lane=Lane.LIVE)
        additions.end()
        return source

    if wait := additions.in_doubt():
        source = await settled(wait)
        lacking = {name: each for name, each in lacking.items() if name not in source["properties"]}
        if not lacking:
            return source
    try:
        source = await calls.send(_add(data_source_id, lacking, additions.begin), _source, lane=Lane.LIVE)
    except Ambiguous as lost:
        source = await settled(lost.settles_in)
        if lacking.keys() <= source["properties"].keys():
            return source
        raise
    except SyncError:
        additions.end()
        raise
    additions.end()
    return source


def _ask_source(data_source_id: str) -> Request:
    return read(f"data_sources/{data_source_id}", Target.DATABASE)


def _add(data_source_id: str, lacking: Mapping[str, Json], sending: Callable[[], None]) -> Request:
    path, body = f"data_sources/{data_source_id}", {"properties": lacking}
    return change("PATCH", path, Target.DATABASE, body=body, sending=sending)


def _database(answer: Json) -> Json:
    database = _not_in_trash(expect_readable(answer, "database"))
    sources = database["data_sources"]
    return {**database, "data_sources": [{**source, "id": canonical(source["id"])} for source in sources]}


def _source(answer: Json) -> Json:
    source = _not_in_trash(expect_readable(answer, "data_source"))
    properties = dict(source["properties"])
    if "title" not in {each["type"] for each in properties.values() if each["id"]}:
        raise NotNotion
    return {**source, "properties": properties}


def _not_in_trash(answer: Json) -> Json:
    if answer.get("in_trash"):
        raise AccessLost("The database is in Notion's trash", "Restore AI Traces from the trash in Notion")
    return answer


def _with_key(schema: Schema, wanted: Wanted) -> Schema:
    """Return the schema, or raise when no page could be found again by it."""
    if Property.LOG_PATH in schema.absent or Property.LOG_PATH in schema.unusable:
        name = schema.absent.get(Property.LOG_PATH, Property.LOG_PATH.value)
        again = "start again" if wanted.manage_schema else "set AI_TRACES_MANAGE_SCHEMA=true and start again"
        raise AccessLost(
            f"The database has no text property “{name}”, by which each log finds its page",
            f"Add a text property “{name}” in Notion, or {again}: then it is added and filled in",
        )
    return schema


def _troubles(schema: Schema, wanted: Wanted) -> tuple[str, ...]:
    unneeded = LATER - wanted.demanded
    return (
        *(
            f"{ours} is not written: {reason}"
            for ours, reason in schema.unusable.items()
            if ours not in unneeded
        ),
        *(
            f"{ours} is not written: the database has no property “{name}”"
            for ours, name in schema.absent.items()
            if ours not in unneeded
        ),
    )
