"""Set up Notion's client so that decisions stay ours: it retries nothing, logs nothing and shows no token."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from typing import TypeAlias

import httpx
from notion_client import AsyncClient

from sync.errors import AccessLost, ConfigurationError
from sync.notion.api_version import API_VERSION

TIMEOUT = httpx.Timeout(connect=10.0, read=90.0, write=60.0, pool=60.0)
"""Notion itself gives up after 55 to 60 seconds and says so: wait for that answer."""

_LIMITS = httpx.Limits(max_connections=64, max_keepalive_connections=16, keepalive_expiry=5.0)
"""A connection kept for longer may be dead unnoticed, and the write that finds out is then in doubt."""


Renew: TypeAlias = Callable[[], str | None]
"""Reads the token again from where it was found; None when there is none that can be used."""


class _Bearer(httpx.Auth):
    """Adds the token to each request at the last moment, so that no client, option or repr holds it.

    A token that is not accepted is read again, so that a replaced one takes effect at once.
    """

    def __init__(self, token: str, renew: Renew) -> None:
        self._token = token
        self._renew = renew

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        sent = self._token
        request.headers["Authorization"] = f"Bearer {sent}"
        answer = yield request
        if answer.status_code != httpx.codes.UNAUTHORIZED:
            return
        fresh = await asyncio.to_thread(self._renew)  # a keyring may take its time
        if fresh is not None and fresh != sent and _is_token(fresh):
            self._token = fresh
            request.headers["Authorization"] = f"Bearer {fresh}"
            yield request


def http_client(*, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    """Return the HTTP client; proxies and certificates come from the environment.

    Args:
        transport: Answers instead of the network; None: the network.

    Raises:
        ConfigurationError: The environment names certificates or a proxy that cannot be used.
    """
    try:
        return httpx.AsyncClient(transport=transport, limits=_LIMITS, trust_env=True, follow_redirects=False)
    except OSError as error:
        raise ConfigurationError(
            f"The certificates to trust cannot be read ({error.strerror or error})",
            "Correct SSL_CERT_FILE or SSL_CERT_DIR, or unset it",
        ) from error
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        raise ConfigurationError(
            "The proxy that the environment names cannot be used",
            "Correct HTTPS_PROXY, HTTP_PROXY and ALL_PROXY: http://HOST:PORT",
        ) from error


def notion_client(
    http: httpx.AsyncClient, *, token: str, base_url: str, renew: Renew = lambda: None
) -> AsyncClient:
    """Return Notion's client on top of an HTTP client, which stays the caller's to close.

    Args:
        http: The HTTP client.
        token: Notion's.
        base_url: Where Notion's API is.
        renew: Asked, on a thread, when the token is not accepted; the request is then sent once more.
    """
    if not _is_token(token):
        raise AccessLost("The token for Notion holds characters that no token has", "Copy NOTION_TOKEN again")
    try:
        client = AsyncClient(
            client=http,
            base_url=base_url.rstrip("/").removesuffix("/v1"),
            notion_version=API_VERSION,
            retry=False,
            # Failures are told once, by whoever handles them; the client's own lines quote the content.
            logger=logging.getLogger("sync.notion.wire"),
            log_level=logging.CRITICAL,
        )
    except httpx.InvalidURL as error:
        raise AccessLost("The address of Notion is not a web address", "Correct NOTION_BASE_URL") from error
    http.timeout = TIMEOUT
    http.headers["Accept-Encoding"] = "gzip"
    http.auth = _Bearer(token, renew)
    return client


def _is_token(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable() and " " not in text
