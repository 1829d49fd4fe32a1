"""What Notion answers when it is asked the few things that cost nothing and change nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeAlias, TypeVar

import httpx
from pydantic import SecretStr

from daemon.config.settings import Settings
from sync.errors import SyncError
from sync.names import Property
from sync.notion.calls import Calls, open_calls
from sync.notion.client import http_client
from sync.notion.connect import Survey, Wanted, survey
from sync.notion.model import PageRow
from sync.notion.recent import read_comments, recent_rows
from sync.notion.whoami import Bearer, whoami

T = TypeVar("T")

Answer: TypeAlias = T | SyncError | None
"""What came back; None when nothing did within the time, or the question could not be put."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What Notion answered.

    Attributes:
        rows: Those that were changed last.
        comments: How many hang on one of the pages; None too when there is no page.
        clock_ahead: By how much this machine's clock is ahead of Notion's.
    """

    bearer: Bearer | SyncError | None
    database: Survey | SyncError | None
    rows: tuple[PageRow, ...] | SyncError | None
    comments: int | SyncError | None
    clock_ahead: timedelta | None


NOTHING = Seen(bearer=None, database=None, rows=None, comments=None, clock_ahead=None)


async def probe(
    settings: Settings,
    token: SecretStr,
    *,
    ids: dict[Property, str],
    within: float,
    now: Callable[[], datetime],
    transport: httpx.AsyncBaseTransport | None,
) -> Seen:
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

    async def note_time(response: httpx.Response) -> None:
        if (served := _served_at(response)) is not None:
            drifts.append(now() - served)

    wanted = Wanted(
        database=settings.notion_database_id, names=settings.property_names, ids=ids, manage_schema=False
    )
    async with http_client(transport=transport) as http:
        http.event_hooks = {"response": [note_time]}
        calls = open_calls(
            http,
            token=token.get_secret_value(),
            base_url=settings.notion_base_url,
            per_minute=settings.requests_per_minute,
            settle=timedelta(0),
            attempts=1,
        )
        answers = await _ask(calls, wanted, within)
    return Seen(clock_ahead=min(drifts, key=abs, default=None), **answers)


async def _ask(calls: Calls, wanted: Wanted, within: float) -> dict[str, Any]:
    """Put the questions, each as soon as what it needs is known; return the answers by name."""
    bearer = _started(_answer(whoami(calls)))
    database = _started(_answer(survey(calls, wanted)))
    rows = _started(_after(database, Survey, lambda found: recent_rows(calls, found)))
    comments = _started(_after(rows, tuple, lambda found: _comments_of(calls, found)))
    questions = {"bearer": bearer, "database": database, "rows": rows, "comments": comments}
    await asyncio.wait(questions.values(), timeout=within)
    for question in questions.values():
        question.cancel()
    await asyncio.gather(*questions.values(), return_exceptions=True)
    return {name: None if each.cancelled() else each.result() for name, each in questions.items()}


def _started(question: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    return asyncio.get_running_loop().create_task(question)


async def _answer(question: Awaitable[T]) -> T | SyncError:
    try:
        return await question
    except SyncError as error:
        return error


async def _after(earlier: "asyncio.Task[Any]", kind: type, then: Callable[[Any], Awaitable[T]]) -> Answer[T]:
    """Put a question that needs an earlier answer; None when that one is none."""
    found = await asyncio.shield(earlier)
    return await _answer(then(found)) if isinstance(found, kind) else None


async def _comments_of(calls: Calls, rows: tuple[PageRow, ...]) -> int | None:
    return await read_comments(calls, rows[0]) if rows else None


def _served_at(response: httpx.Response) -> datetime | None:
    try:
        return parsedate_to_datetime(response.headers.get("date", ""))
    except ValueError:
        return None
