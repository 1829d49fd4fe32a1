"""Decide whether a person has been at a page since our last look, and when to look again. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sync.names import UserId
from sync.notion.model import Author, PageRow
from sync.planning.actions import DeleteBlock, Plan, UpdateProperties, Write
from sync.planning.outline import Outline
from sync.state.records import PageRecord

_MINUTE = timedelta(minutes=1)

_LATELY = timedelta(seconds=5)
"""How long a look is good for: in more time a person can do something that our write then hides."""

_UNSEEN = timedelta(seconds=20)
"""How long a new page is ours alone: nobody finds it in the table, opens it and writes sooner."""

_EDIT_OF_A_LINE = 4
"""The most requests that the edit of one line may take."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known of other people at a page, for whoever reads it back.

    Attributes:
        believed: Our blocks as we last left them, when they are to be read again; None: unknown.
        is_alone: Nobody else has been there since our last write.
        sure_at: When it was last certain that nobody else had been there; None: it never was.
        maker: Who made the page, as the last look has shown; None: unknown.
    """

    believed: Outline | None
    is_alone: bool
    sure_at: datetime | None
    maker: UserId | None


def edited_by_others(row: PageRow, record: PageRecord, author: Author) -> bool:
    """Tell whether a person has edited the page since our last look.

    Where the token acts for a person, her edits bear the same name as ours: then only edits count that are
    later than our last one.
    """
    until = row.last_edited_time + _MINUTE
    if record.looked_at is not None and until <= record.looked_at:
        return False
    if not author.is_person:
        return row.last_edited_by != author.user_id
    return record.synced_at is None or row.last_edited_time > record.synced_at


def bears_what_we_left(row: PageRow, record: PageRecord) -> bool:
    """Tell whether the page bears the hash that we remember: if not, our state is older than the page."""
    return not row.content_hash or record.content_hash in {None, row.content_hash}


def may_have_missed(*, sure_at: datetime | None, wrote_at: datetime | None, is_new: bool) -> bool:
    """Tell whether a person may have been at the page before our last write, which would hide it.

    Args:
        sure_at: When it was last certain that nobody else had been there; None: it never was.
        wrote_at: When we last wrote; None: never.
        is_new: The page was only just created.
    """
    unnoticed = _UNSEEN if is_new else _LATELY
    return wrote_at is not None and (sure_at is None or wrote_at - sure_at > unnoticed)


def is_long_ago(sure_at: datetime | None, *, now: datetime) -> bool:
    """Tell whether to look once more at our properties, or at a block, before they are overwritten."""
    return sure_at is not None and now - sure_at > _LATELY


def is_dear(plan: Plan, *, reads: int) -> bool:
    """Tell whether asking who was there would make the edit of one line cost more requests than it may.

    Args:
        plan: What is left to do.
        reads: Requests that it took to arrive at this plan.
    """
    writes = [action for action in plan if isinstance(action, Write)]
    lines = [action for action in writes if not isinstance(action, UpdateProperties)]
    # Before a block is deleted, its comments are asked for.
    cost = reads + len(writes) + sum(isinstance(action, DeleteBlock) for action in lines)
    return len(lines) == 1 and reads > 0 and cost == _EDIT_OF_A_LINE
