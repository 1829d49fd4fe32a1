"""The ledger of a shared budget, kept by a Redis or Valkey server."""

import asyncio
import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from redis import exceptions
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from sync.notion.fleet.ledger import Allotment, Ask, Behaviour, LedgerAway

if TYPE_CHECKING:
    from redis.commands.core import AsyncScript

_PATIENCE = 1.0
"""Seconds for an answer. What was granted is used within them, or not at all."""

_KEYS = ("state", "sent", "waiting", "hosts")


@dataclass(frozen=True, slots=True)
class _Trouble:
    """What a kind of error means; with a hint, it does not end by itself."""

    errors: tuple[type[Exception], ...]
    what: str
    hint: str = ""


_TROUBLES = (
    _Trouble(
        (exceptions.AuthenticationError, exceptions.AuthenticationWrongNumberOfArgsError),
        "does not accept the password, or wants one",
        "Correct the password in AI_TRACES_BUDGET_URL, then start the daemon again",
    ),
    _Trouble(
        (exceptions.NoPermissionError, exceptions.AuthorizationError),
        "lets this user do too little",
        "Allow its user the commands of scripts and the keys ai-traces:*, as docs/fleet.md says",
    ),
    _Trouble(
        (exceptions.ReadOnlyError,),
        "is a copy that may only be read",
        "Name its primary in AI_TRACES_BUDGET_URL; if that has just moved, there is nothing to do",
    ),
    _Trouble(
        (exceptions.OutOfMemoryError,),
        "has no memory left",
        "Raise its maxmemory, or keep the budget on another server: it takes less than a megabyte",
    ),
    _Trouble((exceptions.BusyLoadingError,), "is still reading its data"),
    _Trouble((exceptions.TimeoutError, TimeoutError), "does not answer"),
    _Trouble((exceptions.ConnectionError, OSError), "cannot be reached"),
)
_FOREIGN = _Trouble(
    (),
    "does not answer as Redis does",
    "See that AI_TRACES_BUDGET_URL names a Redis or Valkey server of version 5 or newer, and ends with the "
    "number of a database that it has, such as /0",
)


def budget_name(token: str) -> str:
    """Return the name under which all who use a token find their budget; it does not tell the token."""
    return hashlib.sha256(f"ai-traces budget {token}".encode()).hexdigest()[:20]


class RedisLedger:
    """Asks a server for turns, one question at a time.

    Args:
        url: Where the server is; may hold a password, which no error shows.
        name: Of the budget.
        behaviour: How it behaves.

    Raises:
        ValueError, TypeError: The URL has an option that cannot be used; the text may quote it.
    """

    def __init__(self, url: str, *, name: str, behaviour: Behaviour) -> None:
        self._where = _shown(url)
        self._keys = [f"ai-traces:{{{name}}}:{key}" for key in _KEYS]
        self._behaviour = json.dumps(asdict(behaviour))
        self._client = Redis.from_url(
            url,
            decode_responses=True,
            protocol=2,
            socket_timeout=_PATIENCE,
            socket_connect_timeout=_PATIENCE,
            # A connection that the server closed meanwhile is opened again; nothing is asked a third time.
            retry=Retry(NoBackoff(), 1, supported_errors=(exceptions.ConnectionError,)),
        )
        # An option that does not exist shows here; nothing is opened.
        self._client.connection_pool.make_connection()  # type: ignore[no-untyped-call] # redis has no types here
        source = files("sync.notion.fleet").joinpath("ledger.lua").read_text(encoding="utf-8")
        self._script: AsyncScript = self._client.register_script(source)

    async def tell(self, ask: Ask) -> Allotment:
        """Take note of what a host did, and give it its turns.

        Raises:
            LedgerAway: The server cannot be asked, whatever the reason is: requests go on without it.
        """
        try:
            async with asyncio.timeout(2 * _PATIENCE):
                said = await self._script(keys=self._keys, args=[_told(ask), self._behaviour])
            return _answered(said)
        except Exception as error:  # noqa: BLE001 - a defect here must not hold a single request
            with suppress(Exception):
                await self._client.connection_pool.disconnect()
            raise _away(error, self._where) from None

    async def aclose(self) -> None:
        """Close the connection."""
        with suppress(exceptions.RedisError, OSError):
            await self._client.aclose()


def _told(ask: Ask) -> str:
    told: dict[str, Any] = {name: value for name, value in asdict(ask).items() if value is not None}
    return json.dumps(told)


def _answered(said: str) -> Allotment:
    answer = json.loads(said)
    return Allotment(**{**answer, "at": float(answer["at"])})


def _shown(url: str) -> str:
    """Return where the server is, without what only it may know."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return parts.path
    return f"{parts.hostname or 'localhost'}:{parts.port or 6379}"


def _away(error: Exception, where: str) -> LedgerAway:
    """Say why the server cannot be asked; what it answered in words may quote what it was sent."""
    for trouble in _TROUBLES:
        if isinstance(error, trouble.errors):
            return _told_of(trouble, f"The Redis server at {where} {trouble.what}")
    return _told_of(_FOREIGN, f"The server at {where} {_FOREIGN.what} ({type(error).__name__})")


def _told_of(trouble: _Trouble, what: str) -> LedgerAway:
    return LedgerAway(what, trouble.hint, needs_a_person=bool(trouble.hint))
