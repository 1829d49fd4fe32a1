"""What follows from each class of failure."""

from datetime import UTC, datetime, timedelta
from typing import assert_never

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import (
    AccessLost,
    AlreadyRunning,
    Ambiguous,
    Conflict,
    LogUnreadable,
    PageGone,
    Rejected,
    StateUnusable,
    SyncError,
    Transient,
)
from sync.policy import LONGEST_BACKOFF, Decision, Quarantine, RetryAt, Stop, decide

NOW = datetime(2026, 1, 10, 14, 30, tzinfo=UTC)
PASSING = (Transient("x"), Ambiguous("x"), Conflict("x"), PageGone("x"), LogUnreadable("x"))


def _verdict(error: Exception, attempts: int = 0, jitter: float = 1.0) -> Decision:
    return decide(error, attempts, now=NOW, jitter=jitter)


def _wait(verdict: Decision) -> timedelta:
    match verdict:
        case RetryAt(when):
            return when - NOW
        case Quarantine() | Stop():
            pytest.fail(f"not to be retried: {verdict}")
        case _:
            assert_never(verdict)


@given(st.integers(0, 10**6))
def test_retry_after_is_kept_to_the_second(seconds: int) -> None:
    """What Notion asks for is what is waited, no second less, whatever the attempt."""
    asked = timedelta(seconds=seconds)
    assert _verdict(Transient("busy", retry_after=asked), attempts=3, jitter=0.0) == RetryAt(NOW + asked)


@given(st.sampled_from(PASSING), st.integers(1, 10**6), st.floats(0, 1))
def test_waits_double_up_to_five_minutes(error: SyncError, attempts: int, jitter: float) -> None:
    """A passing failure is retried for ever, at random within a bound that doubles and then stays."""
    bound = min(timedelta(seconds=2 ** min(attempts, 20)), LONGEST_BACKOFF)
    assert timedelta(0) <= _wait(_verdict(error, attempts, jitter)) <= bound
    assert _wait(_verdict(error, attempts, 1.0)) == bound


def test_a_doubtful_write_is_looked_up_at_once() -> None:
    """After a lost answer nothing is waited for here: the look-up knows when the write has settled."""
    assert _verdict(Ambiguous("lost")) == RetryAt(NOW)


def test_refused_content_is_quarantined() -> None:
    """What cannot go in as it is waits for a change of the file, with the reason and the hint."""
    assert _verdict(Rejected("too large", "shorten it")) == Quarantine("too large", "shorten it")


@pytest.mark.parametrize("kind", [AccessLost, StateUnusable, AlreadyRunning])
def test_a_set_up_failure_stops_everything(kind: type[SyncError]) -> None:
    """What no path can get past pauses all of them."""
    assert _verdict(kind("no access", "share it")) == Stop("no access", "share it")


@pytest.mark.parametrize("error", [ValueError("odd"), KeyError("x"), RecursionError(), SyncError("new kind")])
def test_a_fault_of_ours_takes_out_one_path(error: Exception) -> None:
    """What nobody foresaw quarantines its path and names the error; the rest goes on."""
    verdict = _verdict(error)
    assert isinstance(verdict, Quarantine)
    assert str(error) in verdict.reason
