"""Where the machine is, whatever it is told about that."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from daemon.local_zone import local_zone

MOMENT = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Set TZ, as a person or a container does."""

    def move(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setattr("tzlocal.unix._cache_tz", None)  # what an earlier test asked for
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("zone", ["CET-1CEST,M3.5.0,M10.5.0/3", "Mars/Olympus", ":/etc/passwd", "", "/"])
def test_there_is_always_a_zone(at: Callable[[str], None], zone: str) -> None:
    """A rule, a name that nobody knows or a file that is none: a log still has a time, at most a day off."""
    at(zone)
    offset = MOMENT.astimezone(local_zone()).utcoffset()
    assert offset is not None
    assert abs(offset) < timedelta(days=1)


def test_a_rule_counts(at: Callable[[str], None]) -> None:
    """Where only a rule is given, the hours that it names are believed."""
    at("XYZ-7")
    assert MOMENT.astimezone(local_zone()).utcoffset() == timedelta(hours=7)
