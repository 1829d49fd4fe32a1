"""Rewrite the answers of a Notion into other forms with the same meaning."""

import json
import re
from collections.abc import Callable
from typing import Any, TypeAlias
from uuid import UUID

import httpx

from sync.notion.emulator import Emulator, EmulatorTransport

Answer: TypeAlias = dict[str, Any]
Rewrite: TypeAlias = Callable[[httpx.Request, Answer], Answer]

_ID = re.compile(r'"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"')

FORMS: dict[str, Callable[[str], str]] = {
    "without dashes": lambda identity: UUID(identity).hex,
    "in capitals": str.upper,
}
"""The other forms of an id."""


def with_offsets(answer: Answer) -> Answer:
    """Return an answer with its times written with an offset."""
    rewritten: Answer = json.loads(json.dumps(answer).replace(':00.000Z"', ':00+00:00"'))
    return rewritten


def with_more(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return an answer in which every object has a field that is not documented."""
    match value:
        case {"object": _} | {"type": _}:
            return {key: with_more(each) for key, each in value.items()} | {
                "news": {"type": "news", "news": []}
            }
        case dict():
            return {key: with_more(each) for key, each in value.items()}
        case list():
            return [with_more(each) for each in value]
        case _:
            return value


def with_fractions(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return an answer in which every whole number is written with a decimal point."""
    match value:
        case dict():
            return {key: with_fractions(each) for key, each in value.items()}
        case list():
            return [with_fractions(each) for each in value]
        case int() if not isinstance(value, bool):
            return float(value)
        case _:
            return value


class Rewritten(EmulatorTransport):
    """Pass requests to an emulator, and rewrite its answers."""

    def __init__(self, notion: Emulator, rewrite: Rewrite) -> None:
        super().__init__(notion, sleep=_no_wait)
        self._rewrite = rewrite

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        answer = await super().handle_async_request(request)
        rewritten = self._rewrite(request, json.loads(await answer.aread()))
        headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
        return httpx.Response(answer.status_code, headers=headers, json=rewritten, request=request)


def with_ids(form: Callable[[str], str], answer: Answer) -> Answer:
    """Return an answer with every id written in this form."""
    rewritten: Answer = json.loads(_ID.sub(lambda found: f'"{form(found[1])}"', json.dumps(answer)))
    return rewritten


async def _no_wait(_: float) -> None:
    return
