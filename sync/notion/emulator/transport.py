"""An httpx transport that reaches the stand-in without a socket."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx

from sync.notion.emulator.emulator import Emulator
from sync.notion.emulator.exchange import Cut, Delivery, HttpRequest, HttpResponse


class EmulatorTransport(httpx.AsyncBaseTransport):
    """Carries requests to an emulator; broken connections become the errors that httpx has for them.

    A request that hangs fails at once with the time-out that the client would have run into.
    """

    def __init__(
        self, emulator: Emulator, *, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self._emulator = emulator
        self._sleep = sleep

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        body = await request.aread()
        headers = {name.lower(): value for name, value in request.headers.items()}
        target = request.url
        sent = HttpRequest(request.method, target.path, target.query.decode("ascii"), headers, body)
        with self._emulator.under_way(sent) as outcome:
            await self._wait(outcome, request)
        match outcome.cut:
            case Cut.REFUSED:
                raise httpx.ConnectError("All connection attempts failed", request=request)
            case Cut.HANG:
                raise httpx.ReadTimeout("The read operation timed out", request=request)
            case Cut.RESET:
                raise httpx.ReadError("Connection reset by peer", request=request)
            case Cut.TRUNCATED | None:
                return _answer(outcome, request)

    async def _wait(self, outcome: Delivery, request: httpx.Request) -> None:
        if not outcome.delay:
            return
        patience = request.extensions.get("timeout", {}).get("read")
        if patience is not None and patience < outcome.delay:
            await self._sleep(patience)
            raise httpx.ReadTimeout("The read operation timed out", request=request)
        await self._sleep(outcome.delay)


def _answer(outcome: Delivery, request: httpx.Request) -> httpx.Response:
    response = outcome.response
    if response is None:
        raise httpx.RemoteProtocolError("Server disconnected without sending a response", request=request)
    headers = {**response.headers, "content-length": str(len(response.body))}
    if outcome.cut is Cut.TRUNCATED:
        return httpx.Response(response.status, headers=headers, stream=_Half(response), request=request)
    return httpx.Response(response.status, headers=headers, content=response.body, request=request)


class _Half(httpx.AsyncByteStream):
    """A body that breaks off in its middle."""

    def __init__(self, response: HttpResponse) -> None:
        self._body = response.body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body[: len(self._body) // 2]
        raise httpx.RemoteProtocolError(
            "peer closed connection without sending complete message body "
            f"(received {len(self._body) // 2} bytes, expected {len(self._body)})"
        )
