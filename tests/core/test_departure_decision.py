"""When the page of a log that is gone goes too, and when it must not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.departure_decision import (
    GRACE,
    Circumstances,
    Depart,
    MaxDeletes,
    OnFileDeleted,
    Wait,
    decide_departure,
)

NOW = datetime(2026, 1, 10, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=1)


def case(
    *, since: datetime = LONG_AGO, leaving: int = 1, allowed: int = 10, any_left: bool = True
) -> Circumstances:
    """Return circumstances in which nothing speaks against a departure, but for what is given."""
    return Circumstances(gone_since=since, leaving=leaving, allowed=allowed, any_log_left=any_left)


@pytest.mark.parametrize("way", list(OnFileDeleted))
def test_a_log_that_stays_away_departs_as_the_settings_say(way: OnFileDeleted) -> None:
    """Whatever the setting, it is what happens when nothing speaks against it."""
    assert decide_departure(case(), way=way, now=NOW) == Depart(way)


@given(st.integers(0, int(GRACE.total_seconds() * 1000) - 1))
def test_a_moments_absence_is_none(milliseconds: int) -> None:
    """A file that is moved about or saved anew keeps its page: the decision waits for the grace."""
    since = NOW - timedelta(milliseconds=milliseconds)

    assert decide_departure(case(since=since), way=OnFileDeleted.TRASH, now=NOW) == Wait(since + GRACE, "")


@given(st.integers(1, 10_000), st.integers(0, 10_000))
def test_no_more_are_trashed_at_once_than_allowed(leaving: int, allowed: int) -> None:
    """Above the guard nothing is trashed, and the reason and the way out are said."""
    verdict = decide_departure(case(leaving=leaving, allowed=allowed), way=OnFileDeleted.TRASH, now=NOW)

    if leaving <= allowed:
        assert verdict == Depart(OnFileDeleted.TRASH)
    else:
        assert isinstance(verdict, Wait)
        assert str(leaving) in verdict.what
        assert f"AI_TRACES_MAX_DELETES={leaving}" in verdict.hint


def test_one_log_is_told_as_one() -> None:
    """Where none may be trashed, a single departure is held back, too, and told in the singular."""
    verdict = decide_departure(case(leaving=1, allowed=0), way=OnFileDeleted.TRASH, now=NOW)

    assert isinstance(verdict, Wait)
    assert verdict.what.startswith("1 log is gone, more than the 0 ")


def test_an_empty_directory_trashes_nothing() -> None:
    """A mount point without its mount looks empty: no page goes for it, however few there are."""
    verdict = decide_departure(case(any_left=False), way=OnFileDeleted.TRASH, now=NOW)

    assert isinstance(verdict, Wait)
    assert "not mounted" in verdict.what


@given(st.integers(0, 1_000), st.integers(0, 100), st.integers(0, 100_000))
def test_the_guard_is_whichever_is_more(pages: int, percent: int, known: int) -> None:
    """So many pages or so many percent of those known, whichever is more."""
    guard = MaxDeletes(pages, percent)

    assert guard.allowed(of=known) == max(pages, known * percent // 100)
