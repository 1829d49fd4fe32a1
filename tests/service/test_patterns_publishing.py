"""A hand-off as a page of AI Traces: exactly one, linked to its logs, and no log's page in anyone's eyes."""

import asyncio
import re
import shutil
from datetime import UTC
from typing import Any

import pytest

from daemon.backfill.tally import Tally
from daemon.patterns.choice import LastLogs
from daemon.patterns.logs import window_of
from daemon.patterns.publication import DIRECTORY, Published, publish
from daemon.verification.differences import differences
from sync.errors import Ambiguous, PageGone, Transient
from sync.notion.emulator import EmulatorTransport, Fault, FaultKind
from sync.patterns.handoff.extraction import extract
from sync.patterns.handoff.handoff import Handoff, hand_off
from sync.patterns.remembering.memory import Memory
from sync.patterns.remembering.registry import Registry
from tests.worlds.place import Place

_FEED = r"The feed timed out while <b>fetching</b> the \*catalogue\* \[now](./x) of `*all*`."


@pytest.fixture
def troubled(place: Place) -> Place:
    """Give thirty quiet logs and four that tell of the same trouble."""
    for day in range(1, 5):
        place.write(
            f"exceptions/2026-01-0{day}-feed.md",
            f"# Exception: feed-{day}\n\n**Timestamp:** 2026-01-0{day}T10:00:00Z\n**Severity:** error\n\n"
            f"## What Happened\n{_FEED}\n\n## Root Cause\nUnknown\n\n## Contract Reference\nNone\n\n"
            "## Proposed Fix\nSet a time limit.\n",
        )
    return place


def _handoff(place: Place) -> Handoff:
    window = window_of(place.settings.logs_dir, LastLogs(50), zone=UTC, note=lambda _: None)
    return hand_off(extract(window, Memory()), before=Registry(), again=None, contract=None, top=5)


async def _publish(place: Place) -> Published:
    token = place.settings.notion_token
    assert token is not None
    transport = EmulatorTransport(place.notion)
    return await publish(place.settings, token, _handoff(place), transport=transport)


def _pages(place: Place) -> list[dict[str, Any]]:
    pages = [page for page in place.notion.dump() if page["properties"]["Type"] == "Handoff"]
    return [page for page in pages if not page["in_trash"]]


def _hrefs(place: Place) -> set[str]:
    """Return the targets of all links on the pages of hand-offs."""
    ids = {page["id"] for page in _pages(place)}
    blocks = [block.content for block in place.notion.workspace.blocks.values() if block.page in ids]
    return set(re.findall(r"https?://[^'\"\s]+", str(blocks)))


async def test_it_is_a_page_of_its_own_type_linked_to_its_logs(troubled: Place) -> None:
    """Its title is the day of its newest log; what a log says is text on it, and no link."""
    await troubled.run()
    published = await _publish(troubled)
    (page,) = _pages(troubled)
    assert published.address
    assert (page["title"], page["icon"]) == ("Hand-off 2026-01-04", "🤝")
    text = "\n".join(block["text"] for block in page["blocks"])
    assert "<b>fetching</b> the *catalogue* [now](./x) of *all*" in text
    logs = {each["id"].replace("-", "") for each in troubled.notion.dump() if "feed" in each["title"]}
    linked = {href.rsplit("/", 1)[-1].replace("-", "")[-32:] for href in _hrefs(troubled)}
    assert len(linked & logs) == 3


async def test_published_again_it_costs_no_write(troubled: Place) -> None:
    """A new log on the same day changes the page; it stays one."""
    await _publish(troubled)
    troubled.notion.journal.clear()
    await _publish(troubled)
    assert troubled.notion.journal.writes() == []
    (before,) = _pages(troubled)
    late = troubled.directory / "logs" / "exceptions" / "2026-01-04-feed.md"
    late.with_name("2026-01-04-again.md").write_text(late.read_text().replace("feed-4", "feed-5"))
    await _publish(troubled)
    (after,) = _pages(troubled)
    assert after["id"] == before["id"]
    assert "5 runs" in "\n".join(block["text"] for block in after["blocks"])


@pytest.mark.parametrize("host", ["", "jens-laptop", "handoff"])
async def test_nobody_takes_it_for_the_page_of_a_log(troubled: Place, host: str) -> None:
    """Neither the audit, nor a daemon that has forgotten everything and looks for pages that are there."""
    troubled.changed["AI_TRACES_HOST"] = host
    await troubled.run()
    await _publish(troubled)
    async with troubled.session(Tally(), on_a_copy=True) as session:
        assert (await differences(session, deep=True)).in_step
    for file in (troubled.directory / "state").iterdir():
        if file.is_file():
            file.unlink()
    await troubled.run()
    async with troubled.session(Tally(), on_a_copy=True) as session:
        assert (await differences(session, deep=False)).in_step
    assert len(_pages(troubled)) == 1


@pytest.mark.parametrize(
    "kind",
    [FaultKind.RESET_AFTER, FaultKind.ERROR_AFTER, FaultKind.RESET_BEFORE, FaultKind.HALF_JSON],
)
async def test_a_lost_answer_makes_no_second_page(troubled: Place, kind: FaultKind) -> None:
    """Published again it is looked for first."""
    troubled.notion.faults.add(Fault(kind=kind, method="POST", path="pages$"))
    for _ in range(50):
        try:
            await _publish(troubled)
            break
        except (Ambiguous, Transient):
            await asyncio.sleep(0.1)
    assert len(_pages(troubled)) == 1


async def test_lost_memory_makes_no_second_page(troubled: Place) -> None:
    """The page is found by its key."""
    await _publish(troubled)
    shutil.rmtree(troubled.directory / "state" / DIRECTORY)
    await _publish(troubled)
    assert len(_pages(troubled)) == 1


async def test_what_jen_moved_to_the_trash_stays_there(troubled: Place) -> None:
    """She is told how to have it back, each time."""
    await _publish(troubled)
    (page,) = _pages(troubled)
    troubled.notion.human.trash_page(page["id"])
    late = troubled.directory / "logs" / "exceptions" / "2026-01-04-feed.md"
    late.with_name("2026-01-04-again.md").write_text(late.read_text().replace("feed-4", "feed-5"))
    for _ in range(2):
        with pytest.raises(PageGone, match="restore it in Notion's trash"):
            await _publish(troubled)
    assert _pages(troubled) == []
