"""Notion's client, set up so that the decisions stay ours: no retry, no log of its own, no token in sight."""

import logging
from collections.abc import Generator

import httpx
from notion_client import AsyncClient

from sync.errors import AccessLost

VERSION = "2026-03-11"
"""The version of Notion's API that every body and answer here is written for."""

TIMEOUT = httpx.Timeout(connect=10.0, read=90.0, write=60.0, pool=60.0)
"""Notion gives up on its own after 55 to 60 seconds and then says so: wait for that answer."""

_LIMITS = httpx.Limits(max_connections=64, max_keepalive_connections=16, keepalive_expiry=5.0)
"""A connection kept longer may be dead without a word, and then costs the write that finds out."""


class _Bearer(httpx.Auth):
    """Adds the token to each request at the last moment, so that no client, option or repr holds it."""

    def __init__(self, token: str) -> None:
        self._header = f"Bearer {token}"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = self._header
        yield request


def http_client(*, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    """Return the HTTP client; proxies and certificates come from the environment.

    Args:
        transport: Answers instead of the network; None: the network.
    """
    return httpx.AsyncClient(transport=transport, limits=_LIMITS, trust_env=True, follow_redirects=False)


def notion_client(http: httpx.AsyncClient, *, token: str, base_url: str) -> AsyncClient:
    """Return Notion's client on top of an HTTP client, which stays the caller's to close."""
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise AccessLost("The token for Notion holds characters that no token has", "Copy NOTION_TOKEN again")
    try:
        client = AsyncClient(
            client=http,
            base_url=base_url.rstrip("/").removesuffix("/v1"),
            notion_version=VERSION,
            retry=False,
            # Failures are told once, by whoever handles them; the client's own lines quote the content.
            logger=logging.getLogger("sync.notion.wire"),
            log_level=logging.CRITICAL,
        )
    except httpx.InvalidURL as error:
        raise AccessLost("The address of Notion is not a web address", "Correct NOTION_BASE_URL") from error
    http.timeout = TIMEOUT
    http.headers["Accept-Encoding"] = "gzip"
    http.auth = _Bearer(token)
    return client
