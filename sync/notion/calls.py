"""One request at a time through the budget and the border, repeated only where that is surely harmless."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from notion_client import AsyncClient
from notion_client.errors import HTTPResponseError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from sync.errors import Conflict, SyncError, Transient
from sync.notion.answers import understood
from sync.notion.errors import translate
from sync.notion.limiter import Lane, RateLimiter
from sync.notion.model import Json
from sync.notion.refusals import OVERLOADED
from sync.notion.request import File, Request
from sync.policy import backoff

T = TypeVar("T")

ATTEMPTS = 4
LONGEST_WAIT = timedelta(seconds=60)
"""A longer Retry-After is not waited for inside the call; the budget stays paused all the same."""

_DEADLINE = 120.0
"""Seconds for a whole exchange: an answer that trickles in for ever is a lost one."""


class Calls:
    """Sends requests.

    Args:
        client: Notion's client, its own retries off.
        limiter: The one budget.
        settle: How long after sending Notion may still carry out a write whose answer was lost.
        jitter: Random numbers from 0 to 1.
        sleep: Waits for seconds.
    """

    def __init__(
        self,
        client: AsyncClient,
        limiter: RateLimiter,
        *,
        settle: timedelta,
        jitter: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._client = client
        self._limiter = limiter
        self._settle = settle
        self._jitter = jitter
        self._sleep = sleep
        self._sent: Counter[Lane] = Counter()

    @property
    def sent(self) -> Mapping[Lane, int]:
        """How many requests left, by lane."""
        return Counter(self._sent)

    @property
    def limiter(self) -> RateLimiter:
        """The budget that the requests pass."""
        return self._limiter

    async def send(self, request: Request, reading: Callable[[Json], T], *, lane: Lane) -> T:
        """Send a request and read its answer; every failure is one of `sync.errors`.

        Args:
            request: What to send.
            reading: Makes the result of the answer; raises `NotNotion` when it is none of Notion's.
            lane: Who waits.
        """
        attempts = AsyncRetrying(
            stop=stop_after_attempt(ATTEMPTS),
            retry=retry_if_exception(_surely_not_applied),
            wait=self._wait,
            sleep=self._sleep,
            reraise=True,
        )
        return await attempts(self._once, request, reading, lane)

    async def _once(self, request: Request, reading: Callable[[Json], T], lane: Lane) -> T:
        sent_at = await self._limiter.acquire(lane)
        if request.sending is not None:
            request.sending()
        self._sent[lane] += 1
        try:
            async with asyncio.timeout(_DEADLINE):
                answer = await self._client.request(
                    path=request.path,
                    method=request.method,
                    query=dict(request.query) if request.query else None,
                    body=None if request.body is None else dict(request.body),
                    form_data=None if request.file is None else _form(request.file),
                )
            result = understood(answer, reading)
        except Exception as error:
            ours = translate(error, request, settle=self._settle)
            if ours is None:
                raise
            self._slow_down(ours, error, sent_at)
            raise ours from error
        self._limiter.granted()
        return result

    def _slow_down(self, ours: SyncError, error: Exception, sent_at: float) -> None:
        match ours, error:
            case Transient(retry_after=wait), HTTPResponseError(status=status) if status in OVERLOADED:
                self._limiter.throttled(wait, sent_at=sent_at)
            case Transient(retry_after=timedelta() as wait), _:
                self._limiter.pause(wait)
            case _:
                pass

    def _wait(self, state: RetryCallState) -> float:
        match state.outcome and state.outcome.exception():
            case Transient(retry_after=timedelta()):
                return 0.0  # the budget waits
            case Conflict():
                return 0.2 + self._jitter()
            case _:
                return backoff(state.attempt_number, jitter=self._jitter()).total_seconds()


def _form(file: File) -> dict[str, Any]:
    return {"file": (file.name, file.content, file.content_type)}


def _surely_not_applied(error: BaseException) -> bool:
    match error:
        case Conflict() | Transient(retry_after=None):
            return True
        case Transient(retry_after=timedelta() as wait):
            return wait <= LONGEST_WAIT
        case _:
            return False
