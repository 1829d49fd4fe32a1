"""The endpoint of search: pages and data sources by their title, as far as they are shared."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sync.notion.emulator.api.answers import data_source_object, list_object, page_object
from sync.notion.emulator.api.calls import Call, Capability, page_size, wrong_cursor
from sync.notion.emulator.api.column_answers import title_of
from sync.notion.emulator.checks import Obj, boolean, choice, member, obj, string
from sync.notion.emulator.model import DataSource, Page
from sync.notion.emulator.refusals import expected
from sync.notion.emulator.rules.rich_text import text_of
from sync.notion.emulator.workspace import Workspace

_kind = choice("page", "data_source")
_direction = choice("ascending", "descending")


def search(call: Call) -> Obj:
    """POST /v1/search."""
    call.access.need(Capability.READ)
    call.only_keys("query", "filter", "sort", "start_cursor", "page_size")
    body = call.body
    size = page_size(body.get("page_size", 100), "body.page_size")
    words = string(body.get("query", ""), "body.query").casefold()
    kind, in_trash = _filter(body)
    found = [
        thing
        for thing in _things(call, kind)
        if _is_in_trash(call.ws, thing) == in_trash and words in _title(thing).casefold()
    ]
    found.sort(key=_changed, reverse=_newest_first(body))
    start = _start(body.get("start_cursor"), found)
    end = start + size
    shown = [_shown(call.ws, thing) for thing in found[start:end]]
    return list_object(shown, "page_or_data_source", next_cursor=found[end].id if end < len(found) else None)


def _filter(body: Obj) -> tuple[str | None, bool]:
    """Return which kind of thing is wanted, any when None, and whether from the trash."""
    if "filter" not in body:
        return None, False
    given = obj(body["filter"], "body.filter", allowed=("property", "value", "in_trash"))
    in_trash = boolean(given.get("in_trash", False), "body.filter.in_trash")
    if "property" not in given and "value" not in given:
        member(given, "in_trash", "body.filter")
        return None, in_trash
    if member(given, "property", "body.filter") != "object":
        raise expected("body.filter.property", '`"object"`', given["property"])
    return _kind(member(given, "value", "body.filter"), "body.filter.value"), in_trash


def _newest_first(body: Obj) -> bool:
    if "sort" not in body:
        return True
    sort = obj(body["sort"], "body.sort", allowed=("timestamp", "direction", "property"))
    if "property" in sort:
        if sort != {"property": "relevance"}:
            raise expected("body.sort.property", '`"relevance"` alone', sort)
        return True
    if member(sort, "timestamp", "body.sort") != "last_edited_time":
        raise expected("body.sort.timestamp", '`"last_edited_time"`', sort["timestamp"])
    return bool(_direction(member(sort, "direction", "body.sort"), "body.sort.direction") == "descending")


def _things(call: Call, kind: str | None) -> Iterator[Page | DataSource]:
    if kind != "data_source":
        yield from (page for page in call.ws.pages.values() if call.is_shared(page))
    if kind != "page":
        databases = call.ws.databases
        yield from (each for each in call.ws.data_sources.values() if databases[each.database].is_shared)


def _is_in_trash(ws: Workspace, thing: Page | DataSource) -> bool:
    if isinstance(thing, Page):
        return ws.is_in_trash(thing.id)
    return thing.in_trash or ws.databases[thing.database].in_trash


def _title(thing: Page | DataSource) -> str:
    return title_of(thing) if isinstance(thing, Page) else text_of(thing.title)


def _changed(thing: Page | DataSource) -> tuple[datetime, str]:
    return thing.edits.changed, thing.id


def _start(cursor: Any, found: list[Page | DataSource]) -> int:  # noqa: ANN401 - JSON, judged here
    if cursor is None:
        return 0
    place = next((n for n, thing in enumerate(found) if thing.id == cursor), None)
    if place is None:
        raise wrong_cursor(cursor)
    return place


def _shown(ws: Workspace, thing: Page | DataSource) -> Obj:
    return page_object(ws, thing) if isinstance(thing, Page) else data_source_object(ws, thing)
