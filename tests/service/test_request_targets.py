"""What is promised in numbers of requests, for whole runs and for large pages."""

import asyncio
from collections.abc import Callable
from math import ceil
from typing import TypeAlias

import pytest

from sync.notion.limiter import Lane
from sync.notion.whoami import Signature
from sync.verdict import Verdict
from tests.worlds.place import Place
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
SECTIONS, PARAGRAPHS = 30, 4
OF_SECTION = PARAGRAPHS + 1
"""Blocks of a section, its heading among them."""

Sections: TypeAlias = list[list[str]]


def _sections() -> Sections:
    """Return 150 blocks."""
    return [
        [f"## Section {number}", *(f"Paragraph {place} of section {number}." for place in range(PARAGRAPHS))]
        for number in range(SECTIONS)
    ]


def _log(sections: Sections) -> str:
    return "\n\n".join(["# Execution Log: T-1", *(block for section in sections for block in section), ""])


@pytest.mark.parametrize("blocks", [1, 99, 100, 101, 200, 201, 450])
async def test_a_new_log_costs_what_the_limit_of_a_hundred_blocks_forces(world: World, blocks: int) -> None:
    """One create up to a hundred blocks; then one for each further hundred."""
    text = "# Execution Log: T-1\n\n" + "".join(f"Paragraph {number}.\n\n" for number in range(blocks))
    assert await world.sync(PATH, text) == [Verdict.CREATED]
    on_page = len(world.check(PATH)["blocks"])
    appends = ceil(on_page / 100) - 1
    assert world.requests == 1 + appends


async def test_a_restart_costs_three_requests(place: Place) -> None:
    """For the database, its schema and the newest pages; whom the token acts as was asked before."""
    await place.run()
    await place.run()
    assert [entry.is_write for entry in place.notion.journal] == [False] * 3


async def test_another_token_is_asked_whom_it_acts_as(place: Place) -> None:
    """What was remembered of one token is not held of the next."""
    await place.run()
    place.changed["NOTION_TOKEN"] = "ntn_another"
    place.notion.access.token = "ntn_another"
    await place.run()
    assert [entry.path for entry in place.notion.journal].count("/v1/users/me") == 1


async def test_many_who_want_to_know_the_author_ask_once(world: World) -> None:
    """After a start without that knowledge, logs that are worked on side by side share one request for it."""
    signature = Signature(world.calls, None)
    found = await asyncio.gather(*(signature.author(lane=Lane.CHECK) for _ in range(16)))
    assert len(set(found)) == 1
    assert world.requests == 1


@pytest.mark.parametrize("logs", [30, 130])
async def test_pages_are_found_again_a_hundred_at_a_time(place: Place, logs: int) -> None:
    """Without the state, known pages cost a request a hundred and four in all, and no write."""
    for number in range(30, logs):
        place.write(f"{number:03}.md", f"# Execution Log: T-{number}\n\n" + "Text.\n\n" * number * 2)
    await place.run()
    for file in (place.directory / "state").iterdir():
        file.unlink()
    await place.run()
    assert len(place.notion.journal) <= ceil(logs / 100) + 4
    assert place.notion.journal.writes() == []
    assert len(place.keys()) == logs


def _inserted(sections: Sections) -> Sections:
    middle = sections[SECTIONS // 2]
    return [
        *sections[: SECTIONS // 2],
        [*middle[:3], *(f"New line {number}." for number in range(5)), *middle[3:]],
        *sections[SECTIONS // 2 + 1 :],
    ]


def _reordered(sections: Sections) -> Sections:
    return [*sections[:10], sections[11], sections[10], *sections[12:]]


def _deleted(sections: Sections) -> Sections:
    return [*sections[:20], *sections[21:]]


@pytest.mark.parametrize(
    ("change", "new", "gone"),
    [(_inserted, 5, 0), (_reordered, OF_SECTION, OF_SECTION), (_deleted, 0, OF_SECTION)],
    ids=["five lines inserted", "two sections swapped", "a section deleted"],
)
@pytest.mark.parametrize("known", [True, False], ids=["ids known", "ids unknown"])
async def test_a_change_of_a_long_page_costs_its_blocks_and_four(
    world: World, *, change: Callable[[Sections], Sections], new: int, gone: int, known: bool
) -> None:
    """All others stay the same ones, with the comments on them; what goes is looked at for comments first."""
    sections = _sections()
    await world.sync(PATH, _log(sections))
    if known:
        sections[2][1] += " Changed."
        await world.sync(PATH, _log(sections))
    await world.gateway.me(lane=Lane.CHECK)  # asked once in the life of a daemon
    before = world.ids(PATH)
    commented = ("Section 1", "Paragraph 2 of section 15.", f"Section {SECTIONS - 1}")
    for text in commented:
        world.notion.human.comment(before[text], f"On {text}")
    world.forget_requests()
    assert await world.sync(PATH, _log(change(sections))) == [Verdict.UPDATED]
    assert world.requests <= new + gone + gone + 4
    page = world.check(PATH)
    after = world.ids(PATH)
    assert len(before.items() - after.items()) == gone
    assert all(before[text] == after[text] for text in commented)
    assert sorted(page["comments"]) == sorted(f"On {text}" for text in commented)


async def test_an_edit_of_a_line_re_creates_nothing(world: World) -> None:
    """In a page of 150 blocks: at most four requests, at first and later, and each block is the same."""
    sections = _sections()
    await world.sync(PATH, _log(sections))
    await world.gateway.me(lane=Lane.CHECK)
    before = world.ids(PATH)
    for text, block in before.items():
        world.notion.human.comment(block, f"On {text}")
    for section in (15, 15, 0, SECTIONS - 1):
        sections[section][2] += " Changed."
        world.forget_requests()
        await world.sync(PATH, _log(sections))
        assert world.requests <= 4
    page = world.check(PATH)
    assert sorted(before.values()) == sorted(world.ids(PATH).values())
    assert len(page["comments"]) == len(before)
