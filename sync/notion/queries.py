"""Reading the database's rows: by key, and all of them however many there are."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sync.errors import AccessLost, Rejected, Transient
from sync.names import Key, PageId, Property
from sync.notion.answers import read_cursor, read_items, read_row
from sync.notion.connect import Connection
from sync.notion.course import Course
from sync.notion.database import ConnectedDatabase
from sync.notion.limiter import Lane
from sync.notion.model import Json, PageRow
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Query:
    """What to ask for, whatever the properties are called at the moment."""

    filters: Callable[[Schema], Sequence[Json]]
    direction: str
    onward: Mapping[str, str]


async def find(database: ConnectedDatabase, key: Key, *, lane: Lane) -> tuple[PageRow, ...]:
    """Return the pages of one key, oldest first; more than one means that somebody copied a page."""
    found: list[PageRow] = []
    course = Course()
    while True:
        query = _Query(filters=partial(_of_key, key), direction="ascending", onward=course.query)
        portion = await _ask(database, query, lane=lane)
        # Notion may compare without case and more; a path does not.
        found.extend(row for row in portion.rows if row.key == key)
        if not course.goes_on(portion.cursor):
            # Within a minute Notion knows no order; ours must be the same each time.
            return tuple(sorted(found, key=lambda row: (row.created_time, row.page_id)))


async def rows(
    database: ConnectedDatabase,
    *,
    lane: Lane,
    newest_first: bool,
    edited_since: datetime | None,
) -> AsyncIterator[tuple[PageRow, ...]]:
    """Yield every row once, one item for each request, by the time of creation.

    A query that ends at Notion's limit is followed by one that begins at the last minute seen; so is
    one whose cursor Notion no longer knows.
    """
    seen: set[PageId] = set()
    edge: datetime | None = None
    while True:
        filters = partial(_within, edge, newest_first, edited_since)
        direction, course = "descending" if newest_first else "ascending", Course()
        reached, asked = edge, 0
        while True:
            query = _Query(filters=filters, direction=direction, onward=course.query)
            try:
                portion = await _ask(database, query, lane=lane)
            except Rejected:
                if not query.onward or reached == edge:
                    raise
                ended = False
                break
            yield tuple(row for row in portion.rows if row.page_id not in seen)
            seen.update(row.page_id for row in portion.rows)
            asked += len(portion.rows)
            reached = portion.rows[-1].created_time if portion.rows else reached
            if not course.goes_on(portion.cursor):
                ended = not portion.incomplete and asked < QUERY_LIMIT
                break
        if ended:
            return
        if reached == edge and asked < QUERY_LIMIT:
            raise Transient("Notion broke off a list of pages before its end")
        if reached == edge:
            raise AccessLost(
                f"More than {QUERY_LIMIT} pages were created in one minute; Notion does not list them all",
                "Move some of them to another database",
            )
        edge = reached


async def _ask(database: ConnectedDatabase, query: _Query, *, lane: Lane) -> _Portion:
    return await database.send(partial(_request, query), _portion, lane=lane)


def _request(query: _Query, connection: Connection) -> Request:
    schema = connection.schema
    body: dict[str, object] = {
        "page_size": PAGE_SIZE,
        "sorts": [{"timestamp": "created_time", "direction": query.direction}],
        **query.onward,
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
    found = (item for item in read_items(answer) if item.get("object") == "page")
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
