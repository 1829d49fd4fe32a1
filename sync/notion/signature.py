"""Whom our edits are signed by: asked once for each token, and remembered from one process to the next."""

import asyncio

from sync.notion.answers import read_author
from sync.notion.calls import Calls
from sync.notion.limiter import Lane
from sync.notion.model import Author
from sync.notion.request import Target, read


class Signature:
    """Whom the present token acts as.

    Args:
        calls: Send the requests, and know when another token took the place of the first.
        author: Whom the first token acts as; None when that is not known yet.
    """

    def __init__(self, calls: Calls, author: Author | None) -> None:
        self._calls = calls
        self._author = author
        self._since = 0
        self._asking = asyncio.Lock()  # several logs may want to know at once

    @property
    def is_of_first_token(self) -> bool:
        """Whether no other token has taken the place of the first."""
        return self._calls.renewals == 0

    async def author(self, *, lane: Lane) -> Author:
        """Return whom our edits are signed by; a request only when that is not known."""
        async with self._asking:
            renewals = self._calls.renewals
            if self._author is None or self._since != renewals:
                request = read("users/me", Target.ACCOUNT)
                self._author = await self._calls.send(request, read_author, lane=lane)
                self._since = renewals
            return self._author
