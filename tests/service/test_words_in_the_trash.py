"""What Jen puts on a block of ours in the moment before we delete it, where that then goes wrong as well."""

from collections.abc import Callable

import httpx
import pytest

from sync.notion.emulator import Fault, FaultKind
from tests.worlds.trees import flat
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
LOG = "# Execution Log: T-1\n\nOne.\n\nTwo.\n\n- a\n  - a1\n- b\n"
HERS = "These are my own words."
BELOW = "These stand below."
DROPPED = {"an item": ("- b\n", "b"), "an item with another below": ("- a\n  - a1\n", "a")}
"""What the log drops, and the text of the block that goes."""

Hand = Callable[[World, str], object]


def _edits_and_adds(world: World, block: str) -> None:
    world.notion.human.edit_block(block, HERS)
    world.notion.human.add_block(block, BELOW)


HANDS: dict[str, Hand] = {
    "edits it": lambda world, block: world.notion.human.edit_block(block, HERS),
    "writes below it": lambda world, block: world.notion.human.add_block(block, HERS),
    "does both": _edits_and_adds,
}

UNDONE = (FaultKind.RESET_BEFORE, FaultKind.ERROR_BEFORE, FaultKind.RATE_LIMITED)
DONE = (FaultKind.RESET_AFTER, FaultKind.ERROR_AFTER, FaultKind.LATE_COMMIT)
MOMENTS = ("before", "after", "in flight")


def _fault(kind: FaultKind, *, method: str, path: str = "", count: int = 1) -> Fault:
    seconds = 20.0 if kind is FaultKind.LATE_COMMIT else 0.0
    return Fault(kind=kind, method=method, path=path, count=count, seconds=seconds)


def _is_kept(world: World, words: str) -> bool:
    """Tell whether words stand on the page, were said on it, or were saved from it."""
    page = world.page(PATH)
    texts = (block["text"] for block in flat(page["blocks"]))
    return any(words in said for said in (*texts, *page["comments"], world.words_in_files()))


def _before_a_deletion(world: World, act: Callable[[], object]) -> None:
    """Let her do something once, right before a deletion leaves."""
    onward, waiting = world.wire.handle_async_request, [act]

    async def handle(request: httpx.Request) -> httpx.Response:
        if request.method == "DELETE" and waiting:
            waiting.pop()()
        return await onward(request)

    world.wire.handle_async_request = handle  # type: ignore[method-assign]


async def _begun(world: World, what: str, hand: str) -> None:
    """Let the log drop a block that she turns to in that very moment; nothing is sent yet."""
    await world.sync(PATH, LOG)
    world.clock.advance(180)
    await world.sync(PATH, LOG.replace("One.", "One, changed."))
    world.clock.advance(180)
    dropped, text = DROPPED[what]
    block = world.ids(PATH)[text]
    _before_a_deletion(world, lambda: HANDS[hand](world, block))
    world.write(PATH, LOG.replace("One.", "One, changed.").replace(dropped, ""))
    world.event(PATH)


async def _check(world: World) -> None:
    """Assert that what she wrote is kept, whatever a drift check still finds, and that nothing is to do."""
    await world.rest()
    assert _is_kept(world, HERS)
    assert await world.is_at_rest(PATH)
    world.clock.advance(600)
    await world.check_drift()
    await world.rest()
    assert _is_kept(world, HERS)
    assert await world.is_at_rest(PATH)


@pytest.mark.parametrize("kind", [*UNDONE, *DONE])
@pytest.mark.parametrize("hand", ["writes below it", "does both"])
@pytest.mark.parametrize("count", [1, 5])
async def test_her_words_outlive_a_bringing_back_that_fails(
    world: World, kind: FaultKind, hand: str, count: int
) -> None:
    """The request that brings a block back fails, once or for long: what hung on it is back in the end."""
    await _begun(world, "an item", hand)
    block = world.ids(PATH)["b"]
    world.notion.faults.add(_fault(kind, method="PATCH", path=f"blocks/{block}$", count=count))
    await _check(world)
    if hand == "does both":
        assert _is_kept(world, BELOW)


@pytest.mark.parametrize("kind", DONE)
@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("what", DROPPED)
async def test_her_words_outlive_a_deletion_of_which_no_answer_tells(
    world: World, kind: FaultKind, hand: str, what: str
) -> None:
    """The answer that says what the block held is lost: what it held is looked at afterwards."""
    await _begun(world, what, hand)
    world.notion.faults.add(_fault(kind, method="DELETE"))
    await _check(world)
    if hand == "does both":
        assert _is_kept(world, BELOW)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("what", DROPPED)
async def test_her_words_outlive_a_death(world: World, moment: str, hand: str, what: str) -> None:
    """Processes die one after the other, each at a request further on than the one before."""
    await _begun(world, what, hand)
    for requests in range(1, 16):
        if not await world.die(requests, moment):
            break
        await world.start()
    await _check(world)
    if hand == "does both":
        assert _is_kept(world, BELOW)


@pytest.mark.parametrize("hand", HANDS)
async def test_her_words_outlive_a_trash_that_notion_does_not_show(world: World, hand: str) -> None:
    """The answer to the deletion is lost, and what lies in the trash is said to be nowhere."""
    await _begun(world, "an item", hand)
    block = world.notion.workspace.blocks[world.ids(PATH)["b"]]
    world.notion.faults.add(_fault(FaultKind.RESET_AFTER, method="DELETE"))
    onward = world.wire.handle_async_request

    async def hiding(request: httpx.Request) -> httpx.Response:
        answer = await onward(request)
        if not (
            request.method == "GET" and request.url.path.endswith(f"blocks/{block.id}") and block.in_trash
        ):
            return answer
        headers = {name: value for name, value in answer.headers.items() if not name.startswith("content-")}
        refusal = {"object": "error", "status": 404, "code": "object_not_found", "message": "No."}
        return httpx.Response(404, headers=headers, json=refusal)

    world.wire.handle_async_request = hiding  # type: ignore[method-assign]
    await _check(world)
    if hand == "does both":
        assert _is_kept(world, BELOW)
