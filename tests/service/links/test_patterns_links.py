"""The page of a log leads to the hand-off that tells of its pattern."""

import asyncio

import pytest

from daemon.backfill.tally import Tally
from daemon.patterns.linking import Linked
from daemon.presence.lock import StateLock
from sync.errors import Ambiguous, Transient
from sync.notion.emulator import Fault, FaultKind
from tests.worlds.link_desk import FEED, Killed, LinkDesk


async def test_each_trace_leads_to_its_pattern(desk: LinkDesk) -> None:
    """By id and name; a log without a pattern says nothing; all copies are in step afterwards."""
    published = await desk.publish()
    assert published.linked == Linked(done=4, listed=0, by_daemon=False)
    assert set(desk.said) == {f"exceptions/2026-01-0{day}-feed.md" for day in range(1, 5)}
    (told,) = set(desk.said.values())
    assert told.startswith("P-")
    assert told.endswith("· The supplier feed timed out while the catalogue was fetched")
    assert desk.addresses() == {published.address}
    assert await desk.in_step()


async def test_it_costs_a_look_and_a_write_for_each_page_and_nothing_on_a_repeat(desk: LinkDesk) -> None:
    """The look is the one that every write waits for, as our own edit would hide a person's."""
    await desk.publish()
    ids = {desk.page(day)["id"] for day in range(1, 5)}
    of_pages = [entry for entry in desk.place.notion.journal if entry.path.rsplit("/", 1)[-1] in ids]
    assert sorted(entry.method for entry in of_pages) == ["GET"] * 4 + ["PATCH"] * 4
    desk.place.notion.journal.clear()
    assert (await desk.publish()).linked == Linked(done=0, listed=0, by_daemon=False)
    assert desk.writes_to_pages() == []
    assert not [entry for entry in desk.place.notion.journal if entry.path.rsplit("/", 1)[-1] in ids]


async def test_it_outlives_every_later_change_of_the_log(desk: LinkDesk) -> None:
    """The daemon neither overwrites it nor takes it for a person's edit."""
    await desk.publish()
    before = dict(desk.said)
    desk.trouble(2, f"{FEED} Again.")
    summary = await desk.place.run()
    assert (summary.updated, dict(desk.said)) == (1, before)
    assert await desk.drift() == ()
    assert [page["comments"] for page in desk.place.notion.dump() if page["comments"]] == []
    assert await desk.in_step()


async def test_a_log_that_leaves_its_pattern_loses_its_link(desk: LinkDesk) -> None:
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


async def test_a_newer_hand_off_is_where_the_link_leads(desk: LinkDesk) -> None:
    """What was decided last is what a reader wants to see."""
    old = await desk.publish()
    desk.trouble(9)
    await desk.place.run()
    new = await desk.publish()
    assert new.address != old.address
    assert desk.addresses() == {new.address}


async def test_what_a_person_did_on_the_page_is_not_hidden(desk: LinkDesk) -> None:
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


async def test_our_own_old_link_is_never_saved_as_a_persons_words(desk: LinkDesk) -> None:
    """Where she has been at a page whose pattern has changed, only what is hers is saved."""
    await desk.publish()
    desk.trouble(1, "Nobody was told that the cellar of the old town hall had been flooded.")
    block = next(block for block in desk.page(1)["blocks"] if "Unknown" in block["text"])
    desk.place.notion.human.edit_block(block["id"], "It was the switch.")
    await desk.publish()
    assert "Patterns" not in " ".join(desk.page(1)["comments"])
    assert not desk.page(1)["properties"]["Patterns"]


async def test_a_running_daemon_does_it(desk: LinkDesk) -> None:
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
async def test_a_death_at_any_request_is_made_good_by_a_rerun(desk: LinkDesk, *, arrives: bool) -> None:
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
async def test_what_notion_does_not_take_now_is_left_on_the_list(desk: LinkDesk, kind: FaultKind) -> None:
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
