"""A folder of logs that this user may not look into: nobody is told that all is in step, and no page goes."""

import asyncio
import os
from collections.abc import Iterator

import pytest

from daemon.backfill.handover import hand_over
from daemon.backfill.rehearsal import rehearse
from daemon.backfill.tally import Tally
from daemon.verification.differences import differences
from daemon.verification.repair import put_on_list
from sync.state.store import Store
from tests.worlds.place import Place

_NOBODY = 65534
CLOSED = "closed/a.md"


@pytest.fixture
async def closing(place: Place) -> Place:
    """Thirty-one logs in step, one of them in a folder that can be closed, and no root's power to look in."""
    place.write(CLOSED, "# Execution Log: T-closed\n")
    assert (await place.run()).in_step
    return place


@pytest.fixture
def closed(closing: Place) -> Iterator[Place]:
    """The same, with that folder closed."""
    root = os.geteuid() == 0
    if root:
        for each in (closing.directory, *closing.directory.rglob("*")):
            os.chown(each, _NOBODY, _NOBODY)
        os.seteuid(_NOBODY)
    folder = closing.directory / "logs" / "closed"
    folder.chmod(0)
    try:
        yield closing
    finally:
        folder.chmod(0o700)
        if root:
            os.seteuid(0)


async def test_a_backfill_does_not_say_that_all_is_in_step(closed: Place) -> None:
    """It counts what it could not look into, and keeps the page that is in there."""
    summary = await closed.run()
    assert (summary.unchanged, summary.unseen, summary.in_step) == (30, 1, False)
    assert not any(page["in_trash"] for page in closed.notion.dump())


@pytest.mark.parametrize(("typed", "unseen"), [("closed", 1), (CLOSED, 1), ("03.md", 0)])
async def test_only_what_was_asked_for_is_missed(closed: Place, typed: str, unseen: int) -> None:
    """A closed folder does not matter to a log that lies elsewhere."""
    summary = await closed.run(typed)
    assert (summary.unseen, summary.in_step) == (unseen, not unseen)


async def test_a_handed_over_backfill_does_not_say_so_either(closed: Place) -> None:
    """Beside a daemon it is the same look at the files."""
    with Store.open(closed.settings.state_dir) as store:
        summary = await hand_over(
            closed.settings, store, Tally(), (), stop=asyncio.Event(), show=closed.shown.append
        )
    assert summary is not None
    assert (summary.unseen, summary.in_step) == (1, False)


async def test_a_rehearsal_names_it(closed: Place) -> None:
    """With the reason."""
    async with closed.session(Tally(), on_a_copy=True) as session:
        (told,) = rehearse(session, [])
    assert (told.path, told.intent, told.detail) == ("closed", "cannot be read", "permission denied")


async def test_verify_takes_no_log_in_there_for_gone(closed: Place) -> None:
    """It is named as not seen, the copies are not called in step, and a repair leaves its page alone."""
    async with closed.session(Tally()) as session:
        found = await differences(session, deep=True)
        assert (found.unseen, found.orphaned, found.in_step) == (("closed",), (), False)
        assert found.as_json()["unseen"] == ["closed"]
        assert put_on_list(session.store, found) == ()


async def test_verify_takes_no_log_that_cannot_be_read_for_gone(closed: Place) -> None:
    """It has changed and nobody can say how: its page is stale, and nobody hears that a repair trashes it."""
    log = closed.directory / "logs" / "03.md"
    log.write_text("# Execution Log: T-changed\n", encoding="utf-8")
    log.chmod(0)
    async with closed.session(Tally()) as session:
        found = await differences(session, deep=True)
    assert (found.stale, found.orphaned) == (("03.md",), ())
