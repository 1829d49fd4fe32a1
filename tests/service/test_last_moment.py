"""What Jen writes into a block of ours in the moment before we change or delete it."""

import itertools
from collections.abc import Callable

import httpx
import pytest

from sync.notion.emulator import Fault, FaultKind
from tests.worlds.hers import HERS, PATH
from tests.worlds.trees import flat
from tests.worlds.world import World

LOG = """# Execution Log: T-1

One.

Two.

- a
  - a1
  - a2
- b

```python
x = 1
```

| h | i |
|---|---|
| 1 | 2 |
| 3 | 4 |
"""

LEAVES = {
    "a paragraph": ("Two.\n\n", "Two."),
    "an item": ("- b\n", "b"),
    "a nested item": ("  - a2\n", "a2"),
    "a row": ("| 3 | 4 |\n", "3\t4"),
    "code": ("```python\nx = 1\n```\n\n", "x = 1"),
}
"""What the log drops, and the text of the block that goes."""

Hand = Callable[[World, str], object]

HANDS: dict[str, Hand] = {
    "edits it": lambda world, block: world.notion.human.edit_block(block, HERS),
    "writes below it": lambda world, block: world.notion.human.add_block(block, HERS),
    "writes a caption": lambda world, block: world.notion.human.caption_block(block, HERS),
}


def _fits(what: str, hand: str) -> bool:
    """Tell whether she can do that there, and it is not another's place."""
    match hand:
        case "writes below it":
            return what in {"a paragraph", "an item", "a nested item"}
        case "writes a caption":
            return what == "code"
        case _:
            return True


def _kept(world: World) -> str:
    """Return all that stands on the page, was said on it, or was saved from it."""
    page = world.page(PATH)
    return "\n".join([
        *(block["text"] for block in flat(page["blocks"])),
        *page["comments"],
        *(str(world.notion.workspace.blocks[block["id"]].content) for block in flat(page["blocks"])),
        world.words_in_files(),
    ])  # fmt: skip


def _before(
    world: World, act: Callable[[], object], *, at: int = 0, method: str = "", seconds: float = 0.0
) -> None:
    """Let her do something once: right before a request by its number, or before the first of a method."""
    onward, numbers, waiting = world.wire.handle_async_request, itertools.count(1), [act]

    async def handle(request: httpx.Request) -> httpx.Response:
        if waiting and (next(numbers) == at or request.method == method):
            waiting.pop()()
        world.clock.advance(seconds)
        return await onward(request)

    world.wire.handle_async_request = handle  # type: ignore[method-assign]


async def _begun(world: World, earlier_changes: int) -> None:
    await world.sync(PATH, LOG)
    for number in range(earlier_changes):
        world.clock.advance(180)
        await world.sync(PATH, LOG.replace("One.", f"One, {number}."))
        world.clock.advance(180)
        await world.sync(PATH, LOG)
    world.clock.advance(180)


@pytest.mark.parametrize(
    ("what", "hand"), [(what, hand) for what in LEAVES for hand in HANDS if _fits(what, hand)]
)
@pytest.mark.parametrize("at", range(1, 7))
@pytest.mark.parametrize("earlier_changes", [0, 1])
async def test_her_words_outlive_the_block_that_goes(
    world: World, what: str, hand: str, at: int, earlier_changes: int
) -> None:
    """Whichever request she comes before: her words are on the page, beside it or saved; then all rests."""
    await _begun(world, earlier_changes)
    dropped, text = LEAVES[what]
    block = world.ids(PATH)[text]
    there = world.notion.workspace.blocks[block]
    acted: list[bool] = []

    def act() -> None:
        if not there.in_trash:
            HANDS[hand](world, block)
            acted.append(True)

    _before(world, act, at=at)
    await world.sync(PATH, LOG.replace(dropped, ""))
    if acted:
        world.clock.advance(600)
        await world.check_drift()
        await world.rest()
        assert HERS in _kept(world)
    assert await world.is_at_rest(PATH)


async def test_what_nobody_touched_is_not_taken_for_hers(world: World) -> None:
    """That a block goes leaves nothing behind, and takes the requests that it took."""
    await _begun(world, 1)
    world.forget_requests()
    for dropped, _ in LEAVES.values():
        await world.sync(PATH, LOG.replace(dropped, ""))
        world.check(PATH)
        await world.sync(PATH, LOG)
        world.check(PATH)
    assert world.words_in_files() == ""
    assert world.page(PATH)["comments"] == []


async def test_a_deletion_whose_answer_says_little_is_one_all_the_same(world: World) -> None:
    """An answer that is a block, and no more, tells nothing of anyone's words."""
    await _begun(world, 1)
    onward = world.wire.handle_async_request

    async def curt(request: httpx.Request) -> httpx.Response:
        answer = await onward(request)
        if request.method != "DELETE":
            return answer
        return httpx.Response(200, headers=_headers(answer), json={"object": "block", "id": "x"})

    world.wire.handle_async_request = curt  # type: ignore[method-assign]
    await world.sync(PATH, LOG.replace("Two.\n\n", ""))
    world.check(PATH)
    assert world.words_in_files() == ""


def _headers(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if not name.startswith("content-")}


@pytest.mark.parametrize("kind", [FaultKind.RATE_LIMITED, FaultKind.ERROR_AFTER, FaultKind.TIMEOUT_AFTER])
async def test_what_is_brought_back_may_take_a_second_attempt(world: World, kind: FaultKind) -> None:
    """What hung below a block that went comes back with it, though the answer to that fails."""
    await _begun(world, 1)
    block = world.ids(PATH)["b"]
    world.notion.faults.add(Fault(kind=kind, method="PATCH", path=f"blocks/{block}$"))
    _before(world, lambda: HANDS["writes below it"](world, block), method="DELETE")
    await world.sync(PATH, LOG.replace("- b\n", ""))
    assert HERS in [each["text"] for each in flat(world.page(PATH)["blocks"])]
    assert await world.is_at_rest(PATH)


async def test_what_cannot_be_brought_back_sets_no_log_aside(world: World) -> None:
    """Notion refuses to take the block out of the trash: what she wrote into it is saved, and all goes on."""
    await _begun(world, 1)
    block = world.ids(PATH)["b"]

    def act() -> None:
        world.notion.human.edit_block(block, HERS)
        world.notion.human.add_block(block, "Below.")

    onward = world.wire.handle_async_request

    async def refusing(request: httpx.Request) -> httpx.Response:
        answer = await onward(request)
        if not (request.method == "PATCH" and b"in_trash" in request.content):
            return answer
        world.notion.human.delete_block(block)
        refusal = {"object": "error", "status": 400, "code": "validation_error", "message": "No."}
        return httpx.Response(400, headers=_headers(answer), json=refusal)

    world.wire.handle_async_request = refusing  # type: ignore[method-assign]
    _before(world, act, method="DELETE")
    await world.sync(PATH, LOG.replace("- b\n", ""))
    world.check(PATH)
    assert HERS in _kept(world)


LINES = 40


def _lines(others: int, *, ending: str = ".") -> str:
    """Return a log of lines, the first of which stay as they are."""
    lines = [f"Line {number}{ending}" for number in range(LINES)]
    return "# Execution Log: T-1\n\n" + "\n\n".join(
        [*(f"Other {number}." for number in range(others)), *lines]
    )


@pytest.mark.parametrize("others", [0, 2 * LINES])
@pytest.mark.parametrize(("at", "line"), [(3, 10), (3, LINES - 1), (10, 20), (20, LINES - 1)])
async def test_a_long_change_looks_again_before_each_line(
    world: World, others: int, at: int, line: int
) -> None:
    """Minutes after the look she rewrites a line that has its turn later: her words are saved."""
    await world.sync(PATH, _lines(others))
    world.clock.advance(180)
    block = world.ids(PATH)[f"Line {line}."]
    _before(world, lambda: world.notion.human.edit_block(block, HERS), at=at, seconds=10.0)
    await world.sync(PATH, _lines(others, ending=", new."))
    world.check(PATH)
    assert HERS in _kept(world)


@pytest.mark.parametrize(("others", "listing"), [(0, 1), (2 * LINES, 2), (6 * LINES, 3)])
async def test_to_look_again_in_a_long_change_costs_little(world: World, others: int, listing: int) -> None:
    """Where ten requests pass in the time that a look is good for, a listing of the page serves as many."""
    await world.sync(PATH, _lines(others))
    world.clock.advance(180)
    world.forget_requests()
    _before(world, lambda: None, at=1, seconds=0.5)
    await world.sync(PATH, _lines(others, ending=", new."))
    world.check(PATH)
    assert world.requests <= LINES * (1 + 0.1 * listing) + 4 + listing


@pytest.mark.parametrize("at", range(2, 7))
async def test_what_she_rewrites_elsewhere_in_a_change_of_seconds_is_found_after_it(
    world: World, at: int
) -> None:
    """Our write hides that she was there, so the next drift check reads the page."""
    await _begun(world, 1)
    block = world.ids(PATH)["a1"]
    _before(world, lambda: world.notion.human.edit_block(block, HERS), at=at, seconds=2.0)
    await world.sync(PATH, LOG.replace("One.", "One, new.").replace("Two.", "Two, new."))
    world.clock.advance(600)
    await world.check_drift()
    await world.rest()
    world.check(PATH)
    assert HERS in _kept(world)


@pytest.mark.parametrize("nth", range(1, 6))
@pytest.mark.parametrize("kind", [FaultKind.TIMEOUT_AFTER, FaultKind.ERROR_BEFORE, FaultKind.ERROR_AFTER])
@pytest.mark.parametrize("doubted", [False, True])
async def test_her_words_in_a_property_outlive_a_change_that_is_cut_short(
    world: World, nth: int, kind: FaultKind, *, doubted: bool
) -> None:
    """They were seen, and the change ended before they were saved: our own writes hide her then."""
    await _begun(world, 1)
    page = world.page(PATH)["id"]
    value = {"rich_text": [{"type": "text", "text": {"content": HERS}}]}
    world.notion.human.set_property(page, "Contract Reference", value)
    if doubted:
        world.store.doubt([world.record(PATH).path])
    world.clock.advance(180)
    world.notion.faults.add(Fault(kind=kind, method="PATCH", nth=nth))
    await world.sync(PATH, LOG.replace("One.", "One, new.").replace("Two.", "Two, new.") + "\nMore.\n")
    world.clock.advance(600)
    await world.check_drift()
    await world.rest()
    assert world.check(PATH)["properties"]["Contract Reference"] == ""
    assert HERS in _kept(world)
