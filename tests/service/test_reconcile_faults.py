"""Each kind of fault and each moment of a death, at each request of each kind of work: all ends in step."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sync.notion.emulator import Fault, FaultKind
from sync.state.records import Standing
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
SMALL = "# Execution Log: T-1\n\n## Task\n\nDo it.\n\n- a\n  - b\n- c\n\n| n |\n|---|\n| 1 |\n| 2 |\n"
EDITED = (
    "# Execution Log: T-1\n\n## Task\n\nDone.\n\n- a\n  - B\n- d\n- e\n\n| n |\n|---|\n| 2 |\n\nThe end.\n"
)
LARGE = (
    "# Execution Log: T-1\n\n"
    + "".join(f"Paragraph {number}.\n\n" for number in range(130))
    + "- 1\n  - 2\n    - 3\n      - 4\n\n| n |\n|---|\n"
    + "".join(f"| {number} |\n" for number in range(104))
)
MIDDLING = (
    "# Execution Log: T-1\n\n"
    + "".join(f"Paragraph {number}.\n\n" for number in range(12))
    + "- 1\n  - 2\n    - 3\n      - 4\n\n| n |\n|---|\n"
    + "".join(f"| {number} |\n" for number in range(9))
)

Step = Callable[[World], Awaitable[None]]


async def _nothing(world: World) -> None:
    del world


async def _small_page(world: World) -> None:
    await world.sync(PATH, SMALL)
    _jen(world)


async def _middling_page(world: World) -> None:
    await world.sync(PATH, MIDDLING)
    _jen(world)


async def _unknown_page(world: World) -> None:
    """Make a page that the state knows nothing of, and that is behind its log."""
    await _small_page(world)
    world.stop()
    world.lose_state()
    await world.start()


async def _trashed_page(world: World) -> None:
    """Make a page that is to come back from Jen's trash."""
    await _small_page(world)
    world.notion.human.trash_page(world.page(PATH)["id"])
    await world.sync(PATH, EDITED.replace("Done", "Almost done"))
    record = world.record(PATH)
    assert record.standing is Standing.TRASHED
    world.store.save(replace(record, standing=Standing.RESTORING, stamp=None, content_hash=None))


def _jen(world: World) -> None:
    page = world.page(PATH)
    block = world.notion.human.add_block(page["id"], "Jen's", after=page["blocks"][1]["id"])
    world.notion.human.comment(block, "Jen's comment")


@dataclass(frozen=True)
class Work:
    """Something that the daemon does: what was there before, and what the log then says."""

    before: Step
    log: str


WORK = {
    "create": Work(_nothing, SMALL),
    "large create": Work(_nothing, LARGE),
    "update": Work(_small_page, EDITED),
    "growth": Work(_small_page, LARGE),
    "shrinkage": Work(_middling_page, SMALL.replace("Do it", "Did it")),
    "adoption": Work(_unknown_page, EDITED),
    "restoration": Work(_trashed_page, EDITED),
}
COSTLY = {"large create", "growth", "shrinkage"}


def _names(quick: Collection[str]) -> list[object]:
    """Return all kinds of work as parameters, those that are not quick for the long proof."""
    return [pytest.param(name, marks=() if name in quick else pytest.mark.slow) for name in WORK]


Open = Callable[[], AbstractAsyncContextManager[World]]


@pytest.fixture
def opened(directories: Callable[[], Path]) -> Open:
    """Open further worlds."""

    @asynccontextmanager
    async def open_world() -> AsyncIterator[World]:
        world = World(directories())
        await world.start()
        try:
            yield world
        finally:
            await world.close()

    return open_world


async def _begin(world: World, work: Work) -> None:
    await work.before(world)
    world.write(PATH, work.log)
    world.event(PATH)
    world.forget_requests()


async def _cost(opened: Open, work: Work) -> int:
    """Count the requests when nothing goes wrong."""
    async with opened() as world:
        await _begin(world, work)
        await world.rest()
        world.check(PATH)
        return world.requests


def _indices(cost: int, name: str) -> Iterator[int]:
    """Yield the requests at which something happens; of costly work the first, the last and some between."""
    for index in range(1, cost + 1):
        if name not in COSTLY or index <= 3 or index > cost - 2 or index % 7 == 0:
            yield index


def _check(world: World, work: Work) -> None:
    page = world.check(PATH)
    assert world.store.standing(Standing.QUARANTINED) == ()
    if work.before is not _nothing:
        assert "Jen's" in [block["text"] for block in page["blocks"]]
        assert page["comments"] == ["Jen's comment"]


async def _check_rest(world: World) -> None:
    """Assert that there is nothing left to write, neither for this process nor for the next."""
    world.forget_requests()
    world.event(PATH)
    await world.rest()
    assert world.requests == 0
    await world.restart()
    world.event(PATH)
    await world.rest()
    assert world.writes == 0


KINDS = [kind for kind in FaultKind if kind not in {FaultKind.DELAY, FaultKind.SIGNAL}]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["growth", "shrinkage", "restoration"])
async def test_a_fault_at_any_request_ends_in_step(opened: Open, name: str, kind: FaultKind) -> None:
    """Where Jen has been: one page, the whole text, nothing of hers lost, few requests more."""
    work = WORK[name]
    cost = await _cost(opened, work)
    for index in _indices(cost, name):
        async with opened() as world:
            await _begin(world, work)
            seconds = 20.0 if kind is FaultKind.LATE_COMMIT else 0.0
            world.notion.faults.add(Fault(kind=kind, nth=index, seconds=seconds, blocks=1))
            await world.rest()
            world.notion.settle_all()
            _check(world, work)
            assert world.requests <= 2 * cost + 11
            await _check_rest(world)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_fault_that_lasts_ends_in_step(opened: Open, kind: FaultKind) -> None:
    """The same when five requests in a row meet it, at the creation and at an update."""
    for work in (WORK["create"], WORK["update"]):
        async with opened() as world:
            await _begin(world, work)
            seconds = 20.0 if kind is FaultKind.LATE_COMMIT else 0.0
            world.notion.faults.add(Fault(kind=kind, count=5, seconds=seconds, blocks=1))
            await world.rest()
            world.notion.settle_all()
            _check(world, work)
            await _check_rest(world)


@pytest.mark.parametrize("moment", ["before", "after", "in flight"])
@pytest.mark.parametrize("name", _names(quick=WORK.keys() - COSTLY))
async def test_a_death_at_any_request_ends_in_step(opened: Open, name: str, moment: str) -> None:
    """The next process finds out what the last one did: one page, the whole text, nothing of Jen's lost."""
    work = WORK[name]
    cost = await _cost(opened, work)
    for index in _indices(cost, name):
        async with opened() as world:
            await _begin(world, work)
            assert await world.die(index, moment)
            await world.start()
            world.forget_requests()
            await world.rest()
            world.notion.settle_all()
            _check(world, work)
            assert world.requests <= cost + 11
            await _check_rest(world)


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before", "after", "in flight"])
@pytest.mark.parametrize("name", ["create", "update", "adoption"])
async def test_a_second_death_during_the_recovery_ends_in_step(opened: Open, name: str, moment: str) -> None:
    """The same when the next process dies, too, at any of its requests."""
    work = WORK[name]
    cost = await _cost(opened, work)
    for first in range(1, cost + 1):
        for second in range(1, 6):
            async with opened() as world:
                await _begin(world, work)
                assert await world.die(first, moment)
                await world.start()
                if await world.die(second, moment):
                    await world.start()
                await world.rest()
                world.notion.settle_all()
                _check(world, work)
                await _check_rest(world)


@pytest.mark.parametrize("moment", ["before", "after", "in flight"])
async def test_a_log_that_is_put_back_after_a_death_ends_as_it_was(opened: Open, moment: str) -> None:
    """A → B → A with a death while B is written: the page shows A, also when B arrives late."""
    work = WORK["update"]
    for index in range(1, await _cost(opened, work) + 1):
        async with opened() as world:
            await _begin(world, work)
            assert await world.die(index, moment)
            world.write(PATH, SMALL)
            await world.start()
            world.event(PATH)
            await world.rest()
            world.notion.settle_all()
            _check(world, work)
            await _check_rest(world)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_log_that_is_put_back_after_a_fault_ends_as_it_was(opened: Open, kind: FaultKind) -> None:
    """A → B → A with a fault while B is written, and no time between."""
    work = WORK["update"]
    for index in range(1, await _cost(opened, work) + 1):
        async with opened() as world:
            await _begin(world, work)
            seconds = 20.0 if kind is FaultKind.LATE_COMMIT else 0.0
            world.notion.faults.add(Fault(kind=kind, nth=index, seconds=seconds, blocks=1))
            await world.work_once()
            world.write(PATH, SMALL)
            world.event(PATH)
            await world.rest()
            world.notion.settle_all()
            _check(world, work)
            await _check_rest(world)
