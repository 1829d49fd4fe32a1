"""Which databases are shared with the connection: what a person can choose from."""

from dataclasses import dataclass

from sync.notion.answers import expect, plain_text, read_items
from sync.notion.calls import Calls
from sync.notion.limiter import Lane
from sync.notion.model import Json
from sync.notion.request import Request, Target

_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedDatabase:
    """A database that the connection can see."""

    database_id: str
    title: str
    url: str


async def shared_databases(calls: Calls) -> tuple[SharedDatabase, ...]:
    """Return the databases that were edited last, a hundred at most, each once.

    A search lags behind: what was shared a moment ago may not be there yet.
    """
    request = Request(
        method="POST",
        path="search",
        target=Target.ACCOUNT,
        writes=False,
        body={
            "filter": {"property": "object", "value": "data_source"},
            "sort": {"timestamp": "last_edited_time", "direction": "descending"},
            "page_size": _MOST,
        },
    )
    found = await calls.send(request, _databases, lane=Lane.LIVE)
    return tuple({each.database_id: each for each in reversed(found)}.values())[::-1]


def _databases(answer: Json) -> tuple[SharedDatabase, ...]:
    sources = [expect(item, "data_source") for item in read_items(answer)]
    return tuple(
        SharedDatabase(
            database_id=parent, title=plain_text(source.get("title")), url=str(source.get("url") or "")
        )
        for source in sources
        if not source.get("in_trash") and (parent := (source.get("parent") or {}).get("database_id"))
    )
