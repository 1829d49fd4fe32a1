"""Two pages of one log: within one drift check there is one again, unless a person put something there."""

import json
from dataclasses import replace

import pytest

from daemon.status.problems import of_store
from sync.comparison import drift
from sync.notion.emulator import Fault, FaultKind
from sync.notion.limiter import Lane
from sync.state.duplicates import Duplicates
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
LOG = "# Execution Log: T-1\n\nOne.\n\n- a\n  - a1\n"
LATER = 400.0
"""Seconds after which the lost create is carried out: long after we have looked, and made another page."""


async def _doubled(world: World) -> tuple[str, str]:
    """Lose a create that is carried out long after; return the page that we know, and the late one."""
    drift.begin(world.store, world.clock())
    world.notion.faults.add(Fault(kind=FaultKind.LATE_COMMIT, path="pages$", seconds=LATER))
    await world.sync(PATH, LOG)
    known = world.page(PATH)["id"]
    world.clock.advance(LATER)
    world.notion.settle()
    (late,) = [page["id"] for page in world.pages(PATH) if page["id"] != known]
    return known, late


async def _checked(world: World) -> None:
    world.clock.advance(120)
    await drift.check(world.gateway, world.store, world.backlog, host=world.rules.host, now=world.clock)
    await world.rest()


@pytest.mark.parametrize("changed", [False, True])
async def test_a_create_that_comes_very_late_leaves_one_page(world: World, changed: bool) -> None:
    """The spare page goes to the trash, also when the log has changed since; then nothing is left to do."""
    await _doubled(world)
    if changed:
        await world.sync(PATH, LOG.replace("One.", "Two."))
    await _checked(world)
    world.check(PATH)
    assert Duplicates(world.store).left() == ()
    await _checked(world)
    world.forget_requests()
    await _checked(world)
    assert (world.requests, world.writes) == (1, 0)


async def test_what_she_put_on_the_known_page_stays(world: World) -> None:
    """Her comment and her block are on the page that is kept."""
    known, _ = await _doubled(world)
    world.notion.human.comment(world.ids(PATH)["a1"] if len(world.pages(PATH)) == 1 else known, "Hers.")
    await _checked(world)
    page = world.check(PATH)
    assert page["id"] == known
    assert page["comments"] == ["Hers."]


async def test_what_she_put_on_the_late_page_stays(world: World) -> None:
    """The log moves to the page that holds something of hers, and is brought in step there."""
    _, late = await _doubled(world)
    hers = world.notion.human.add_block(late, "Hers.")
    await _checked(world)
    page = world.check(PATH)
    assert page["id"] == late
    assert hers in {block["id"] for block in page["blocks"]}
    await world.sync(PATH, LOG.replace("One.", "Two."))
    world.check(PATH)


async def test_where_both_hold_something_of_hers_she_decides(world: World) -> None:
    """Both stay, the log goes on where it was, and the other is named until she has put it away."""
    known, late = await _doubled(world)
    world.notion.human.comment(known, "Hers.")
    world.notion.human.comment(late, "Hers, too.")
    for _ in range(2):
        await _checked(world)
        assert {page["id"] for page in world.pages(PATH)} == {known, late}
        assert [copy.page_id for copy in Duplicates(world.store).left()] == [late]
    world.notion.human.trash_page(late)
    await _checked(world)
    assert Duplicates(world.store).left() == ()
    assert world.check(PATH)["id"] == known


async def test_a_copy_that_she_made_is_left_to_her(world: World) -> None:
    """It is named, neither trashed nor written to, and the log goes on where it was."""
    drift.begin(world.store, world.clock())
    await world.sync(PATH, LOG)
    known = world.page(PATH)["id"]
    world.clock.advance(120)
    copy = world.notion.human.duplicate_page(known)
    await _checked(world)
    assert {page["id"] for page in world.pages(PATH)} == {known, copy}
    assert [(each.path, each.page_id) for each in Duplicates(world.store).left()] == [(PATH, copy)]
    (told,) = of_store(world.store)
    assert (told.path, copy.replace("-", "") in told.url, told.needs_a_person) == (PATH, True, False)
    before = json.dumps(next(page for page in world.pages(PATH) if page["id"] == copy), default=str)
    await world.sync(PATH, LOG.replace("One.", "Two."))
    assert json.dumps(next(page for page in world.pages(PATH) if page["id"] == copy), default=str) == before


async def test_with_her_own_token_nothing_is_taken_for_ours_alone(world: World) -> None:
    """Her pages and ours bear one name: both stay, and the other is named."""
    _, late = await _doubled(world)
    author = await world.gateway.me(lane=Lane.CHECK)
    world.author = replace(author, is_person=True)
    await world.restart()
    await _checked(world)
    assert len(world.pages(PATH)) == 2
    assert [copy.page_id for copy in Duplicates(world.store).left()] == [late]


@pytest.mark.parametrize("requests", range(1, 12))
async def test_a_death_meanwhile_leaves_one_page(world: World, requests: int) -> None:
    """Wherever the process dies in tidying up, the next one ends with one page of the log."""
    await _doubled(world)
    world.clock.advance(120)
    await drift.check(world.gateway, world.store, world.backlog, host=world.rules.host, now=world.clock)
    if await world.die(requests, "after"):
        await world.start()
    await world.rest()
    await _checked(world)
    world.check(PATH)


async def _found_without_state(world: World) -> None:
    """Start anew with nothing remembered, long after; no drift check looks that far back."""
    world.clock.advance(3600)
    world.stop()
    world.lose_state()
    await world.start()
    await world.rest()


@pytest.mark.parametrize("changed", [False, True])
async def test_two_pages_that_a_first_listing_finds_become_one(world: World, changed: bool) -> None:
    """Whatever was remembered of them is lost; whoever starts then tidies up, and names nothing."""
    await _doubled(world)
    if changed:
        world.write(PATH, LOG.replace("One.", "Two."))
    await _found_without_state(world)
    world.check(PATH)
    assert Duplicates(world.store).left() == ()
    world.forget_requests()
    await world.restart()
    await world.rest()
    assert world.writes == 0


@pytest.mark.parametrize("on", ["known", "late"])
async def test_what_she_put_on_either_page_stays_after_a_loss(world: World, on: str) -> None:
    """The page that holds something of hers is the one that is left, whichever was made first."""
    known, late = await _doubled(world)
    page = {"known": known, "late": late}[on]
    hers = world.notion.human.add_block(page, "Hers.")
    await _found_without_state(world)
    left = world.check(PATH)
    assert left["id"] == page
    assert hers in {block["id"] for block in left["blocks"]}


async def test_further_pages_on_another_page_of_the_listing_are_found(world: World) -> None:
    """The spare page and her copy are in another hundred than the one that stays."""
    known, _ = await _doubled(world)
    for number in range(120):
        world.write(f"other-{number}.md", LOG.replace("T-1", f"T-{number}"))
    world.rescan()
    await world.rest()
    world.clock.advance(7)
    copy = world.notion.human.duplicate_page(known)
    await _found_without_state(world)
    pages = {page["id"] for page in world.pages(PATH)}
    assert copy in pages
    assert len(pages) == 2
    assert [each.page_id for each in Duplicates(world.store).left()] == [copy]


async def test_a_page_that_was_made_while_nobody_ran_goes_at_the_next_start(world: World) -> None:
    """No drift check is needed: the listing at the start has shown it."""
    await _doubled(world)
    await world.restart()
    await world.rest()
    world.check(PATH)
    assert Duplicates(world.store).left() == ()


async def test_her_copy_is_named_after_a_loss_of_the_state(world: World) -> None:
    """It is neither trashed nor written to; that it is there is said, and later starts cost nothing more."""
    await world.sync(PATH, LOG)
    known = world.page(PATH)["id"]
    world.clock.advance(120)
    copy = world.notion.human.duplicate_page(known)
    await _found_without_state(world)
    assert {page["id"] for page in world.pages(PATH)} == {known, copy}
    assert [each.page_id for each in Duplicates(world.store).left()] == [copy]
    world.forget_requests()
    await world.restart()
    await world.rest()
    assert [entry.path.rsplit("/", 1)[-1] for entry in world.notion.journal].count("query") == 1


@pytest.mark.parametrize("moment", ["after", "in flight"])
@pytest.mark.parametrize("lag", [0.0, 60.0])
async def test_a_create_that_no_listing_shows_yet_leaves_one_page(
    world: World, moment: str, lag: float
) -> None:
    """The process dies in a create, its state is lost, and the next start cannot see what was made."""
    world.notion.workspace.index_lag = lag
    world.write(PATH, LOG)
    world.rescan()
    assert await world.die(1, moment)
    world.lose_state()
    await world.start()
    await world.rest()
    for _ in range(2):
        await _checked(world)
    world.check(PATH)
    assert Duplicates(world.store).left() == ()


async def test_a_listing_that_shows_the_other_page_alone_decides_nothing(world: World) -> None:
    """Notion's index lags: it shows what was made before the loss, and not yet what was made after it."""
    world.notion.workspace.index_lag = 60
    world.write(PATH, LOG)
    world.rescan()
    assert await world.die(1, "after")
    world.lose_state()
    world.clock.advance(30)
    await world.start()
    await world.rest()
    assert len(world.pages(PATH)) == 2
    world.clock.advance(45)
    await world.check_drift()
    await world.rest()
    await _checked(world)
    world.check(PATH)
    assert Duplicates(world.store).left() == ()
