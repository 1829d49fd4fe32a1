"""Whose token it is, as far as Notion tells."""

from collections.abc import Mapping
from dataclasses import dataclass

from sync.names import UserId
from sync.notion.answers import expect
from sync.notion.calls import Calls
from sync.notion.limiter import Lane
from sync.notion.model import Json
from sync.notion.request import Target, read


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


async def whoami(calls: Calls) -> Bearer:
    """Ask Notion whom the token acts as: the one request that needs nothing to be shared."""
    return await calls.send(read("users/me", Target.ACCOUNT), _bearer, lane=Lane.LIVE)


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
