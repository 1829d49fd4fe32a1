"""Notion's clock, as its answers tell it: that of this machine may be wrong."""

from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx


class NotionClock:
    """Reads the time off every answer.

    Attributes:
        latest: When the last one was given; None before the first.
    """

    def __init__(self) -> None:
        self.latest: datetime | None = None

    async def heed(self, response: httpx.Response) -> None:
        """Take note of the time of an answer; one that tells none is passed over."""
        try:
            told = parsedate_to_datetime(response.headers.get("date", ""))
        except ValueError:
            return
        if told.tzinfo is not None:
            self.latest = told
