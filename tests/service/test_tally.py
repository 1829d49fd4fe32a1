"""What a backfill counts, and when it stops waiting for a log."""

from datetime import UTC, datetime, timedelta

import pytest

from daemon.backfill.tally import PATIENCE_WITH_NOTION, Tally
from daemon.job import Job
from daemon.watching.compare import Judgement
from sync.errors import Ambiguous, Conflict, LogUnreadable, SyncError, Transient
from sync.names import LogPath
from sync.notion.limiter import Lane

PATH = LogPath("a.md")
LATER = datetime(2026, 1, 10, tzinfo=UTC) + timedelta(minutes=1)


def tally_after(error: SyncError, attempts: int) -> Tally:
    """Return the tally of a backfill of one log that has failed so often."""
    tally = Tally()
    tally.add([(PATH, Judgement.DIFFERS)])
    for number in range(attempts):
        tally.note(Job(PATH, Lane.BACKFILL, error, LATER, number, 0.1))
    return tally


@pytest.mark.parametrize("kind", [Ambiguous, Conflict])
def test_a_log_that_notion_never_takes_ends_as_failed(kind: type[SyncError]) -> None:
    """A page at which Notion fails again and again does not keep a backfill from its end."""
    assert tally_after(kind("Notion failed"), PATIENCE_WITH_NOTION - 1).open == 1
    tally = tally_after(kind("Notion failed"), PATIENCE_WITH_NOTION)
    assert tally.open == 0
    summary = tally.summary(unread=(), stopped=False, requests=0, seconds=0)
    assert summary.failed == 1
    assert not summary.in_step


def test_an_outage_is_not_counted_against_a_log() -> None:
    """While Notion is out of reach the logs wait, however often one of them is tried."""
    assert tally_after(Transient("Notion is away"), 100).open == 1


def test_a_file_that_cannot_be_read_is_given_up_soon() -> None:
    """A log that fails for a reason of its own ends the waiting after a few attempts."""
    tally = tally_after(LogUnreadable("no permission"), 3)
    assert tally.summary(unread=(), stopped=False, requests=0, seconds=0).failed == 1
