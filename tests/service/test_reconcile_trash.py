"""A page that Jen moved to the trash: her wish stands until she says otherwise."""

import shlex
from dataclasses import replace

from daemon.watching.compare import Comparison, Judgement
from daemon.watching.scan import Found, scan
from sync.state.records import Standing
from sync.state.wishes import released
from sync.verdict import Verdict
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
FIRST = "# Execution Log: T-1\n\nOne.\n"
SECOND = "# Execution Log: T-1\n\nTwo.\n"
THIRD = "# Execution Log: T-1\n\nThree.\n\nAnd more.\n"


async def _trashed(world: World) -> str:
    await world.sync(PATH, FIRST)
    page = world.page(PATH)
    world.notion.human.comment(page["id"], "Keep this.")
    world.notion.human.trash_page(page["id"])
    return str(page["id"])


def _judgement(world: World) -> Judgement:
    (found,) = [each for each in scan(world.root) if isinstance(each, Found)]
    (judgement,) = Comparison(world.store, edition=world.rules.edition).judged([found]).values()
    return judgement


async def test_a_trashed_page_stays_in_the_trash(world: World) -> None:
    """The next change finds it there, writes nothing to it, and it counts as trashed, not as wrong."""
    await _trashed(world)
    assert await world.sync(PATH, SECOND) == [Verdict.TRASHED]
    assert world.pages(PATH) == []
    assert _judgement(world) is Judgement.TRASHED
    record = world.record(PATH)
    assert record.standing is Standing.TRASHED
    assert f"ai-traces retry {PATH}" in record.hint


async def test_later_changes_of_its_log_cost_nothing(world: World) -> None:
    """Neither another change nor a restart asks Notion about the page again."""
    await _trashed(world)
    await world.sync(PATH, SECOND)
    world.forget_requests()
    assert await world.sync(PATH, THIRD) == [Verdict.TRASHED]
    assert world.requests == 0
    await world.restart()
    assert world.backlog.count() == 0
    assert world.writes == 0
    assert world.pages(PATH) == []


async def test_retry_brings_the_page_back_with_what_was_on_it(world: World) -> None:
    """The same page, with its comments and the log as it is now."""
    page_id = await _trashed(world)
    await world.sync(PATH, SECOND)
    world.write(PATH, THIRD)
    world.store.save(released(world.record(PATH), now=world.clock()))
    assert await world.look(PATH) == [Verdict.UPDATED]
    page = world.check(PATH)
    assert (page["id"], page["comments"]) == (page_id, ["Keep this."])
    assert _judgement(world) is Judgement.IN_STEP


async def test_a_page_may_be_trashed_again(world: World) -> None:
    """After a retry her next wish stands as the first did."""
    page_id = await _trashed(world)
    await world.sync(PATH, SECOND)
    world.store.save(released(world.record(PATH), now=world.clock()))
    await world.look(PATH)
    world.notion.human.trash_page(page_id)
    assert await world.sync(PATH, THIRD) == [Verdict.TRASHED]
    assert world.pages(PATH) == []


async def test_a_page_that_jen_brought_back_herself_is_found_by_a_retry(world: World) -> None:
    """Restoring it in Notion and retrying ends in step, without a second page."""
    page_id = await _trashed(world)
    await world.sync(PATH, SECOND)
    world.notion.human.restore_page(page_id)
    world.store.save(released(world.record(PATH), now=world.clock()))
    await world.look(PATH)
    assert world.check(PATH)["id"] == page_id


async def test_with_restore_the_next_change_brings_the_page_back(world: World) -> None:
    """AI_TRACES_ON_PAGE_TRASHED=restore: the same page, its comments, the new text."""
    page_id = await _trashed(world)
    world.rules = replace(world.rules, restore_trashed=True)
    await world.restart()
    assert await world.sync(PATH, SECOND) == [Verdict.UPDATED]
    page = world.check(PATH)
    assert (page["id"], page["comments"]) == (page_id, ["Keep this."])


async def test_a_page_that_is_gone_for_good_is_made_anew_when_wanted(world: World) -> None:
    """Deleted from the trash: left alone by itself, made anew by a retry, and then exactly one."""
    page_id = await _trashed(world)
    world.notion.human.delete_page_forever(page_id)
    assert await world.sync(PATH, SECOND) == [Verdict.TRASHED]
    assert world.pages(PATH) == []
    record = world.record(PATH)
    assert "trash" not in record.what + record.hint, "there it cannot be found any more"
    assert f"ai-traces retry {PATH} makes a new one" in record.hint
    world.store.save(released(record, now=world.clock()))
    assert await world.look(PATH) == [Verdict.CREATED]
    assert world.check(PATH)["id"] != page_id


async def test_the_next_step_can_be_typed_as_it_stands(world: World) -> None:
    """Also where the name of the log means something to a shell."""
    path = "exceptions/2026-01-10 it's gone.md"
    await world.sync(path, FIRST)
    world.notion.human.trash_page(world.page(path)["id"])
    await world.sync(path, SECOND)
    _, _, typed = world.record(path).hint.partition("ai-traces retry ")
    assert shlex.split(typed) == [path]


async def test_a_page_in_the_trash_holds_up_no_other(world: World) -> None:
    """Other logs are synced all the same."""
    await _trashed(world)
    world.write(PATH, SECOND)
    world.write("other.md", FIRST)
    await world.look(PATH, "other.md")
    world.check("other.md")
    assert world.pages(PATH) == []
