"""Queries of a data source: filter, order, and pages of results."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sync.notion.emulator.api.answers import list_object, page_object
from sync.notion.emulator.api.calls import Call, Capability, page_size, wrong_cursor
from sync.notion.emulator.api.column_answers import property_value
from sync.notion.emulator.api.filters import page_test
from sync.notion.emulator.api.pages import filtered_columns
from sync.notion.emulator.checks import Obj, array, boolean, choice, member, obj, string
from sync.notion.emulator.model import DataSource, Page, PropertyDef
from sync.notion.emulator.refusals import invalid, undefined, unwanted
from sync.notion.emulator.rules.rich_text import text_of

RESULT_LIMIT = 10_000
_KEPT_SESSIONS = 256

_direction = choice("ascending", "descending")
_timestamp = choice("created_time", "last_edited_time")


@dataclass(frozen=True, slots=True)
class _Session:
    """The rows of a query as they were at its first answer; later answers go on from there."""

    question: str
    rows: tuple[str, ...]
    capped: bool


class Queries:
    """Answers queries and remembers those that are not read to their end."""

    def __init__(self) -> None:
        self._sessions: dict[str, _Session] = {}

    def answer(self, call: Call) -> Obj:
        """POST /v1/data_sources/{data_source_id}/query."""
        call.access.need(Capability.READ)
        source = call.data_source(call.ids[0], "path.data_source_id")
        body = call.body
        if "in_trash" in body or "archived" in body:
            raise invalid("Filtering a data source query by trash status is not supported; use search.")
        call.only_keys("filter", "sorts", "start_cursor", "page_size", "result_type", "is_archived")
        if "result_type" in body:
            choice("page", "data_source")(body["result_type"], "body.result_type")
        size = page_size(body.get("page_size", 100), "body.page_size")
        shown = filtered_columns(call, source)
        asked = {key: body[key] for key in body if key not in {"start_cursor", "page_size"}}
        question = source.id + json.dumps(asked, sort_keys=True, default=str)
        session_id, start = self._open(call, source, question)
        session = self._sessions[session_id]
        rows = session.rows[start : start + size]
        more = start + size < len(session.rows)
        pages = [call.ws.pages[row] for row in rows if row in call.ws.pages]
        found = [page_object(call.ws, page, only=shown) for page in pages if not page.in_trash]
        answer = list_object(
            found, "page_or_data_source", next_cursor=f"s:{session_id}:{start + size}" if more else None
        )
        if not more:
            del self._sessions[session_id]
            if session.capped:
                answer["request_status"] = {
                    "type": "incomplete",
                    "incomplete_reason": "query_result_limit_reached",
                }
        return answer

    def _open(self, call: Call, source: DataSource, question: str) -> tuple[str, int]:
        cursor = call.body.get("start_cursor")
        if cursor is None:
            rows = _rows(call, source)
            session_id = call.ws.ids.uuid()
            self._sessions[session_id] = _Session(question, rows[:RESULT_LIMIT], len(rows) > RESULT_LIMIT)
            while len(self._sessions) > _KEPT_SESSIONS:
                del self._sessions[next(iter(self._sessions))]
            return session_id, 0
        prefix, _, rest = string(cursor, "body.start_cursor").partition(":")
        session_id, _, offset = rest.partition(":")
        session = self._sessions.get(session_id)
        if prefix != "s" or session is None or session.question != question or not offset.isdecimal():
            raise wrong_cursor(cursor)
        return session_id, int(offset)


def _rows(call: Call, source: DataSource) -> tuple[str, ...]:
    """Return the ids of the matching rows. Notion promises no order without sorts: it is that of the ids."""
    body = call.body
    test = page_test(body["filter"], source, ws=call.ws) if "filter" in body else None
    is_archived = boolean(body.get("is_archived", False), "body.is_archived")
    indexed = call.ws.clock() - timedelta(seconds=call.ws.index_lag)
    pages = (call.ws.pages[row] for row in source.rows)
    found = [
        page
        for page in pages
        if not page.in_trash
        and page.is_archived == is_archived
        and page.edits.made <= indexed
        and (test is None or test(page))
    ]
    found.sort(key=lambda page: page.id)
    for key, reverse in reversed(_sorts(call, source)):
        found.sort(key=key, reverse=reverse)
    return tuple(page.id for page in found)


def _sorts(call: Call, source: DataSource) -> list[tuple[Callable[[Page], Any], bool]]:
    orders: list[tuple[Callable[[Page], Any], bool]] = []
    for index, item in enumerate(array(call.body.get("sorts", []), "body.sorts")):
        path = f"body.sorts[{index}]"
        body = obj(item, path, allowed=("property", "timestamp", "direction"))
        reverse = _direction(member(body, "direction", path), f"{path}.direction") == "descending"
        if "timestamp" in body:
            if "property" in body:
                raise unwanted(f"{path}.property", body["property"])
            made = _timestamp(body["timestamp"], f"{path}.timestamp") == "created_time"
            orders.append((_by_made if made else _by_changed, reverse))
            continue
        if "property" not in body:
            raise undefined(f"{path}.property")
        key = string(body["property"], f"{path}.property")
        column = call.ws.column(source, key)
        if column is None:
            raise invalid(f"Could not find sort property with name or id: {key}")
        orders.append((_by_value(column), reverse))
    return orders


def _by_made(page: Page) -> Any:  # noqa: ANN401  # sort keys only need an order
    return page.edits.made.replace(second=0, microsecond=0)


def _by_changed(page: Page) -> Any:  # noqa: ANN401  # sort keys only need an order
    return page.edits.changed.replace(second=0, microsecond=0)


def _by_value(column: PropertyDef) -> Callable[[Page], Any]:
    def key(page: Page) -> tuple[bool, Any]:
        value = property_value(page, column)[column.kind]
        match column.kind:
            case "title" | "rich_text":
                value = text_of(value)
            case "select" | "status":
                value = value and value["name"]
            case "multi_select":
                value = ",".join(option["name"] for option in value)
            case "date":
                value = value and value["start"]
            case "people" | "relation" | "files" | "created_by" | "last_edited_by":
                value = json.dumps(value)
            case _:
                pass
        return (value is not None, value if value is not None else 0)

    return key
