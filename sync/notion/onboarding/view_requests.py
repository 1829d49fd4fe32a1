"""The views that a database has in Notion: which there are, and new ones."""

from typing import Any

from sync.notion.answers import expect, read_cursor, read_items
from sync.notion.calls import Calls
from sync.notion.limiter import Lane
from sync.notion.model import Json
from sync.notion.onboarding.views import WantedView
from sync.notion.pagination import Pagination
from sync.notion.request import Target, change, read

_PAGE_SIZE = 100


async def names_of_views(calls: Calls, database_id: str) -> tuple[str, ...]:
    """Return what the views of a database are called; one request for the list, one for each view."""
    names: list[str] = []
    pagination = Pagination()
    while True:
        query = {"database_id": database_id, "page_size": _PAGE_SIZE, **pagination.query}
        request = read("views", Target.DATABASE, query=query)
        ids, cursor = await calls.send(request, _ids, lane=Lane.LIVE)
        asked = (read(f"views/{identity}", Target.DATABASE) for identity in ids)
        names += [await calls.send(each, _name, lane=Lane.LIVE) for each in asked]
        if not pagination.goes_on(cursor):
            return tuple(names)


async def make_view(calls: Calls, view: WantedView, *, database_id: str, data_source_id: str) -> None:
    """Make a view as the last tab of a database.

    Raises:
        Ambiguous: Whether it was made is not known; `names_of_views` tells later.
    """
    body: dict[str, Any] = {
        "database_id": database_id,
        "data_source_id": data_source_id,
        "name": view.name,
        "type": view.kind,
        "configuration": dict(view.configuration),
    }
    if view.filter is not None:
        body["filter"] = dict(view.filter)
    if view.sorts:
        body["sorts"] = [dict(sort) for sort in view.sorts]
    request = change("POST", "views", Target.DATABASE, body=body)
    await calls.send(request, lambda answer: expect(answer, "view"), lane=Lane.LIVE)


def _ids(answer: Json) -> tuple[tuple[str, ...], str | None]:
    stubs = (expect(item, "view") for item in read_items(answer))
    return tuple(str(stub["id"]) for stub in stubs), read_cursor(answer)


def _name(answer: Json) -> str:
    # A view whose name Notion does not tell is none of ours.
    return str(expect(answer, "view").get("name") or "")
