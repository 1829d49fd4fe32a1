"""The breaker: it opens at once, asks ever more rarely, and lets one log try first."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.breaker import Breaker, Closed, Open, failed, permits

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
LONGEST = timedelta(minutes=5)


def _failed(breaker: Breaker, *, now: datetime = NOW, access: bool = False, jitter: float = 1.0) -> Open:
    return failed(breaker, access=access, what="Down", hint="Wait", now=now, jitter=jitter)


def test_a_closed_breaker_lets_all_through() -> None:
    """Nothing is held back while Notion answers."""
    assert permits(Closed(), now=NOW, most=16) == 16


def test_an_open_breaker_lets_none_through_and_then_one() -> None:
    """Nothing until its time, then a single log to see; never a crowd."""
    breaker = _failed(Closed())
    assert permits(breaker, now=breaker.until - timedelta(microseconds=1), most=16) == 0
    assert permits(breaker, now=breaker.until, most=16) == 1


@given(count=st.integers(1, 40), access=st.booleans(), jitter=st.floats(0, 1))
def test_pauses_grow_to_five_minutes_and_no_further(count: int, access: bool, jitter: float) -> None:
    """Each pause is at least half of twice the one before, none is over five minutes, none is zero."""
    breaker: Breaker = Closed()
    now = NOW
    for number in range(count):
        breaker = _failed(breaker, now=now, access=access, jitter=jitter)
        pause = breaker.until - now
        full = min(timedelta(seconds=30 if access else 1) * 2**number, LONGEST)
        assert full / 2 <= pause <= full
        now = breaker.until
    assert isinstance(breaker, Open)
    assert (breaker.failures, breaker.since) == (count, NOW)


@pytest.mark.parametrize("access", [True, False])
def test_a_day_without_notion_costs_few_requests(access: bool) -> None:
    """At most one attempt in two and a half minutes once the outage lasts: under 600 a day."""
    breaker = _failed(Closed(), access=access, jitter=0.0)
    attempts = 1
    while breaker.until < NOW + timedelta(days=1):
        breaker = _failed(breaker, now=breaker.until, access=access, jitter=0.0)
        attempts += 1
    assert attempts < 600
