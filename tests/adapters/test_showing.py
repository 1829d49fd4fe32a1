"""The logs whose page a log of the same content may take over: the likeliest first, and never many."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sync.files import Stamp
from sync.names import Digest, LogPath, PageId
from sync.planning.page_state import Synced
from sync.state.records import PageRecord, Standing
from sync.state.store import MOST_SHOWING, Store

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
DIGEST = Digest("0" * 64)


def _record(number: int) -> PageRecord:
    return PageRecord(
        path=LogPath(f"{number:06}.md"),
        page=Synced(PageId(f"page-{number}"), None, None),
        content_hash=DIGEST,
        stamp=Stamp(1, 1, number),
        since=NOW,
    )


def test_of_many_logs_that_say_the_same_few_are_looked_at(tmp_path: Path) -> None:
    """The file itself comes first, then those that are gone, and the work for one log stays the same."""
    records = [_record(number) for number in range(3 * MOST_SHOWING)]
    records[-2] = replace(records[-2], standing=Standing.DEPARTED)
    with Store.open(tmp_path / "state") as store:
        store.save_all(records)

        found = store.showing(DIGEST, records[-1].stamp or Stamp(0, 0, 0))

    assert found[:3] == (records[-1].path, records[-2].path, records[0].path)
    assert len(found) == MOST_SHOWING


def test_a_page_that_was_being_written_is_known_by_its_file(tmp_path: Path) -> None:
    """It vouches for no content; another such page is none of this log."""
    mine, other = (replace(_record(number), content_hash=None) for number in range(2))
    with Store.open(tmp_path / "state") as store:
        store.save_all((mine, other))

        found = store.showing(DIGEST, Stamp(1, 1, 0))

    assert found == (mine.path,)
