"""What becomes of a log whose page is gone from the database."""

import shlex
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NoReturn, assert_never

from sync.convergence.apply import Applier
from sync.convergence.duplicates import another_of_ours, tracking
from sync.convergence.writing import NotYet, Writer
from sync.errors import PageGone
from sync.names import LogPath, PageId
from sync.notion.database import misplaced
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.planning.page_state import Synced
from sync.state.records import Standing

_MOMENT = timedelta(seconds=5)
"""Before another page is turned to: a query may still show one that has gone as well."""


class Loss(StrEnum):
    """Where a page has gone that is not among the rows any more."""

    TRASHED = "trashed"
    DELETED = "deleted"
    """For good; or it is where the connection cannot see it, which Notion does not tell apart."""
    ELSEWHERE = "elsewhere"
    """Out of the database, where it can be seen."""

    @property
    def what(self) -> str:
        """What happened, as a sentence."""
        match self:
            case Loss.TRASHED:
                return "The page was moved to the trash in Notion"
            case Loss.DELETED:
                return "The page was deleted for good in Notion, or moved where the connection cannot see it"
            case Loss.ELSEWHERE:
                return misplaced().what
            case _:
                assert_never(self)

    def hint(self, path: LogPath) -> str:
        """Return what a person can do about the page of a log: what she types works as it stands."""
        retry = f"ai-traces retry {shlex.quote(path)}"
        match self:
            case Loss.TRASHED:
                return f"It stays there; to have it back: {retry}"
            case Loss.DELETED:
                return f"It is not made again by itself; {retry} makes a new one"
            case Loss.ELSEWHERE:
                return "Move the page back there"
            case _:
                assert_never(self)


async def loss_of(gateway: Gateway, page_id: PageId, *, lane: Lane) -> Loss | None:
    """Tell where a page has gone; None when it is in the database."""
    try:
        page = await gateway.retrieve_page(page_id, lane=lane)
    except PageGone:
        return Loss.DELETED
    if page.in_trash:
        return Loss.TRASHED
    return Loss.ELSEWHERE if page.is_elsewhere else None


async def follow_another(applier: Applier, writer: Writer, *, than: PageId, now: datetime) -> None:
    """Go over to another page of the log, such as one that was made while the state was lost.

    Raises:
        NotYet: There is one; it is read and brought in step by the next job.
    """
    other = await another_of_ours(applier.gateway, applier.draft.key, than=than, lane=applier.lane)
    if other is not None:
        writer.save(tracking(writer.record.path, other, now))
        raise NotYet(now + _MOMENT, "Its page is gone; another page of it is there and takes over")


def respect(loss: Loss, writer: Writer, page_id: PageId, *, now: datetime) -> NoReturn:
    """Remember that a person does not want the page.

    Raises:
        PageGone: Always: with what happened and how to have it back.
    """
    path = writer.record.path
    trashed = replace(
        writer.record,
        page=Synced(page_id, None, None),
        standing=Standing.TRASHED,
        what=loss.what,
        hint=loss.hint(path),
        since=now,
    )
    writer.save(trashed)
    raise PageGone(trashed.what, trashed.hint)
