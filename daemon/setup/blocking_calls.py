"""Blocking calls to Notion, one at a time, for use between prompts on a terminal."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from daemon.config.secret import Secret
from daemon.config.settings import Settings
from daemon.connecting import calls_of
from sync.notion.client import http_client

T = TypeVar("T")


class BlockingCalls:
    """Call Notion with one token and block until the answer is there or Ctrl-C is pressed.

    Args:
        settings: The settings, with Notion's address and the rate of requests.
        token: The Notion token.
        transport: Replaces the network, for tests; None for the network.
    """

    def __init__(
        self, settings: Settings, token: Secret, *, transport: httpx.AsyncBaseTransport | None
    ) -> None:
        self._runner = asyncio.Runner()
        self._http = http_client(transport=transport)
        self._calls = calls_of(settings, token, self._http)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self._calls.aclose())
        self._runner.run(self._http.aclose())
        self._runner.close()

    def ask(self, question: Callable[..., Awaitable[T]], *args: Any, **named: Any) -> T:  # noqa: ANN401 - the question's own
        """Return the result of an async function that takes the calls and these arguments."""

        async def answer() -> T:
            return await question(self._calls, *args, **named)

        return self._runner.run(answer())
