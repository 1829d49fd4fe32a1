"""Whose token it is, as far as Notion tells, and whom our edits are signed by."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from sync.names import UserId
from sync.notion.answers import expect, read_author
from sync.notion.calls import Calls
from sync.notion.limiter import Lane
from sync.notion.model import Author, Json
from sync.notion.request import Request, Target, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """The user that a token acts as.

    Attributes:
        name: What a person finds it under in Notion; empty when it has none.
        workspace: Empty when Notion does not say.
        is_person: The token is a person's own, so that it sees what she sees.
        largest_file: Bytes of the largest file that the workspace takes; None when Notion does not say.
    """

    user_id: UserId
    name: str
    workspace: str
    is_person: bool
    largest_file: int | None


class Signature:
    """Whom the present token acts as: asked once for each token.

    Args:
        calls: Sends the request, and knows when another token has taken the place of the first.
        author: Whom the first token acts as; None when that is not known yet.
    """

    def __init__(self, calls: Calls, author: Author | None) -> None:
        self._calls = calls
        self._author = author
        self._asked_at_renewal = 0
        self._asking = asyncio.Lock()  # several logs may want to know at once

    @property
    def is_of_first_token(self) -> bool:
        """Whether no other token has taken the place of the first."""
        return self._calls.renewals == 0

    async def author(self, *, lane: Lane) -> Author:
        """Return whom our edits are signed by; send a request only when that is not known."""
        async with self._asking:
            renewals = self._calls.renewals
            if self._author is None or self._asked_at_renewal != renewals:
                self._author = await self._calls.send(_ask(), read_author, lane=lane)
                self._asked_at_renewal = renewals
            return self._author


async def whoami(calls: Calls) -> Bearer:
    """Ask Notion whom the token acts as: the one request that needs nothing to be shared."""
    return await calls.send(_ask(), _bearer, lane=Lane.LIVE)


def _ask() -> Request:
    return read("users/me", Target.ACCOUNT)


def _bearer(answer: Json) -> Bearer:
    user = expect(answer, "user")
    bot = _object(user, "bot")
    largest = _object(bot, "workspace_limits").get("max_file_upload_size_in_bytes")
    return Bearer(
        user_id=UserId(user["id"]),
        name=str(user.get("name") or ""),
        workspace=str(bot.get("workspace_name") or ""),
        is_person=user.get("type") == "person" or _object(bot, "owner").get("type") == "user",
        largest_file=largest if isinstance(largest, int) else None,
    )


def _object(holder: Json, name: str) -> Json:
    held = holder.get(name)
    return held if isinstance(held, Mapping) else {}
