"""Reading the database's rows: by key, and all of them however many there are."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeAlias

from sync.errors import AccessLost, Rejected, Transient
from sync.names import Key, PageId, Property
from sync.notion.answers import expect_readable, read_cursor, read_items, read_row
from sync.notion.connect import Connection
from sync.notion.database import ConnectedDatabase
from sync.notion.limiter import Lane
from sync.notion.model import Json, PageRow
from sync.notion.pagination import Pagination
from sync.notion.request import Request, Target
from sync.notion.schema import ESSENTIAL, LATER, Schema
from sync.page.limits import MAX_TEXT, fitting, utf16_length

PAGE_SIZE = 100
"""Rows in one answer; Notion's most."""

QUERY_LIMIT = 10_000
"""Rows of one query, over all its answers. Source: Notion API, query a data source."""

_ASKED = (*ESSENTIAL, *LATER, Property.FORMAT_WARNINGS)


@dataclass(frozen=True, slots=True)
class _Portion:
    """One answer of a query.

    Attributes:
        incomplete: Notion says that it ended the query before its end.
    """

    rows: tuple[PageRow, ...]
    cursor: str | None
    incomplete: bool


_Filters: TypeAlias = Callable[[Schema], Sequence[Json]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Query:
    """What to ask for, whatever the properties are called at the moment."""

    filters: _Filters
    direction: str
    onward: Mapping[str, str]
    archived: bool = False


async def find(database: ConnectedDatabase, key: Key, *, lane: Lane) -> tuple[PageRow, ...]:
    """Return the pages of one key, oldest first; more than one means that somebody copied a page."""
    found: list[PageRow] = []
    pagination = Pagination()
    while True:
        query = _Query(filters=partial(_of_key, key), direction="ascending", onward=pagination.query)
        portion = await _ask(database, query, lane=lane)
        # Notion may compare without case and more; a path does not.
        found.extend(row for row in portion.rows if row.key == key)
        if not pagination.goes_on(portion.cursor):
            # Within a minute Notion knows no order; ours must be the same each time.
            return tuple(sorted(found, key=lambda row: (row.created_time, row.page_id)))


@dataclass(slots=True)
class _Sweep:
    """One query over the rows, from a moment on.

    Attributes:
        edge: Where it begins; None: at the first row.
        reached: How far it has come.
        asked: How many rows it has brought.
        is_complete: Nothing comes after what it has brought.
    """

    edge: datetime | None
    reached: datetime | None
    asked: int = 0
    is_complete: bool = False

    def note(self, portion: _Portion) -> None:
        """Take note of one answer."""
        self.asked += len(portion.rows)
        if portion.rows:
            self.reached = portion.rows[-1].created_time
        if portion.cursor is None:
            self.is_complete = not portion.incomplete and self.asked < QUERY_LIMIT


async def rows(
    database: ConnectedDatabase,
    *,
    lane: Lane,
    newest_first: bool,
    edited_since: datetime | None,
    archived: bool = False,
) -> AsyncIterator[tuple[PageRow, ...]]:
    """Yield every row once, one item for each request, by the time of creation.

    A query that ends at Notion's limit is followed by one that begins at the last minute seen; so is
    one whose cursor Notion no longer knows.
    """
    seen: set[PageId] = set()
    edge: datetime | None = None
    direction = "descending" if newest_first else "ascending"
    while True:
        sweep = _Sweep(edge, reached=edge)
        filters = partial(_within, edge, newest_first, edited_since)
        begin = _Query(filters=filters, direction=direction, onward={}, archived=archived)
        async for portion in _swept(database, sweep, begin, lane=lane):
            yield tuple(row for row in portion.rows if row.page_id not in seen)
            seen.update(row.page_id for row in portion.rows)
        if sweep.is_complete:
            return
        edge = _next_edge(sweep)


async def archived_rows(database: ConnectedDatabase, *, lane: Lane) -> AsyncIterator[tuple[PageRow, ...]]:
    """Yield the rows that a person archived, which no other query shows; none where there is no archive."""
    try:
        async for portion in rows(database, lane=lane, newest_first=True, edited_since=None, archived=True):
            yield portion
    except Rejected:
        return


async def _swept(
    database: ConnectedDatabase, sweep: _Sweep, begin: _Query, *, lane: Lane
) -> AsyncIterator[_Portion]:
    pagination = Pagination()
    while True:
        query = replace(begin, onward=pagination.query)
        try:
            portion = await _ask(database, query, lane=lane)
        except Rejected:
            if not query.onward or sweep.reached == sweep.edge:
                raise
            return  # the cursor is no longer known: another sweep goes on from here
        sweep.note(portion)
        yield portion
        if not pagination.goes_on(portion.cursor):
            return


def _next_edge(sweep: _Sweep) -> datetime | None:
    """Return where to go on after a sweep that was ended early; raise when it has not come forward."""
    if sweep.reached != sweep.edge:
        return sweep.reached
    if sweep.asked < QUERY_LIMIT:
        raise Transient("Notion broke off a list of pages before its end")
    raise AccessLost(
        f"More than {QUERY_LIMIT} pages were created in one minute; Notion does not list them all",
        "Move some of them to another database",
    )


async def _ask(database: ConnectedDatabase, query: _Query, *, lane: Lane) -> _Portion:
    return await database.send(partial(_request, query), _portion, lane=lane)


def _request(query: _Query, connection: Connection) -> Request:
    schema = connection.schema
    body: dict[str, object] = {
        "page_size": PAGE_SIZE,
        "sorts": [{"timestamp": "created_time", "direction": query.direction}],
        **query.onward,
        **({"is_archived": True} if query.archived else {}),
    }
    if filters := query.filters(schema):
        body["filter"] = filters[0] if len(filters) == 1 else {"and": list(filters)}
    return Request(
        method="POST",
        path=f"data_sources/{connection.data_source_id}/query",
        target=Target.DATABASE,
        writes=False,
        body=body,
        # Names, not ids: an id's percent signs would be encoded a second time on the way.
        query={"filter_properties": [schema.bound[ours].name for ours in _ASKED if ours in schema.bound]},
    )


def _portion(answer: Json, schema: Schema) -> _Portion:
    found = (expect_readable(item, "page") for item in read_items(answer) if item.get("object") == "page")
    status = answer.get("request_status") or {}
    return _Portion(
        rows=tuple(read_row(item, schema) for item in found),
        cursor=read_cursor(answer),
        incomplete=status.get("type") == "incomplete",
    )


def _of_key(key: Key, schema: Schema) -> Sequence[Json]:
    name = schema.bound[Property.LOG_PATH].name
    if utf16_length(key) <= MAX_TEXT:
        return ({"property": name, "rich_text": {"equals": key}},)
    return ({"property": name, "rich_text": {"starts_with": key[: fitting(key, MAX_TEXT)]}},)


def _within(
    edge: datetime | None,
    newest_first: bool,  # noqa: FBT001 - bound by position through partial
    edited_since: datetime | None,
    _schema: Schema,
) -> Sequence[Json]:
    filters: list[Json] = []
    if edge is not None:
        comparison = "on_or_before" if newest_first else "on_or_after"
        filters.append({"timestamp": "created_time", "created_time": {comparison: _minute(edge)}})
    if edited_since is not None:
        since = {"on_or_after": _minute(edited_since)}
        filters.append({"timestamp": "last_edited_time", "last_edited_time": since})
    return filters


def _minute(time: datetime) -> str:
    """Return a time as Notion keeps it: UTC, rounded down to the minute."""
    return time.astimezone(UTC).replace(second=0, microsecond=0, tzinfo=None).isoformat() + "Z"
