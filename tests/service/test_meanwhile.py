"""What happens to a log or its page while a request for it is on its way."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sync.comparison.drift import begin, check
from sync.errors import Rejected
from sync.notion.gateway import Gateway
from sync.notion.model import CreatedPage
from sync.verdict import Verdict
from tests.worlds.trees import flat
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
LOG = "# Execution Log: T-1\n\n## Task\n\nFirst.\n\n- a\n  - below\n"


class Refusing(Gateway):
    """Notion refuses the first create, after something has happened meanwhile."""

    meanwhile: Callable[[], None] | None = None

    async def create_page(self, *args: Any, **options: Any) -> CreatedPage:  # noqa: ANN401 - passed on as they are
        """Refuse once."""
        if self.meanwhile is None:
            return await super().create_page(*args, **options)
        happening, self.meanwhile = self.meanwhile, None
        happening()
        raise Rejected("Notion does not take this page")


async def test_a_log_saved_while_it_is_refused_is_tried_again(
    world_of: Callable[..., World], tmp_path: Path
) -> None:
    """What goes into quarantine is the version that was refused; the newer one has its page."""
    world = world_of(tmp_path, gateway=Refusing)
    await world.start()
    better = LOG + "\nBetter.\n"

    def save() -> None:
        world.write(PATH, better)
        world.event(PATH)

    assert isinstance(world.gateway, Refusing)
    world.gateway.meanwhile = save
    await world.sync(PATH, LOG)

    world.check(PATH)
    await world.close()


async def test_an_edit_found_while_a_change_is_on_its_way_is_looked_at(world: World) -> None:
    """A drift check that meets a page in the middle of its update is not forgotten by that update."""
    begin(world.store, world.clock())
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
