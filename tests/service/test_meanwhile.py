"""What happens to a log or its page while a request for it is on its way."""

from datetime import timedelta

from sync.comparison.drift import check
from sync.errors import Rejected
from sync.verdict import Verdict
from tests.worlds.meanwhile import once_before
from tests.worlds.trees import flat
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
LOG = "# Execution Log: T-1\n\n## Task\n\nFirst.\n\n- a\n  - below\n"


async def test_a_log_saved_while_it_is_refused_is_tried_again(world: World) -> None:
    """What goes into quarantine is the version that was refused; the newer one has its page."""
    better = LOG + "\nBetter.\n"

    def save() -> None:
        world.write(PATH, better)
        world.event(PATH)
        raise Rejected("Notion does not take this page")

    once_before(world.gateway.create_page, save)
    await world.sync(PATH, LOG)

    world.check(PATH)


async def test_an_edit_found_while_a_change_is_on_its_way_is_looked_at(world: World) -> None:
    """A drift check that meets a page in the middle of its update is not forgotten by that update."""
    await world.sync(PATH, LOG)
    page = world.page(PATH)
    below = next(block for block in flat(page["blocks"]) if block["text"] == "below")
    world.clock.advance(180)
    world.notion.human.edit_block(below["id"], "hers")
    before = world.record(PATH)

    await check(world.gateway, world.store, world.backlog, host=world.rules.host, now=world.clock)
    world.store.save(before)  # as the end of an update does that began before the check
    await world.rest()

    assert world.check(PATH)
    assert any("hers" in said for said in world.page(PATH)["comments"])


async def test_a_look_settles_the_doubts_that_it_knew(world: World) -> None:
    """After the look the page is in step again: no request, until there is a new sign."""
    await world.sync(PATH, LOG)
    world.store.doubt([world.record(PATH).path])
    assert await world.look(PATH) == [Verdict.UNCHANGED]
    world.forget_requests()

    assert await world.look(PATH) == [Verdict.UNCHANGED]
    assert world.requests == 0
    assert world.record(PATH).doubts == 0
    world.clock.advance(timedelta(minutes=1).total_seconds())
