"""What becomes of a log whose page is gone from the database."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NoReturn

from sync.convergence.apply import Applier
from sync.convergence.duplicates import another_of_ours, tracking
from sync.convergence.writing import NotYet, Writer
from sync.errors import PageGone
from sync.names import PageId
from sync.planning.page_state import Synced
from sync.state.records import Standing

_MOMENT = timedelta(seconds=5)
"""Before another page is turned to: a query may still show one that has gone as well."""


async def is_gone(applier: Applier, page_id: PageId) -> bool:
    """Tell whether a page is in the trash or nowhere; else it was a block of it that was not there."""
    try:
        return (await applier.gateway.retrieve_page(page_id, lane=applier.lane)).in_trash
    except PageGone:
        return True


async def follow_another(applier: Applier, writer: Writer, *, than: PageId, now: datetime) -> None:
    """Go over to another page of the log, such as one that was made while the state was lost.

    Raises:
        NotYet: There is one; it is read and brought in step by the next job.
    """
    other = await another_of_ours(applier.gateway, applier.draft.key, than=than, lane=applier.lane)
    if other is not None:
        writer.save(tracking(writer.record.path, other, now))
        raise NotYet(now + _MOMENT, "Its page is gone; another page of it is there and takes over")


def leave_in_trash(writer: Writer, page_id: PageId, *, now: datetime) -> NoReturn:
    """Remember that a person wants the page in the trash.

    Raises:
        PageGone: Always: with what happened and how to have it back.
    """
    path = writer.record.path
    trashed = replace(
        writer.record,
        page=Synced(page_id, None, None),
        standing=Standing.TRASHED,
        what="The page was moved to the trash in Notion",
        hint=f"It stays there; to have it back: ai-traces retry {path}",
        since=now,
    )
    writer.save(trashed)
    raise PageGone(trashed.what, trashed.hint)
