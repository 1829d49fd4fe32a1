"""The stand-in on a port: Notion's API, the pages to look at, and the controls for tests."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from socket import SO_LINGER, SOL_SOCKET

from aiohttp import web

from sync.notion.emulator.control import control
from sync.notion.emulator.emulator import Emulator
from sync.notion.emulator.exchange import Cut, HttpRequest, HttpResponse
from sync.notion.emulator.screens.pages import Pages

_FOREVER = 86_400.0
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@asynccontextmanager
async def serve(emulator: Emulator, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve an emulator until the context ends; gives the base URL.

    A refused connection cannot be played on an open port: the client sees a reset, and nothing is applied.

    Args:
        emulator: What is served.
        host: The address to listen on.
        port: 0 for any free one.
    """
    door = _Door(emulator)
    runner = web.ServerRunner(
        web.Server(door.answer, handler_cancellation=True, access_log=None, max_line_size=65_536),
        shutdown_timeout=0.1,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


class _Door:
    """Takes requests off the wire and puts outcomes on it."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._pages = Pages(emulator)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        path, _, query = request.raw_path.partition("?")
        body = await request.content.read()
        if path.startswith("/_emulator/"):
            return _whole(control(self._emulator, request.method, path, body))
        if not path.startswith("/v1/"):
            return _whole(self._pages.answer(request.method, path, query))
        headers = {name.lower(): value for name, value in request.headers.items()}
        sent = HttpRequest(request.method, path, query, headers, body)
        with self._emulator.under_way(sent) as outcome:
            await asyncio.sleep(_FOREVER if outcome.cut is Cut.HANG else outcome.delay)
        if outcome.response is None:
            _reset(request)
            return web.Response()
        if outcome.cut is Cut.TRUNCATED:
            return await _half(request, outcome.response)
        return _whole(outcome.response)


def _whole(response: HttpResponse) -> web.Response:
    return web.Response(status=response.status, headers=response.headers, body=response.body)


async def _half(request: web.BaseRequest, response: HttpResponse) -> web.StreamResponse:
    broken = web.StreamResponse(
        status=response.status, headers={**response.headers, "content-length": str(len(response.body))}
    )
    await broken.prepare(request)
    await broken.write(response.body[: len(response.body) // 2])
    if request.transport is not None:
        request.transport.close()
    return broken


def _reset(request: web.BaseRequest) -> None:
    transport = request.transport
    if transport is None:
        return
    wire = transport.get_extra_info("socket")
    if wire is not None:
        wire.setsockopt(SOL_SOCKET, SO_LINGER, _RESET_ON_CLOSE)
    transport.abort()
