"""Send requests within the budget, translate their failures, and repeat only what is surely harmless."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

import httpx
from notion_client import AsyncClient
from notion_client.errors import HTTPResponseError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from sync.errors import Conflict, SyncError, Transient
from sync.notion.answers import understood
from sync.notion.border import translate
from sync.notion.client import Renew, notion_client
from sync.notion.error_answers import OVERLOADED, error_answer, retry_after
from sync.notion.job_requests import current_job
from sync.notion.limiter import Lane, Limiter, RateLimiter
from sync.notion.model import Json
from sync.notion.notion_clock import NotionClock
from sync.notion.request import File, Request
from sync.policy import backoff

T = TypeVar("T")

ATTEMPTS = 4
LONGEST_WAIT = timedelta(seconds=60)
"""A longer Retry-After is not waited for inside the call; the budget stays paused all the same."""

_DEADLINE = 120.0
"""Seconds for a whole exchange: an answer that trickles in for ever is a lost one."""


class Calls:
    """Sends each request in its turn, repeats it where that is safe, and raises only errors of ours.

    Attributes:
        clock: Notion's, as its answers tell it.
        renewals: How often the token was looked for again: the new one may be another account's.

    Args:
        client: Notion's client, its own retries off.
        limiter: The one budget.
        settle: How long after sending Notion may still carry out a write whose answer was lost.
        jitter: Random numbers from 0 to 1.
        sleep: Waits for seconds.
        attempts: How often a request is sent that was surely not applied.
    """

    def __init__(
        self,
        client: AsyncClient,
        limiter: Limiter,
        *,
        settle: timedelta,
        jitter: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        attempts: int = ATTEMPTS,
    ) -> None:
        self._client = client
        self.clock = NotionClock()
        self.renewals = 0
        client.client.event_hooks["response"].append(self.clock.heed)
        self._limiter = limiter
        self._settle = settle
        self._jitter = jitter
        self._sleep = sleep
        self._attempts = attempts
        self._sent: Counter[Lane] = Counter()

    @property
    def sent(self) -> Mapping[Lane, int]:
        """How many requests have been sent, by lane."""
        return Counter(self._sent)

    @property
    def limiter(self) -> Limiter:
        """The budget that the requests pass."""
        return self._limiter

    async def aclose(self) -> None:
        """Close the budget; the HTTP client is closed by its owner."""
        await self._limiter.aclose()

    async def send(self, request: Request, reading: Callable[[Json], T], *, lane: Lane) -> T:
        """Send a request and read its answer; every failure is one of `sync.errors`.

        Args:
            request: What to send.
            reading: Makes the result of the answer; raises `NotNotion` when the answer is not Notion's.
            lane: Who waits.
        """
        attempts = AsyncRetrying(
            stop=stop_after_attempt(self._attempts),
            retry=retry_if_exception(_surely_not_applied),
            wait=self._wait,
            sleep=self._sleep,
            reraise=True,
        )
        return await attempts(self._once, request, reading, lane)

    async def settled(self, wait: timedelta) -> None:
        """Wait as long as a write whose answer was lost may still be carried out."""
        await self._sleep(wait.total_seconds())

    async def _once(self, request: Request, reading: Callable[[Json], T], lane: Lane) -> T:
        sent_at = await self._limiter.acquire(lane)
        if request.sending is not None:
            request.sending()
        self._sent[lane] += 1
        if (job := current_job()) is not None:
            job.sent += 1
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
        """Send nothing for as long as the failed answer asks, whatever else it says."""
        if not isinstance(error, HTTPResponseError):
            return
        wait = retry_after(error_answer(error.status, body=error.body, headers=error.headers))
        if isinstance(ours, Transient) and error.status in OVERLOADED:
            self._limiter.throttled(wait, sent_at=sent_at)
        elif wait is not None:
            self._limiter.pause(wait)

    def _wait(self, state: RetryCallState) -> float:
        match state.outcome and state.outcome.exception():
            case Transient(retry_after=timedelta()):
                return 0.0  # the budget waits
            case Conflict():
                return 0.2 + self._jitter()
            case _:
                return backoff(state.attempt_number, jitter=self._jitter()).total_seconds()


def open_calls(  # noqa: PLR0913 - what a request depends on
    http: httpx.AsyncClient,
    *,
    token: str,
    base_url: str,
    per_minute: float,
    settle: timedelta,
    attempts: int = ATTEMPTS,
    renew: Renew = lambda: None,
    limiter: Limiter | None = None,
) -> Calls:
    """Return calls on the running event loop; the HTTP client stays the caller's to close.

    Args:
        http: From `client.http_client`.
        token: Notion's.
        base_url: Where Notion's API is.
        per_minute: Requests that Notion grants in a minute.
        settle: How long after sending Notion may still carry out a write whose answer was lost.
        attempts: How often a request is sent that was surely not applied.
        renew: Asked, on a thread, for another token when this one is not accepted.
        limiter: The budget where it is shared; None: it is this process's own.
    """

    def renewed() -> str | None:
        calls.renewals += 1
        return renew()

    calls = Calls(
        notion_client(http, token=token, base_url=base_url, renew=renewed),
        RateLimiter(per_minute, time.monotonic) if limiter is None else limiter,
        settle=settle,
        jitter=random.random,
        sleep=asyncio.sleep,
        attempts=attempts,
    )
    return calls


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
