"""Notion's clock is read off its answers; what tells no time changes nothing."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
from hypothesis import given
from hypothesis import strategies as st

from sync.notion.emulator import Emulator
from sync.notion.notion_clock import NotionClock

TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds have none


@given(told=TIMES)
async def test_the_last_answer_tells_the_time(told: datetime) -> None:
    """To the second, whatever this machine's clock says."""
    clock = NotionClock()
    await clock.heed(httpx.Response(200, headers={"date": format_datetime(told, usegmt=True)}))
    assert clock.latest == told.replace(microsecond=0)


@given(text=st.text(st.characters(max_codepoint=126, min_codepoint=32)))
async def test_an_answer_that_tells_no_time_is_passed_over(text: str) -> None:
    """Neither a missing nor a strange date is believed, and none fails the request."""
    clock = NotionClock()
    await clock.heed(httpx.Response(200))
    await clock.heed(httpx.Response(200, headers={"date": f"? {text}"}))
    assert clock.latest is None


def test_the_emulator_tells_its_time() -> None:
    """As every server does."""
    now = datetime(2026, 1, 10, 12, 0, tzinfo=UTC) + timedelta(seconds=7)
    assert (
        Emulator(clock=lambda: now).ask("GET", "users/me").headers["date"] == "Sat, 10 Jan 2026 12:00:07 GMT"
    )
