"""The breaker: it opens at once, asks ever more rarely, and lets one log try first."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.breaker import Breaker, Closed, FailureCause, Open, failed, permits, with_capped_pause

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
LONGEST = timedelta(minutes=5)


def _failed(
    breaker: Breaker,
    *,
    started: datetime | None = None,
    now: datetime = NOW,
    access: bool = False,
    jitter: float = 1.0,
) -> Open:
    cause = FailureCause(needs_a_person=access, what="Denied" if access else "Down", hint="Wait")
    return failed(breaker, cause, started=started or now, now=now, jitter=jitter)


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


@given(hours=st.floats(-1e5, 1e5), jitter=st.floats(0, 1))
def test_a_clock_that_was_set_lengthens_no_pause(hours: float, jitter: float) -> None:
    """Whenever it was opened, it lets one through within five minutes, and no later than it would have."""
    breaker = _failed(Closed(), jitter=jitter)
    now = NOW + timedelta(hours=hours)
    shorter = with_capped_pause(breaker, now=now)
    assert shorter.until <= min(breaker.until, now + LONGEST)
    assert shorter.since <= now


@pytest.mark.parametrize("access", [True, False])
def test_a_day_without_notion_costs_few_requests(access: bool) -> None:
    """At most one attempt in two and a half minutes once the outage lasts: under 600 a day."""
    breaker = _failed(Closed(), access=access, jitter=0.0)
    attempts = 1
    while breaker.until < NOW + timedelta(days=1):
        breaker = _failed(breaker, now=breaker.until, access=access, jitter=0.0)
        attempts += 1
    assert attempts < 600


@given(seconds=st.lists(st.floats(0, 120), max_size=30), jitter=st.floats(0, 1))
def test_what_was_under_way_when_it_opened_counts_as_one(seconds: list[float], jitter: float) -> None:
    """However many fail of those that had left before, and however late, the pause stays the first one."""
    first = _failed(Closed(), jitter=jitter)
    breaker = first
    for late in seconds:
        breaker = _failed(breaker, started=NOW, now=NOW + timedelta(seconds=late), jitter=jitter)
    assert breaker == first


def test_trouble_that_needs_a_person_is_told_at_once() -> None:
    """Met by what was under way, it takes the place of an outage that ends by itself, and not the reverse."""
    denied = _failed(_failed(Closed()), started=NOW, access=True)
    assert (denied.cause.what, denied.failures) == ("Denied", 1)
    assert denied.until - NOW == timedelta(seconds=30)
    assert _failed(denied, started=NOW) == denied
