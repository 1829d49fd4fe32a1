"""What Notion answers when it is asked the few things that cost nothing and change nothing."""

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
"""Requests that it takes at most."""

_AT_ONCE = 600.0
"""Requests a minute at which that many go together."""

Probed: TypeAlias = T | SyncError | None
"""What came back; None when nothing did within the time, or the question could not be put."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """What Notion answered.

    Attributes:
        rows: Those that were changed last.
        comments: How many hang on one of the pages; None too when there is no page.
        clock_ahead: By how much this machine's clock is ahead of Notion's.
        sharing: With whom the budget is shared; None when it is this machine's own.
        waits_for_turns: Some questions were not put, as the budget had no turn for them in time.
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
    """Ask Notion; whatever is not answered in time counts as not reached.

    Args:
        settings: Where Notion is, and which database.
        token: Notion's.
        ids: The property ids of the last connection.
        within: Seconds for everything.
        now: The present time.
        transport: Answers instead of the network; None: the network.
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
    """Return settings that let all questions go together, where a minute has room for them."""
    is_ours = settings.budget_url is None
    if is_ours and settings.requests_per_minute >= _QUESTIONS:
        return replace(settings, requests_per_minute=max(_AT_ONCE, settings.requests_per_minute))
    return settings


async def _ask(calls: Calls, wanted: Wanted, within: float) -> dict[str, Any]:
    """Put the questions, each as soon as what it needs is known; return the answers by name."""
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
    """Put a question that needs an earlier answer; None when that one is none."""
    found = await asyncio.shield(earlier)
    return await _answer(then(found)) if isinstance(found, kind) else None


async def _comments_of(calls: Calls, rows: tuple[PageRow, ...]) -> int | None:
    return await read_comments(calls, rows[0]) if rows else None
