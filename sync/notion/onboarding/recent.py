"""The rows that were changed last: they show what the connection has been able to write."""

from sync.notion.answers import read_items, read_row
from sync.notion.calls import Calls
from sync.notion.connect import Survey
from sync.notion.limiter import Lane
from sync.notion.model import Json, PageRow
from sync.notion.queries import PAGE_SIZE
from sync.notion.request import Request, Target, read
from sync.notion.schema import ESSENTIAL


async def recent_rows(calls: Calls, survey: Survey) -> tuple[PageRow, ...]:
    """Return the hundred rows that were changed last, the latest first."""
    bound = survey.schema.bound
    request = Request(
        method="POST",
        path=f"data_sources/{survey.data_source_id}/query",
        target=Target.DATABASE,
        writes=False,
        body={
            "page_size": PAGE_SIZE,
            "sorts": [{"timestamp": "last_edited_time", "direction": "descending"}],
        },
        query={"filter_properties": [bound[ours].name for ours in ESSENTIAL if ours in bound]},
    )

    def rows(answer: Json) -> tuple[PageRow, ...]:
        pages = (item for item in read_items(answer) if item.get("object") == "page")
        return tuple(read_row(page, survey.schema) for page in pages)

    return await calls.send(request, rows, lane=Lane.LIVE)


async def read_comments(calls: Calls, row: PageRow) -> int:
    """Return how many open comments hang on a page, a hundred at most.

    Raises:
        AccessLost: The connection may not read comments.
    """
    query = {"block_id": row.page_id, "page_size": PAGE_SIZE}
    request = read("comments", Target.PAGE, query=query)
    return await calls.send(request, lambda answer: len(read_items(answer)), lane=Lane.LIVE)
