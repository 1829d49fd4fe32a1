"""What is sent again within a call, and how long Notion is waited for."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest

from sync.errors import Transient
from sync.notion.calls import ATTEMPTS
from sync.notion.error_answers import error_answer, judge
from sync.notion.limiter import Lane
from tests.worlds.failing_wire import CREATE, SETTLE, WRITE, FailingWire, answering, refused


@pytest.mark.parametrize("status", [429, 529])
@pytest.mark.parametrize(("seconds", "attempts"), [(0, ATTEMPTS), (61, 1), (3_600, 1)])
async def test_a_long_wait_is_not_waited_for_in_the_call(status: int, seconds: int, attempts: int) -> None:
    """The wait asked for pauses the budget, reaches the caller, and over a minute ends the call."""
    wire = FailingWire(answering(httpx.Response(status, text="{}", headers={"retry-after": str(seconds)})))
    failure = await wire.failure(CREATE)
    assert isinstance(failure, Transient)
    assert failure.retry_after == timedelta(seconds=seconds)
    assert wire.sent == attempts
    assert wire.limiter.snapshot().paused_for == timedelta(seconds=seconds)
    assert not any(wire.slept)


async def test_a_conflict_is_repeated_after_a_short_pause() -> None:
    """Colliding saves are tried again in the call, and what then succeeds is the result."""
    answers = iter([refused(409, "conflict_error"), httpx.Response(200, json={"object": "block", "id": "b"})])
    wire = FailingWire(lambda _: next(answers))
    answer = await wire.calls.send(WRITE, lambda answer: answer["id"], lane=Lane.BACKFILL)
    assert (answer, wire.sent, wire.slept) == ("b", 2, [0.7])
    assert wire.calls.sent == {Lane.BACKFILL: 2}


def _waited(headers: Mapping[str, str], extra: Mapping[str, Any]) -> timedelta | None:
    body = json.dumps({"object": "error", "code": "rate_limited", "message": "x", "additional_data": extra})
    failure = judge(error_answer(429, body=body, headers=headers), CREATE, settle=SETTLE)
    assert isinstance(failure, Transient)
    return failure.retry_after


def test_retry_after_in_every_form() -> None:
    """Seconds, a date, or the body's word; what cannot be read is as good as absent."""
    assert _waited({"retry-after": "17"}, {}) == timedelta(seconds=17)
    assert _waited({}, {"retry_after": "5"}) == timedelta(seconds=5)
    dates = {"retry-after": "Sat, 10 Jan 2026 14:31:30 GMT", "date": "Sat, 10 Jan 2026 14:30:00 GMT"}
    assert _waited(dates, {}) == timedelta(seconds=90)
    assert _waited({"retry-after": "soon"}, {"retry_after": "8"}) == timedelta(seconds=8)
    assert _waited({"retry-after": "-3"}, {}) is None
    assert _waited({}, {}) is None
