"""Whether a person has been at a page since we last made sure of it, and when that is asked. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sync.notion.model import Author, PageRow
from sync.planning.actions import DeleteBlock, Plan, UpdateProperties, Write
from sync.planning.outline import Outline
from sync.state.records import PageRecord

_MINUTE = timedelta(minutes=1)

_LATELY = timedelta(seconds=5)
"""Since a look; in a longer time a person can do something that our write then takes away, or hides."""

_UNSEEN = timedelta(seconds=20)
"""Since a page was made; in less nobody has found it in the table, opened it and written."""

_EDIT_OF_A_LINE = 4
"""Requests that an edit of one line may take at most."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known of others at a page, for whoever reads it back.

    Attributes:
        believed: Our blocks as we last left them, where they are to be read again; None: unknown.
        is_alone: Nobody else has been there since our last write.
        sure_at: When it was sure that nobody else had been there; None: it never was.
    """

    believed: Outline | None
    is_alone: bool
    sure_at: datetime | None


def edited_by_others(row: PageRow, record: PageRecord, author: Author) -> bool:
    """Tell whether a person has been at the page since we made sure of it.

    Where the token acts for a person, her edits bear the name of ours: then only those count that are
    later than our last.
    """
    until = row.last_edited_time + _MINUTE
    if record.looked_at is not None and until <= record.looked_at:
        return False
    if not author.is_person:
        return row.last_edited_by != author.user_id
    return record.synced_at is None or row.last_edited_time > record.synced_at


def bears_what_we_left(row: PageRow, record: PageRecord) -> bool:
    """Tell whether the page bears the hash that we remember: else ours is an older state than its own."""
    return not row.content_hash or record.content_hash in {None, row.content_hash}


def may_have_missed(*, sure_at: datetime | None, wrote_at: datetime | None, is_new: bool) -> bool:
    """Tell whether a person may have been at the page before our last write, which would hide it.

    Args:
        sure_at: When it was sure that nobody else had been there; None: it never was.
        wrote_at: When we wrote for the last time; None: not at all.
        is_new: The page was made just then.
    """
    unnoticed = _UNSEEN if is_new else _LATELY
    return wrote_at is not None and (sure_at is None or wrote_at - sure_at > unnoticed)


def is_long_ago(sure_at: datetime | None, *, now: datetime) -> bool:
    """Tell whether to look once more at our properties, or at a block, before they are written over."""
    return sure_at is not None and now - sure_at > _LATELY


def is_dear(plan: Plan, *, reads: int) -> bool:
    """Tell whether to ask who was there would make an edit of one line cost more than it may.

    Args:
        plan: What is left to do.
        reads: Requests that it took to come to this plan.
    """
    writes = [action for action in plan if isinstance(action, Write)]
    lines = [action for action in writes if not isinstance(action, UpdateProperties)]
    # Before a block is deleted, its comments are asked for.
    cost = reads + len(writes) + sum(isinstance(action, DeleteBlock) for action in lines)
    return len(lines) == 1 and reads > 0 and cost == _EDIT_OF_A_LINE
