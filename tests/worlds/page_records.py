"""Make records of pages."""

from datetime import UTC, datetime

from sync.names import LogPath
from sync.planning.page_state import Absent, PageState
from sync.state.records import PageRecord

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)


def record_of(path: str, page: PageState | None = None) -> PageRecord:
    """Return the record of a log with the given page, or without a page."""
    return PageRecord(path=LogPath(path), page=page or Absent(), since=NOW)
