"""Links where memory, property or database is another: none is wrong, none is lost, nor is hers."""

import asyncio
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from daemon.backfill.tally import Tally
from daemon.clock import utc_now
from daemon.patterns.linking import Linked
from daemon.presence.lock import StateLock
from sync.comparison import drift
from sync.names import LogPath
from sync.notion.limiter import Lane
from sync.state.state_file import DATABASE_NAME
from sync.state.store import Store
from tests.worlds.link_desk import FEED, LinkDesk
from tests.worlds.place import Place


async def test_lost_memory_costs_no_second_link(desk: LinkDesk) -> None:
    """The pages are found again, and say afterwards what they should."""
    await desk.publish()
    for file in (desk.place.directory / "state").iterdir():
        if file.is_file():
            file.unlink()
    await desk.place.run()
    await desk.publish()
    assert len(desk.said) == 4
    assert len(desk.addresses()) == 1
    assert await desk.in_step()


@pytest.mark.parametrize("kind", ["select", "multi_select", "url", "checkbox"])
async def test_the_property_is_taken_as_it_is(place: Place, kind: str) -> None:
    """It is found under the name that was set and by whatever type it has; never is a page lost over it."""
    (source,) = place.notion.workspace.data_sources
    place.notion.human.add_property(source, "Trouble", kind)
    place.changed["AI_TRACES_PROPERTY_NAMES"] = '{"Patterns": "Trouble"}'
    desk = LinkDesk(place)
    for day in range(1, 5):
        desk.trouble(day)
    await place.run()
    published = await desk.publish()
    assert published.linked == Linked(done=4, listed=0, by_daemon=False)
    said = desk.page(1)["properties"]["Trouble"]
    match kind:
        case "url":
            assert said == published.address
        case "checkbox":
            assert not said
        case _:
            assert "The supplier feed" in str(said)
    assert await desk.in_step()


async def test_without_the_property_nothing_is_written(place: Place) -> None:
    """Where the schema is not ours to change, the pages of logs stay as they are, and that is said."""
    desk = LinkDesk(place)
    for day in range(1, 5):
        desk.trouble(day)
    await place.run()
    place.changed["AI_TRACES_MANAGE_SCHEMA"] = "false"
    place.notion.journal.clear()
    assert (await desk.publish()).linked is None
    assert len(desk.writes_to_pages()) == 1
    assert await desk.in_step()


async def test_a_page_that_is_found_again_is_not_believed_to_lead_anywhere(desk: LinkDesk) -> None:
    """Its content hash vouches for the log; what is to be said of its patterns was settled meanwhile."""
    for file in (desk.place.directory / "state").iterdir():
        if file.is_file():
            file.unlink()
    assert (await desk.publish()).linked == Linked(done=0, listed=0, by_daemon=False)
    await desk.place.run()
    assert len(desk.said) == 4
    desk.place.notion.journal.clear()
    await desk.place.run()
    assert desk.writes_to_pages() == []
    assert await desk.in_step()


async def test_another_database_gets_no_links_into_the_old_one(desk: LinkDesk) -> None:
    """Its pages lead nowhere before a hand-off was published there."""
    await desk.publish()
    other = "0a72e7a691ab4c50b5b9b28cc2f41f3d"
    desk.place.notion.create_database("Second", database_id=other)
    desk.place.changed["NOTION_DATABASE_ID"] = other
    assert (await desk.place.run()).created == 34
    assert len([page for page in desk.place.notion.dump() if page["properties"].get("Patterns")]) == 4


def _saved(desk: LinkDesk) -> str:
    """Return all words that were saved beside the pages."""
    files = (desk.place.directory / "state" / "saved-words").rglob("*")
    return "".join(file.read_text(encoding="utf-8") for file in files if file.is_file())


def _says(words: str) -> dict[str, Any]:
    return {"rich_text": [{"type": "text", "text": {"content": words}}]}


def _lose_memory(desk: LinkDesk) -> None:
    for file in (desk.place.directory / "state").iterdir():
        if file.is_file():
            file.unlink()


@pytest.mark.parametrize("connected", [True, False])
async def test_a_property_that_was_a_persons_is_not_emptied_unseen(
    desk: LinkDesk, *, connected: bool
) -> None:
    """She made it and wrote into it long before the first hand-off: our write saves her words."""
    (source,) = desk.place.notion.workspace.data_sources
    async with desk.place.session(Tally()) as session:
        if connected:
            await session.connect()  # and knows nothing of her property
        desk.place.notion.human.add_property(source, "Patterns", "rich_text")
        for day in range(1, 5):
            desk.place.notion.human.set_property(desk.page(day)["id"], "Patterns", _says(f"Hers {day}"))
        if not connected:
            await session.connect()
        await drift.check(session.gateway, session.store, session.backlog, host="", now=utc_now)
        await session.worker.work(asyncio.Event(), enough=lambda: not session.backlog.count())
        for day in range(1, 5):  # our own edits hide who wrote there
            desk.trouble(day, f"{FEED} Again.")
            path = LogPath(f"exceptions/2026-01-{day:02}-feed.md")
            session.backlog.touch([path], lane=Lane.LIVE, now=utc_now())
        await session.worker.work(asyncio.Event(), enough=lambda: not session.backlog.count())
        with StateLock(desk.place.settings.state_dir):
            await desk.publish()
        desk.trouble(2, f"{FEED} Yet again.")
        await session.worker.work(asyncio.Event(), enough=lambda: not session.backlog.count())
    assert all(f"Hers {day}" in _saved(desk) for day in range(1, 5))
    assert all(said.startswith("P-") for said in desk.said.values())
    assert await desk.in_step()


@pytest.mark.parametrize("elsewhere", [True, False])
async def test_a_property_made_anew_is_filled_again(desk: LinkDesk, *, elsewhere: bool) -> None:
    """Deleted by hand or replaced by another one, it says after the next hand-off what it should."""
    await desk.publish()
    (source,) = desk.place.notion.workspace.data_sources
    if elsewhere:
        desk.place.changed["AI_TRACES_PROPERTY_NAMES"] = '{"Patterns": "Trouble"}'
        desk.place.notion.human.add_property(source, "Trouble", "rich_text")
    else:
        desk.place.notion.human.delete_property(source, "Patterns")
    desk.trouble(2, f"{FEED} Again.")
    await desk.place.run()
    assert (await desk.publish()).linked == Linked(done=4, listed=0, by_daemon=False)
    name = "Trouble" if elsewhere else "Patterns"
    assert len([page for page in desk.place.notion.dump() if page["properties"][name]]) == 4
    assert (await desk.publish()).linked == Linked(done=0, listed=0, by_daemon=False)
    assert await desk.in_step()


async def test_a_link_of_a_lost_memory_goes_when_its_log_has_left(desk: LinkDesk) -> None:
    """What is found on a page stays until the next hand-off; a person's own words there stay for good."""
    other = next(page["id"] for page in desk.place.notion.dump() if page["properties"]["Log Path"] == "03.md")
    await desk.publish()
    desk.place.notion.human.set_property(other, "Patterns", _says("Hers"))
    _lose_memory(desk)
    desk.trouble(1, "Nobody was told that the cellar of the old town hall had been flooded.")
    await desk.place.run()
    assert len(desk.said) == 5
    await desk.publish()
    assert set(desk.said) == {"03.md", *(f"exceptions/2026-01-0{day}-feed.md" for day in (2, 3, 4))}
    assert _saved(desk) == ""
    assert await desk.in_step()


async def test_an_old_backup_brings_back_no_old_link(desk: LinkDesk) -> None:
    """Neither to a page that was changed since, nor to one whose log has another name since."""
    await desk.publish()
    with Store.open(desk.place.directory / "state") as store, closing(sqlite3.connect(":memory:")) as copy:
        store.connection.backup(copy)
        backup = copy.serialize()
    logs = desk.place.directory / "logs" / "exceptions"
    (logs / "2026-01-02-feed.md").rename(logs / "2026-01-12-feed.md")
    desk.trouble(3, f"{FEED} Again.")
    desk.trouble(9)
    await desk.place.run()
    newest = await desk.publish()
    said = dict(desk.said)

    _lose_memory(desk)
    (desk.place.directory / "state" / DATABASE_NAME).write_bytes(backup)
    await desk.place.run()

    assert (dict(desk.said), desk.addresses()) == (said, {newest.address})
    desk.trouble(12, "Nobody was told that the roof of the barn had been blown away.")
    await desk.place.run()
    await desk.publish()
    assert "exceptions/2026-01-12-feed.md" in said
    assert "exceptions/2026-01-12-feed.md" not in desk.said
    assert await desk.in_step()
