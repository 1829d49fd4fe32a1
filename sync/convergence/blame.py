"""Whose fault a refusal is: that of the log that met it, or nobody's."""

from typing import NoReturn

from sync.errors import Rejected, Transient
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane


async def blame(refusal: Rejected, gateway: Gateway, lane: Lane) -> NoReturn:
    """Raise a refusal again, unless Notion refuses what holds nothing of a log just as well.

    Raises:
        Rejected: The refusal.
        Transient: It was none of the log's: nothing passes at the moment.
    """
    try:
        await gateway.confirm_there(lane=lane)
    except Rejected as general:
        raise Transient(
            "Notion refuses every request at the moment, also those that hold nothing of a log",
            "If it lasts: upgrade ai-traces; check NOTION_BASE_URL, and that no proxy is in the way",
        ) from general
    raise refusal
