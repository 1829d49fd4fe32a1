"""What to do about a log whose page is no longer in the database."""

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
"""Wait before turning to another page: a query may still show one that is gone as well."""


class Loss(StrEnum):
    """Where a page went that is no longer among the rows."""

    TRASHED = "trashed"
    DELETED = "deleted"
    """Deleted for good, or moved where the connection cannot see it: Notion does not tell these apart."""
    ELSEWHERE = "elsewhere"
    """Moved out of the database, to where the connection can see it."""

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
        """Return what a person can do about the page of a log; the command can be typed as it stands."""
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
    """Find out where a page went; None when it is in the database."""
    try:
        page = await gateway.retrieve_page(page_id, lane=lane)
    except PageGone:
        return Loss.DELETED
    if page.in_trash:
        return Loss.TRASHED
    return Loss.ELSEWHERE if page.is_elsewhere else None


async def follow_another(applier: Applier, writer: Writer, *, than: PageId, now: datetime) -> None:
    """Take another page of the log in place of a lost one, if there is one.

    There may be one from the time before the state was lost.

    Raises:
        NotYet: There is one; the next job reads it and brings it in step.
    """
    other = await another_of_ours(applier.gateway, applier.draft.key, than=than, lane=applier.lane)
    if other is not None:
        writer.save(tracking(writer.record.path, other, now))
        raise NotYet(now + _MOMENT, "Its page is gone; another page of it is there and takes over")


def respect(loss: Loss, writer: Writer, page_id: PageId, *, now: datetime) -> NoReturn:
    """Remember that a person does not want the page.

    Raises:
        PageGone: Always; it says what happened and how to get the page back.
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
