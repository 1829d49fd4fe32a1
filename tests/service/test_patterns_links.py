"""The way back: each trace in a pattern leads to the hand-off that tells of it, for two requests."""

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import httpx
import pytest

from daemon.backfill.tally import Tally
from daemon.clock import utc_now
from daemon.patterns.choice import LastLogs
from daemon.patterns.linking import Linked
from daemon.patterns.logs import window_of
from daemon.patterns.publication import Published, publish
from daemon.presence.lock import StateLock
from daemon.verification.differences import differences
from sync.comparison import drift
from sync.errors import Ambiguous, Transient
from sync.names import LogPath
from sync.notion.emulator import EmulatorTransport, Fault, FaultKind
from sync.notion.limiter import Lane
from sync.patterns.handoff.extraction import extract
from sync.patterns.handoff.handoff import hand_off
from sync.patterns.remembering.memory import Memory
from sync.patterns.remembering.registry import Registry
from sync.state.state_file import DATABASE_NAME
from sync.state.store import Store
from tests.worlds.place import Place

_LOG = (
    "# Exception: feed-{day}\n\n**Timestamp:** 2026-01-{day:02}T10:00:00Z\n**Severity:** error\n\n"
    "## What Happened\n{text}\n\n## Root Cause\nUnknown\n\n## Contract Reference\nNone\n\n"
    "## Proposed Fix\nSet a time limit.\n"
)
_FEED = "The supplier feed timed out while the catalogue was fetched."


class Killed(BaseException):
    """The process is dead."""


class Mortal(httpx.AsyncBaseTransport):
    """Lets so many requests leave, and the process dies with the last: before it arrives, or after."""

    def __init__(self, inner: httpx.AsyncBaseTransport, requests: int, *, arrives: bool) -> None:
        self._inner = inner
        self._left = requests
        self._arrives = arrives

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request, or die."""
        self._left -= 1
        if self._left == 0 and not self._arrives:
            raise Killed
        answer = await self._inner.handle_async_request(request)
        if self._left == 0:
            raise Killed
        return answer


@dataclass(frozen=True, slots=True)
class Desk:
    """Thirty quiet logs, four that tell of the same trouble, and what is done with them."""

    place: Place

    def trouble(self, day: int, text: str = _FEED) -> None:
        """Write the exception of a day."""
        self.place.write(f"exceptions/2026-01-{day:02}-feed.md", _LOG.format(day=day, text=text))

    async def publish(self, *, dies_after: int = 0, arrives: bool = True) -> Published:
        """Publish the hand-off of all logs."""
        settings = self.place.settings
        window = window_of(settings.logs_dir, LastLogs(100), zone=UTC, note=lambda _: None)
        handoff = hand_off(extract(window, Memory()), before=Registry(), again=None, contract=None, top=5)
        wire: httpx.AsyncBaseTransport = EmulatorTransport(self.place.notion)
        wire = Mortal(wire, dies_after, arrives=arrives) if dies_after else wire
        assert settings.notion_token is not None
        return await publish(settings, settings.notion_token, handoff, transport=wire)

    @property
    def said(self) -> Mapping[str, str]:
        """What the property says on each page that has it filled, by log."""
        pages = [page["properties"] for page in self.place.notion.dump() if not page["in_trash"]]
        return {page["Log Path"]: page["Patterns"] for page in pages if page.get("Patterns")}

    def page(self, day: int) -> dict[str, Any]:
        """Return the page of a day's exception."""
        key = f"exceptions/2026-01-{day:02}-feed.md"
        (page,) = [
            page
            for page in self.place.notion.dump()
            if page["properties"]["Log Path"] == key and not page["in_trash"]
        ]
        return page

    def addresses(self) -> set[str]:
        """Return where all links of the property lead."""
        workspace = self.place.notion.workspace
        texts = [value for page in workspace.pages.values() for value in page.values.values()]
        runs = [run for text in texts if isinstance(text, list) for run in text if isinstance(run, dict)]
        links = [(run.get("text") or {}).get("link") for run in runs]
        return {link["url"] for link in links if link}

    async def in_step(self) -> bool:
        """Tell whether all copies agree, read back in full."""
        async with self.place.session(Tally(), on_a_copy=True) as session:
            return (await differences(session, deep=True)).in_step

    async def drift(self) -> tuple[str, ...]:
        """Do what the daemon does every ten minutes; return the logs whose pages are looked at then."""
        async with self.place.session(Tally()) as session:
            await session.connect()
            found = await drift.check(
                session.gateway, session.store, session.backlog, host=self.place.settings.host, now=utc_now
            )
            async with asyncio.timeout(30):
                await session.worker.work(asyncio.Event(), enough=lambda: not session.backlog.count())
            return found

    def writes_to_pages(self) -> list[str]:
        """Return the paths of the writes since the journal was cleared."""
        return [entry.path for entry in self.place.notion.journal.writes()]


@pytest.fixture
async def desk(place: Place) -> Desk:
    """Give a desk whose logs all have their pages."""
    desk = Desk(place)
    for day in range(1, 5):
        desk.trouble(day)
    await place.run()
    place.notion.journal.clear()
    return desk


async def test_each_trace_leads_to_its_pattern(desk: Desk) -> None:
    """By id and name; a log without a pattern says nothing; all copies are in step afterwards."""
    published = await desk.publish()
    assert published.linked == Linked(done=4, listed=0, by_daemon=False)
    assert set(desk.said) == {f"exceptions/2026-01-0{day}-feed.md" for day in range(1, 5)}
    (told,) = set(desk.said.values())
    assert told.startswith("P-")
    assert told.endswith("· The supplier feed timed out while the catalogue was fetched")
    assert desk.addresses() == {published.address}
    assert await desk.in_step()


async def test_it_costs_a_look_and_a_write_for_each_page_and_nothing_on_a_repeat(desk: Desk) -> None:
    """The look is the one that every write waits for, as our own edit would hide a person's."""
    await desk.publish()
    ids = {desk.page(day)["id"] for day in range(1, 5)}
    of_pages = [entry for entry in desk.place.notion.journal if entry.path.rsplit("/", 1)[-1] in ids]
    assert sorted(entry.method for entry in of_pages) == ["GET"] * 4 + ["PATCH"] * 4
    desk.place.notion.journal.clear()
    assert (await desk.publish()).linked == Linked(done=0, listed=0, by_daemon=False)
    assert desk.writes_to_pages() == []
    assert not [entry for entry in desk.place.notion.journal if entry.path.rsplit("/", 1)[-1] in ids]


async def test_it_outlives_every_later_change_of_the_log(desk: Desk) -> None:
    """The daemon neither overwrites it nor takes it for a person's edit."""
    await desk.publish()
    before = dict(desk.said)
    desk.trouble(2, f"{_FEED} Again.")
    summary = await desk.place.run()
    assert (summary.updated, dict(desk.said)) == (1, before)
    assert await desk.drift() == ()
    assert [page["comments"] for page in desk.place.notion.dump() if page["comments"]] == []
    assert await desk.in_step()


async def test_a_log_that_leaves_its_pattern_loses_its_link(desk: Desk) -> None:
    """And a log that joins one gets it, under whatever name it goes by then."""
    await desk.publish()
    logs = desk.place.directory / "logs" / "exceptions"
    desk.trouble(1, "Nobody was told that the cellar of the old town hall had been flooded.")
    (logs / "2026-01-02-feed.md").rename(logs / "2026-01-02-renamed.md")
    desk.trouble(5)
    await desk.place.run()
    assert "exceptions/2026-01-02-renamed.md" in desk.said
    await desk.publish()
    assert set(desk.said) == {
        "exceptions/2026-01-02-renamed.md",
        *(f"exceptions/2026-01-0{day}-feed.md" for day in (3, 4, 5)),
    }
    assert await desk.in_step()


async def test_a_newer_hand_off_is_where_the_link_leads(desk: Desk) -> None:
    """What was decided last is what a reader wants to see."""
    old = await desk.publish()
    desk.trouble(9)
    await desk.place.run()
    new = await desk.publish()
    assert new.address != old.address
    assert desk.addresses() == {new.address}


async def test_what_a_person_did_on_the_page_is_not_hidden(desk: Desk) -> None:
    """Her words are saved before our write, and what she makes of the link is saved and made good."""
    page = desk.page(1)
    block = next(block for block in page["blocks"] if "supplier" in block["text"])
    desk.place.notion.human.edit_block(block["id"], "Ask the supplier, please.")
    await desk.publish()
    assert any("Ask the supplier, please." in said for said in desk.page(1)["comments"])
    told = desk.page(1)["properties"]["Patterns"]
    assert told.startswith("P-")
    desk.place.notion.human.set_property(
        page["id"], "Patterns", {"rich_text": [{"type": "text", "text": {"content": "Not one at all"}}]}
    )
    assert await desk.drift() == ("exceptions/2026-01-01-feed.md",)
    assert desk.page(1)["properties"]["Patterns"] == told
    assert any("Not one at all" in said for said in desk.page(1)["comments"])


async def test_our_own_old_link_is_never_saved_as_a_persons_words(desk: Desk) -> None:
    """Where she has been at a page whose pattern has changed, only what is hers is saved."""
    await desk.publish()
    desk.trouble(1, "Nobody was told that the cellar of the old town hall had been flooded.")
    block = next(block for block in desk.page(1)["blocks"] if "Unknown" in block["text"])
    desk.place.notion.human.edit_block(block["id"], "It was the switch.")
    await desk.publish()
    assert "Patterns" not in " ".join(desk.page(1)["comments"])
    assert not desk.page(1)["properties"]["Patterns"]


async def test_a_running_daemon_does_it(desk: Desk) -> None:
    """The pages of logs have one writer; what it is given outlives its end."""
    with StateLock(desk.place.settings.state_dir):
        published = await desk.publish()
    assert published.linked == Linked(done=0, listed=4, by_daemon=True)
    assert not desk.said
    async with desk.place.session(Tally()) as session:
        await session.connect()
        async with asyncio.timeout(30):
            await session.worker.work(asyncio.Event(), enough=lambda: not session.backlog.count())
    assert len(desk.said) == 4
    assert await desk.in_step()


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_death_at_any_request_is_made_good_by_a_rerun(desk: Desk, *, arrives: bool) -> None:
    """Each time it gets a request further, until nothing is left to do; no page is made twice."""
    await desk.publish()
    for day in (11, 12, 13):
        desk.trouble(day)
    await desk.place.run()
    deaths = 0
    while True:
        try:
            published = await desk.publish(dies_after=deaths + 4, arrives=arrives)
        except Killed:
            deaths += 1
        except (Ambiguous, Transient):
            await asyncio.sleep(0.1)
        else:
            assert published.linked is not None
            if published.linked.listed == 0:
                break
            await asyncio.sleep(0.1)  # until the lost request can no longer be carried out
    assert deaths > 5
    assert len(desk.said) == 7
    assert len(desk.addresses()) == 1
    assert await desk.in_step()


@pytest.mark.parametrize(
    "kind", [FaultKind.REFUSE, FaultKind.ERROR_AFTER, FaultKind.RESET_AFTER, FaultKind.OVERLOAD]
)
async def test_what_notion_does_not_take_now_is_left_on_the_list(desk: Desk, kind: FaultKind) -> None:
    """The hand-off is published all the same, and the daemon brings the pages in step."""
    id_ = desk.page(1)["id"]
    desk.place.notion.faults.add(Fault(kind=kind, method="PATCH", path=f"pages/{id_}$", count=0))
    published = await desk.publish()
    assert published.linked is not None
    assert published.linked.listed >= 1
    desk.place.notion.faults.clear()
    await asyncio.sleep(0.1)  # until the lost request can no longer be carried out
    async with desk.place.session(Tally()) as session:
        await session.connect()
        async with asyncio.timeout(30):
            await session.worker.work(asyncio.Event(), enough=lambda: not session.backlog.count())
    assert len(desk.said) == 4
    assert await desk.in_step()


async def test_lost_memory_costs_no_second_link(desk: Desk) -> None:
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
    desk = Desk(place)
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
    desk = Desk(place)
    for day in range(1, 5):
        desk.trouble(day)
    await place.run()
    place.changed["AI_TRACES_MANAGE_SCHEMA"] = "false"
    place.notion.journal.clear()
    assert (await desk.publish()).linked is None
    assert len(desk.writes_to_pages()) == 1
    assert await desk.in_step()


async def test_a_page_that_is_found_again_is_not_believed_to_lead_anywhere(desk: Desk) -> None:
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


async def test_another_database_gets_no_links_into_the_old_one(desk: Desk) -> None:
    """Its pages lead nowhere before a hand-off was published there."""
    await desk.publish()
    other = "0a72e7a691ab4c50b5b9b28cc2f41f3d"
    desk.place.notion.create_database("Second", database_id=other)
    desk.place.changed["NOTION_DATABASE_ID"] = other
    assert (await desk.place.run()).created == 34
    assert len([page for page in desk.place.notion.dump() if page["properties"].get("Patterns")]) == 4


def _saved(desk: Desk) -> str:
    """Return all words that were saved beside the pages."""
    files = (desk.place.directory / "state" / "saved-words").rglob("*")
    return "".join(file.read_text(encoding="utf-8") for file in files if file.is_file())


def _says(words: str) -> dict[str, Any]:
    return {"rich_text": [{"type": "text", "text": {"content": words}}]}


def _lose_memory(desk: Desk) -> None:
    for file in (desk.place.directory / "state").iterdir():
        if file.is_file():
            file.unlink()


@pytest.mark.parametrize("connected", [True, False])
async def test_a_property_that_was_a_persons_is_not_emptied_unseen(desk: Desk, *, connected: bool) -> None:
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
            desk.trouble(day, f"{_FEED} Again.")
            path = LogPath(f"exceptions/2026-01-{day:02}-feed.md")
            session.backlog.touch([path], lane=Lane.LIVE, now=utc_now())
        await session.worker.work(asyncio.Event(), enough=lambda: not session.backlog.count())
        with StateLock(desk.place.settings.state_dir):
            await desk.publish()
        desk.trouble(2, f"{_FEED} Yet again.")
        await session.worker.work(asyncio.Event(), enough=lambda: not session.backlog.count())
    assert all(f"Hers {day}" in _saved(desk) for day in range(1, 5))
    assert all(said.startswith("P-") for said in desk.said.values())
    assert await desk.in_step()


@pytest.mark.parametrize("elsewhere", [True, False])
async def test_a_property_made_anew_is_filled_again(desk: Desk, *, elsewhere: bool) -> None:
    """Deleted by hand or replaced by another one, it says after the next hand-off what it should."""
    await desk.publish()
    (source,) = desk.place.notion.workspace.data_sources
    if elsewhere:
        desk.place.changed["AI_TRACES_PROPERTY_NAMES"] = '{"Patterns": "Trouble"}'
        desk.place.notion.human.add_property(source, "Trouble", "rich_text")
    else:
        desk.place.notion.human.delete_property(source, "Patterns")
    desk.trouble(2, f"{_FEED} Again.")
    await desk.place.run()
    assert (await desk.publish()).linked == Linked(done=4, listed=0, by_daemon=False)
    name = "Trouble" if elsewhere else "Patterns"
    assert len([page for page in desk.place.notion.dump() if page["properties"][name]]) == 4
    assert (await desk.publish()).linked == Linked(done=0, listed=0, by_daemon=False)
    assert await desk.in_step()


async def test_a_link_of_a_lost_memory_goes_when_its_log_has_left(desk: Desk) -> None:
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


async def test_an_old_backup_brings_back_no_old_link(desk: Desk) -> None:
    """Neither to a page that was changed since, nor to one whose log has another name since."""
    await desk.publish()
    with Store.open(desk.place.directory / "state") as store, closing(sqlite3.connect(":memory:")) as copy:
        store.connection.backup(copy)
        backup = copy.serialize()
    logs = desk.place.directory / "logs" / "exceptions"
    (logs / "2026-01-02-feed.md").rename(logs / "2026-01-12-feed.md")
    desk.trouble(3, f"{_FEED} Again.")
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
