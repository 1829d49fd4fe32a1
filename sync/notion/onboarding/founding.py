"""A new database below a page of Jen's, with every property from the start."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sync.errors import PageGone
from sync.names import PageId, Property
from sync.notion.answers import expect, plain_text, read_cursor, read_items
from sync.notion.calls import Calls
from sync.notion.limiter import Lane
from sync.notion.model import Json
from sync.notion.pagination import Pagination
from sync.notion.request import Target, change, read
from sync.notion.schema import definitions

TITLE = "AI Traces"

_PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Ground:
    """A page that a database can be made below.

    Attributes:
        title: Of the page.
        database_id: Of a database of our title that is there already; None when there is none.
    """

    page_id: PageId
    title: str
    database_id: str | None


async def look_at_ground(calls: Calls, page_id: str) -> Ground:
    """Look at the page, and whether an earlier attempt has already made the database.

    Raises:
        PageGone: The page is not there, in the trash, or not shared with the connection.
    """
    title = await calls.send(read(f"pages/{page_id}", Target.PAGE), _page_title, lane=Lane.LIVE)
    pagination = Pagination()
    while True:
        query = {"page_size": _PAGE_SIZE, **pagination.query}
        request = read(f"blocks/{page_id}/children", Target.PAGE, query=query)
        found, cursor = await calls.send(request, _databases, lane=Lane.LIVE)
        if found or not pagination.goes_on(cursor):
            return Ground(PageId(page_id), title, found)


async def found_database(calls: Calls, page_id: PageId, names: Mapping[Property, str]) -> str:
    """Make the database AI Traces below a page and return its id.

    Raises:
        Ambiguous: Whether it was made is not known; `look_at_ground` tells later.
    """
    title = names.get(Property.TITLE, Property.TITLE.value)
    # Unless a person named it, the title property is called as Notion itself would call it.
    named = {**names, Property.TITLE: "Name" if title == Property.TITLE.value else title}
    body = {
        "parent": {"type": "page_id", "page_id": page_id},
        "title": _text(TITLE),
        "initial_data_source": {"properties": definitions(named)},
    }
    request = change("POST", "databases", Target.PAGE, body=body)
    return await calls.send(request, lambda answer: str(expect(answer, "database")["id"]), lane=Lane.LIVE)


def _page_title(answer: Json) -> str:
    page = expect(answer, "page")
    if page.get("in_trash"):
        raise PageGone("The page is in Notion's trash", "Restore it there, or choose another page")
    titles = (each["title"] for each in page["properties"].values() if each.get("type") == "title")
    return plain_text(next(titles, None))


def _databases(answer: Json) -> tuple[str | None, str | None]:
    blocks = [expect(item, "block") for item in read_items(answer)]
    found = (
        str(block["id"])
        for block in blocks
        if block["type"] == "child_database"
        and not block.get("in_trash")
        and (block["child_database"].get("title") or "").strip() == TITLE
    )
    return next(found, None), read_cursor(answer)


def _text(content: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": {"content": content}}]
