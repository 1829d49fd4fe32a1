"""Send requests through our client over a network that is a function."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from sync.errors import SyncError
from sync.notion.answers import expect
from sync.notion.calls import Calls
from sync.notion.client import http_client, notion_client
from sync.notion.limiter import Lane, RateLimiter
from sync.notion.request import Request, Target, change, read

CANARY = "ntn_CANARY0123456789abcdefghijklmnopqrstuvwxyz"
SETTLE = timedelta(seconds=65)
READ = read("blocks/b/children", Target.PAGE)
WRITE = change("PATCH", "blocks/b", Target.PAGE, body={"paragraph": {}})
TRASH = change("PATCH", "pages/p", Target.PAGE, body={"in_trash": True})
DELETE = change("DELETE", "blocks/b", Target.PAGE, body=None)
QUERY = Request(method="POST", path="data_sources/d/query", target=Target.DATABASE, writes=False, body={})
CREATE = Request(
    method="POST",
    path="pages",
    target=Target.DATABASE,
    writes=True,
    creates_page=True,
    body={"properties": {}},
)
HTML = "<html><body>Sorry, you have been blocked</body></html>"

Handler = Callable[[httpx.Request], httpx.Response]


def refused(status: int, code: str, message: str = "No.", **extra: Any) -> httpx.Response:  # noqa: ANN401 - JSON
    """Return an answer in which Notion itself refuses a request."""
    body: dict[str, Any] = {"object": "error", "status": status, "code": code, "message": message}
    if extra:
        body["additional_data"] = extra
    return httpx.Response(status, json=body, headers={"x-notion-request-id": "r"})


def raising(error: Exception) -> Handler:
    """Return a network on which every request fails."""

    def handle(_: httpx.Request) -> httpx.Response:
        raise error

    return handle


def answering(response: httpx.Response) -> Handler:
    """Return a network that gives every request the same answer."""
    return lambda _: response


class FailingWire:
    """A client over such a network; it counts the requests and keeps the pauses instead of waiting."""

    def __init__(self, handler: Handler) -> None:
        self.sent = 0
        self.slept: list[float] = []
        self._handler = handler
        http = http_client(transport=httpx.MockTransport(self._count))
        self.limiter = RateLimiter(1e6, lambda: 0.0)
        self.calls = Calls(
            notion_client(http, token=CANARY, base_url="https://notion.test/v1/"),
            self.limiter,
            settle=SETTLE,
            jitter=lambda: 0.5,
            sleep=self._sleep,
        )

    def _count(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == f"Bearer {CANARY}"
        assert request.headers["notion-version"] == "2026-03-11"
        assert request.url.path.startswith("/v1/")
        self.sent += 1
        return self._handler(request)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def failure(self, request: Request) -> SyncError:
        """Send a request that must fail, and return our error, which must not hold the token."""
        with pytest.raises(SyncError) as caught:
            await self.calls.send(request, lambda answer: expect(answer, "block"), lane=Lane.LIVE)
        assert CANARY not in repr(caught.value) + str(caught.value) + repr(caught.value.__cause__)
        return caught.value
