"""What `backfill --dry-run` says is what the backfill does: also of logs that are gone, renamed or closed."""

import os
import shutil
from collections.abc import Iterator

import pytest

from daemon.backfill.rehearsal import Rehearsal, rehearse
from daemon.backfill.tally import Tally
from tests.worlds.place import Place

_NOBODY = 65534


async def _rehearsed(place: Place) -> dict[str, Rehearsal]:
    async with place.session(Tally(), on_a_copy=True) as session:
        found = list(rehearse(session, []))
    told: dict[str, Rehearsal] = {each.path: each for each in found}
    assert len(told) == len(found)
    return told


def _trashed(place: Place) -> int:
    return sum(page["in_trash"] for page in place.notion.dump())


@pytest.mark.parametrize(("way", "requests"), [("trash", 1), ("keep", 0), ("mark", 1)])
async def test_a_log_that_is_gone_is_told(place: Place, way: str, requests: int) -> None:
    """It goes the way that the settings say, and the backfill does just that."""
    await place.run()
    place.changed["AI_TRACES_ON_FILE_DELETED"] = way
    (place.directory / "logs" / "07.md").unlink()
    told = await _rehearsed(place)
    assert {path: (each.intent, each.requests) for path, each in told.items()} == {"07.md": (way, requests)}
    await place.run()
    assert len(place.notion.journal.writes()) == requests
    assert _trashed(place) == (way == "trash")
    assert await _rehearsed(place) == {}


async def test_what_is_held_back_is_told_with_the_reason(place: Place) -> None:
    """More departures than may be at once need a person, in the rehearsal as in the backfill."""
    await place.run()
    place.changed["AI_TRACES_MAX_DELETES"] = "1"
    for name in ("07.md", "08.md"):
        (place.directory / "logs" / name).unlink()
    told = await _rehearsed(place)
    assert {path: each.intent for path, each in told.items()} == {"07.md": "hold back", "08.md": "hold back"}
    assert "2 logs are gone at once" in told["07.md"].detail
    assert (await place.run()).failed == 2
    assert _trashed(place) == 0


async def test_a_renamed_log_keeps_its_page(place: Place) -> None:
    """It is told as one renaming: no page is made, none is trashed."""
    await place.run()
    (place.directory / "logs" / "07.md").rename(place.directory / "logs" / "seven.md")
    told = await _rehearsed(place)
    assert {path: each.intent for path, each in told.items()} == {"seven.md": "rename"}
    await place.run()
    assert len(place.notion.journal.writes()) == told["seven.md"].requests
    assert len(place.notion.dump()) == 30
    assert _trashed(place) == 0


async def test_pages_that_were_only_found_go_nowhere(place: Place) -> None:
    """After a loss of the state a page without its log may be another machine's: it is left alone."""
    await place.run()
    (place.directory / "logs" / "07.md").unlink()
    shutil.rmtree(place.directory / "state")
    async with place.session(Tally(), on_a_copy=True) as session:
        await session.connect()
        told = {each.path for each in rehearse(session, [])}
    assert "07.md" not in told
    await place.run()
    assert _trashed(place) == 0


@pytest.fixture
def place_of_an_ordinary_user(place: Place) -> Iterator[Place]:
    """The same, without root's power to read everything."""
    if os.geteuid() != 0:
        yield place
        return
    for each in (place.directory, *place.directory.rglob("*")):
        os.chown(each, _NOBODY, _NOBODY)
    os.seteuid(_NOBODY)
    try:
        yield place
    finally:
        os.seteuid(0)


async def test_a_log_that_may_not_be_read_is_a_row(place_of_an_ordinary_user: Place) -> None:
    """It does not keep the others from being told."""
    place = place_of_an_ordinary_user
    place.write("closed.md", "# Execution Log: closed\n")
    (place.directory / "logs" / "closed.md").chmod(0)
    told = await _rehearsed(place)
    assert (told["closed.md"].intent, told["closed.md"].requests) == ("cannot be read", 0)
    assert "permission" in told["closed.md"].detail
    assert len(told) == 31
