"""What Jen does between two checks, and a change of the log follows at once: it is found all the same."""

import itertools

import httpx
import pytest

from sync.comparison import drift
from sync.convergence.saved_words import saved
from sync.notion.emulator import Fault, FaultKind
from sync.notion.limiter import Lane
from sync.state.records import Standing
from sync.verdict import Verdict
from tests.worlds.hers import HERS, PATH
from tests.worlds.world import World

LOG = """# Execution Log: T-1

**RISK:** low

One.

Two.

- a
  - a1
  - a2
- b

| h | i |
|---|---|
| 1 | 2 |
"""
CHANGES = {
    "a paragraph": ("One.", "One, changed."),
    "a nested item": ("a2", "a2, changed"),
    "a cell": ("| 1 | 2 |", "| 1 | 3 |"),
    "a property": ("RISK:** low", "RISK:** high"),
    "an appended line": ("| 1 | 2 |", "| 1 | 2 |\n\nMore."),
    "a removed paragraph": ("One.\n\n", ""),
}


def _comments(world: World) -> str:
    return "\n".join(world.page(PATH)["comments"]) + "\n".join(
        "".join(item["plain_text"] for item in said.text) for said in world.notion.workspace.comments.values()
    )


async def _looked_after(world: World) -> None:
    """Let the next drift check come, and do what it finds."""
    world.clock.advance(600)
    await drift.check(world.gateway, world.store, world.backlog, host=world.rules.host, now=world.clock)
    await world.rest()


@pytest.fixture
async def begun(world: World) -> World:
    """A world whose drift checks have begun, and whose log is in step."""
    await world.sync(PATH, LOG)
    world.clock.advance(120)
    return world


@pytest.mark.parametrize("hers", ["Two.", "a1", "b", "1\t2"])
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("edits_before", [0, 1])
async def test_an_edit_is_found_though_the_log_changed_since(
    begun: World, hers: str, change: str, edits_before: int
) -> None:
    """Whatever the log changes: after the next check the page is the log, and her words are saved."""
    text = LOG
    for number in range(edits_before):
        text = text.replace("One.", f"One, {number}.\n\nOne.")
        await begun.sync(PATH, text)
        begun.clock.advance(120)
    begun.notion.human.edit_block(begun.ids(PATH)[hers], HERS)
    begun.clock.advance(60)

    await begun.sync(PATH, text.replace(*CHANGES[change]))
    await _looked_after(begun)

    begun.check(PATH)
    assert HERS in _comments(begun)


@pytest.mark.parametrize("change", CHANGES)
async def test_her_words_in_a_property_are_found_though_the_log_changed_since(
    begun: World, change: str
) -> None:
    """The property says again what the log says; hers is a comment, and nothing of ours is taken for hers."""
    value = {"rich_text": [{"type": "text", "text": {"content": HERS}}]}
    begun.notion.human.set_property(begun.page(PATH)["id"], "Contract Reference", value)
    begun.clock.advance(60)

    await begun.sync(PATH, LOG.replace(*CHANGES[change]))
    await _looked_after(begun)

    assert begun.check(PATH)["properties"]["Contract Reference"] == ""
    assert f"Contract Reference: {HERS}" in _comments(begun)
    assert list(saved(begun.rules.saved_words)) == []


async def test_what_was_ours_in_a_changed_property_is_not_saved_as_hers(begun: World) -> None:
    """She has edited a block; that the log changes its risk, title and tools leaves no words to read."""
    begun.notion.human.edit_block(begun.ids(PATH)["Two."], HERS)
    begun.clock.advance(60)
    changed = LOG.replace("low", "high").replace("T-1", "T-2") + "\n## Tools Used\n\n- git: commit\n- ab: x\n"
    await begun.sync(PATH, changed)
    begun.check(PATH)
    begun.notion.human.edit_block(begun.ids(PATH)["Two."], HERS)
    begun.clock.advance(60)
    await begun.sync(PATH, changed.replace("- ab: x", "- cd: y"))
    begun.check(PATH)
    assert list(saved(begun.rules.saved_words)) == []


@pytest.mark.parametrize("change", CHANGES)
async def test_to_ask_who_was_there_keeps_within_four_requests(begun: World, change: str) -> None:
    """The first change of a log and the second take four requests at most, and the checks find nothing."""
    for text in (LOG.replace(*CHANGES[change]), LOG):
        begun.clock.advance(120)
        begun.forget_requests()
        await begun.sync(PATH, text)
        assert begun.requests <= 4
        begun.check(PATH)
    await _looked_after(begun)
    begun.forget_requests()
    await _looked_after(begun)
    assert (begun.requests, begun.writes) == (1, 0)


async def test_an_append_takes_three(begun: World) -> None:
    """Once the page is known, a line more costs the question, the line and the hash; for hours."""
    text = LOG
    for number in range(20):
        text += f"\nLine {number}.\n"
        begun.clock.advance(30)
        begun.forget_requests()
        await begun.sync(PATH, text)
        assert begun.requests <= (3 if number else 4)
    begun.check(PATH)


async def test_hers_alone_on_the_page_costs_one_look(begun: World) -> None:
    """Her own block makes the next change read the page back; the changes after that cost what they did."""
    hers = begun.notion.human.add_block(begun.page(PATH)["id"], HERS)
    begun.clock.advance(60)
    await begun.sync(PATH, LOG.replace("One.", "Uno."))
    assert hers in {block["id"] for block in begun.check(PATH)["blocks"]}
    begun.clock.advance(120)
    begun.forget_requests()
    await begun.sync(PATH, LOG)
    assert begun.requests <= 4


async def test_a_page_in_the_trash_is_noticed_before_a_write(begun: World) -> None:
    """The question finds it there: nothing is sent that Notion would refuse."""
    begun.notion.human.trash_page(begun.page(PATH)["id"])
    begun.forget_requests()
    assert await begun.sync(PATH, LOG.replace("One.", "Uno.")) == [Verdict.TRASHED]
    assert begun.writes == 0
    assert {entry.status for entry in begun.notion.journal} == {200}


async def test_an_edit_before_the_trash_is_found_when_the_page_is_back(begun: World) -> None:
    """To bring a page back is a write of ours, so that it is read back whoever was there last."""
    page = begun.page(PATH)["id"]
    begun.notion.human.edit_block(begun.ids(PATH)["a1"], HERS)
    begun.notion.human.trash_page(page)
    begun.clock.advance(60)
    await begun.sync(PATH, LOG.replace("One.", "Uno."))
    assert begun.record(PATH).standing is Standing.TRASHED
    begun.notion.human.restore_page(page)
    await _looked_after(begun)
    begun.check(PATH)
    assert HERS in _comments(begun)


@pytest.mark.usefixtures("reporting")
async def test_with_report_an_edit_stays_through_a_change_elsewhere(begun: World) -> None:
    """AI_TRACES_ON_PAGE_EDITED=report: hers stays where it is, and `status` can name the page."""
    begun.notion.human.edit_block(begun.ids(PATH)["a1"], HERS)
    begun.clock.advance(60)
    await begun.sync(PATH, LOG.replace("One.", "Uno."))
    await _looked_after(begun)
    assert {HERS, "Uno."} < begun.ids(PATH).keys()
    assert begun.record(PATH).edited


async def test_a_question_that_was_put_off_survives_a_failure(begun: World) -> None:
    """A change cut short after its first write asks no less than a whole one."""
    begun.notion.human.edit_block(begun.ids(PATH)["a1"], HERS)
    begun.clock.advance(60)
    await begun.gateway.me(lane=Lane.CHECK)
    begun.write(PATH, LOG.replace("| 1 | 2 |", "| 1 | 3 |"))
    begun.event(PATH)
    for requests in range(1, 9):
        if not await begun.die(requests, "after"):
            break
        await begun.start()
    await begun.rest()
    await _looked_after(begun)
    begun.check(PATH)
    assert HERS in _comments(begun)


@pytest.mark.parametrize(("at", "cut_short"), [*itertools.product(range(1, 4), [False, True]), (4, True)])
async def test_an_edit_between_two_writes_of_a_long_page_is_found(
    world: World, at: int, *, cut_short: bool
) -> None:
    """While a page is written, which may take minutes and an outage, she edits what is there already."""
    if cut_short:
        world.notion.faults.add(Fault(kind=FaultKind.REFUSE, method="PATCH", nth=2, count=4))
    to_notion = world.wire.handle_async_request
    requests = itertools.count(1)

    async def with_her(request: httpx.Request) -> httpx.Response:
        answer = await to_notion(request)
        number = next(requests)
        world.clock.advance(30 if number < 3 else 0)
        if number == at:
            world.notion.human.edit_block(world.ids(PATH)["Line 3 of many."], HERS)
        return answer

    world.wire.handle_async_request = with_her  # type: ignore[method-assign]
    await world.sync(PATH, "# Execution Log: T-1\n\n" + "\n\n".join(f"Line {n} of many." for n in range(250)))
    world.wire.handle_async_request = to_notion  # type: ignore[method-assign]
    assert next(requests) > at
    await _looked_after(world)
    world.check(PATH)
    assert HERS in _comments(world)
