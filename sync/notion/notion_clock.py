"""Notion's clock, as its answers tell it: this machine's may be wrong."""

from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx


class NotionClock:
    """Takes the time from every answer.

    Attributes:
        latest: When the last answer was given; None before the first.
    """

    def __init__(self) -> None:
        self.latest: datetime | None = None

    async def heed(self, response: httpx.Response) -> None:
        """Take note of the time of an answer, if it tells one."""
        try:
            told = parsedate_to_datetime(response.headers.get("date", ""))
        except ValueError:
            return
        if told.tzinfo is not None:
            self.latest = told
