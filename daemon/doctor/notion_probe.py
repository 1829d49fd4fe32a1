"""Ask Notion a few read-only questions at once."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias, TypeVar

import httpx

from daemon.config.secret import Secret
from daemon.config.settings import Settings
from daemon.connecting import calls_of, wanted_of
from sync.errors import SyncError
from sync.names import Property
from sync.notion.calls import Calls
from sync.notion.client import http_client
from sync.notion.connect import Survey, Wanted, survey
from sync.notion.limiter import Sharing
from sync.notion.model import PageRow
from sync.notion.onboarding.recent import read_comments, recent_rows
from sync.notion.whoami import Bearer, whoami

T = TypeVar("T")

_QUESTIONS = 6
"""The largest number of requests that this takes."""

_AT_ONCE = 600.0
"""The rate, in requests a minute, at which they can all be sent at once."""

Probed: TypeAlias = T | SyncError | None
"""An answer; None if none came in time, or the question could not be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """What Notion answered.

    Attributes:
        bearer: The bearer of the token.
        database: The database.
        rows: The rows that were changed last.
        comments: The number of comments on one of their pages; also None if there is no page.
        clock_ahead: How far this machine's clock is ahead of Notion's.
        sharing: With whom the budget is shared; None if it is not shared.
        waits_for_turns: Whether the budget left no turn for some of the questions in time.
    """

    bearer: Bearer | SyncError | None
    database: Survey | SyncError | None
    rows: tuple[PageRow, ...] | SyncError | None
    comments: int | SyncError | None
    clock_ahead: timedelta | None
    sharing: Sharing | None
    waits_for_turns: bool


NOTHING = ProbeResult(
    bearer=None,
    database=None,
    rows=None,
    comments=None,
    clock_ahead=None,
    sharing=None,
    waits_for_turns=False,
)


async def probe(
    settings: Settings,
    token: Secret,
    *,
    ids: dict[Property, str],
    within: float,
    now: Callable[[], datetime],
    transport: httpx.AsyncBaseTransport | None,
) -> ProbeResult:
    """Ask Notion everything, within a time limit.

    Args:
        settings: The settings.
        token: The Notion token.
        ids: The property ids of the last connection.
        within: The time limit for all answers together, in seconds.
        now: Returns the current time.
        transport: Replaces the network, for tests; None for the network.
    """
    drifts: list[timedelta] = []
    async with (
        http_client(transport=transport) as http,
        aclosing(calls_of(_at_once(settings), token, http, attempts=1)) as calls,
    ):

        async def compare(_answer: httpx.Response) -> None:
            if calls.clock.latest is not None:
                drifts.append(now() - calls.clock.latest)

        http.event_hooks["response"].append(compare)
        answers = await _ask(calls, wanted_of(settings, ids=ids), within)
        sharing = calls.limiter.snapshot().sharing
    return ProbeResult(clock_ahead=min(drifts, key=abs, default=None), sharing=sharing, **answers)


def _at_once(settings: Settings) -> Settings:
    """Return settings that allow all questions to be sent at once, if the budget of a minute allows that."""
    is_ours = settings.budget_url is None
    if is_ours and settings.requests_per_minute >= _QUESTIONS:
        return replace(settings, requests_per_minute=max(_AT_ONCE, settings.requests_per_minute))
    return settings


async def _ask(calls: Calls, wanted: Wanted, within: float) -> dict[str, Any]:
    """Ask each question as soon as what it needs is known; return the answers by name."""
    bearer = _started(_answer(whoami(calls)))
    database = _started(_answer(survey(calls, wanted)))
    rows = _started(_after(database, Survey, lambda found: recent_rows(calls, found)))
    comments = _started(_after(rows, tuple, lambda found: _comments_of(calls, found)))
    questions = {"bearer": bearer, "database": database, "rows": rows, "comments": comments}
    await asyncio.wait(questions.values(), timeout=within)
    waits = sum(calls.limiter.snapshot().waiting.values()) > 0
    for question in questions.values():
        question.cancel()
    await asyncio.gather(*questions.values(), return_exceptions=True)
    answers = {name: None if each.cancelled() else each.result() for name, each in questions.items()}
    return {**answers, "waits_for_turns": waits}


def _started(question: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    return asyncio.get_running_loop().create_task(question)


async def _answer(question: Awaitable[T]) -> T | SyncError:
    try:
        return await question
    except SyncError as error:
        return error


async def _after(earlier: "asyncio.Task[Any]", kind: type, then: Callable[[Any], Awaitable[T]]) -> Probed[T]:
    """Ask a question that needs an earlier answer; return None if that is not of this kind."""
    found = await asyncio.shield(earlier)
    return await _answer(then(found)) if isinstance(found, kind) else None


async def _comments_of(calls: Calls, rows: tuple[PageRow, ...]) -> int | None:
    return await read_comments(calls, rows[0]) if rows else None
