"""Values in the state that nobody wrote: a flipped bit that the database itself does not notice."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daemon.remembered_author import remembered_author
from sync.errors import StateDamaged
from sync.names import LogPath
from sync.state.backlog import Backlog
from sync.state.facts import (
    remembered_addition,
    remembered_advice,
    remembered_hosts,
    remembered_place,
    remembered_property_ids,
)
from sync.state.local_clock import LocalClock
from sync.state.savings import savings_since
from sync.state.store import Store
from tests.worlds.page_records import record_of

NOW = datetime(2026, 1, 10, tzinfo=UTC)
NO_TEXT = "CAST(x'ff41fe' AS TEXT)"


@pytest.mark.parametrize(
    "value",
    [
        f"url = {NO_TEXT}",
        f"path = {NO_TEXT}",
        "standing = 'tracjed'",
        "since = 1e300",
        "since = 'soon'",
        "synced_at = x'00'",
        "settles_at = x'00'",
        "outline = x'789c0000'",
        "outline = 'text'",
    ],
)
def test_a_row_that_makes_no_sense_is_damage(tmp_path: Path, value: str) -> None:
    """It is told as damage, which begins the state anew, and never as a defect."""
    with Store.open(tmp_path) as store:
        store.save(record_of("a.md"))
        store.connection.execute(f"UPDATE pages SET {value}")  # noqa: S608 - our own words
        with pytest.raises(StateDamaged) as damage:
            _read_all(store)
    assert "anew" in damage.value.hint


@pytest.mark.parametrize("value", [f"what = {NO_TEXT}", "since = 'soon'", "due_at = x'00'"])
def test_work_that_makes_no_sense_is_damage(tmp_path: Path, value: str) -> None:
    """The list of what is to be done is read no less carefully."""
    with Store.open(tmp_path) as store:
        backlog = Backlog(store)
        backlog.note([LogPath("a.md")], lane=0, now=NOW)
        store.connection.execute(f"UPDATE pending SET {value}")  # noqa: S608 - our own words
        with pytest.raises(StateDamaged):
            (backlog.due(now=NOW, limit=9, working=frozenset()), backlog.next_due(working=frozenset()))


@pytest.mark.parametrize(
    ("name", "value", "remembered"),
    [
        ("advice", "[[", remembered_advice),
        ("advice", "[[1]]", remembered_advice),
        ("fleet", "two", remembered_hosts),
        ("place", "{", remembered_place),
        ("property_ids", '{"NONE": "x"}', remembered_property_ids),
        ("savings", "[", lambda store: savings_since(store, 0)),
        ("clock", "noon", lambda store: LocalClock(store, timedelta(), NOW).heed(NOW)),
        ("author", "{", lambda store: remembered_author(store, mark="")),
        ("author", '{"mark": ""}', lambda store: remembered_author(store, mark="")),
        ("addition", "noon", remembered_addition),
    ],
)
def test_a_fact_that_makes_no_sense_is_damage(
    tmp_path: Path, name: str, value: str, remembered: Callable[[Store], object]
) -> None:
    """Neither is any of the single facts."""
    with Store.open(tmp_path) as store:
        store.remember(name, value)
        with pytest.raises(StateDamaged):
            remembered(store)


def _read_all(store: Store) -> object:
    ((path,),) = store.select("SELECT path FROM pages")
    store.count_by_standing()
    return store.known(), store.page(LogPath(path)), store.last_sync()
