"""Find out whether a log is to blame for a refusal, or whether Notion refuses everything."""

from typing import NoReturn

from sync.errors import Rejected, Transient
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane


async def blame(refusal: Rejected, gateway: Gateway, lane: Lane) -> NoReturn:
    """Raise a refusal again, unless Notion just as well refuses a request that holds nothing of a log.

    Raises:
        Rejected: The refusal: the log is to blame.
        Transient: The log is not to blame: nothing passes at the moment.
    """
    try:
        await gateway.confirm_there(lane=lane)
    except Rejected as general:
        raise Transient(
            "Notion refuses every request at the moment, also those that hold nothing of a log",
            "If it lasts: upgrade ai-traces; check NOTION_BASE_URL, and that no proxy is in the way",
        ) from general
    raise refusal
