"""Pages that a person archived: no query shows them, and they are there all the same."""

import httpx

from sync.comparison.absence import look_round
from sync.names import LogPath
from tests.worlds.world import World

PATH = "2026-01-10-task.md"
OTHER = "2026-01-11-other.md"
REFUSAL = {
    "object": "error",
    "status": 400,
    "code": "validation_error",
    "message": "body failed validation: body.is_archived should be not present, instead was `true`.",
}
LOG = "# Execution Log: T-1\n\n## Task\n\nOne.\n"


class _Questions(httpx.AsyncBaseTransport):
    """Counts the questions for archived pages; refuses them where the Notion knows of no archive."""

    def __init__(self, inner: httpx.AsyncBaseTransport, *, refused: bool) -> None:
        self._inner = inner
        self._refused = refused
        self.count = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass all other requests on."""
        if b"is_archived" in await request.aread():
            self.count += 1
            if self._refused:
                return httpx.Response(400, json=REFUSAL, headers={"x-notion-request-id": "1"})
        return await self._inner.handle_async_request(request)


def _listen(world: World, *, refused: bool) -> _Questions:
    world.wire.inner = questions = _Questions(world.wire.inner, refused=refused)
    return questions


async def test_an_archived_page_is_found_again_when_the_state_is_lost(world: World) -> None:
    """The log has one page, the archived one, which goes on telling what the log says.

    Where all pages are archived, the database looks as if it had never been used, and nobody asks.
    """
    await world.sync(OTHER, LOG.replace("T-1", "T-2"))
    await world.sync(PATH, LOG)
    page = world.page(PATH)["id"]
    world.notion.human.archive_page(page)
    world.stop()
    world.lose_state()

    await world.start()
    await world.sync(PATH, LOG.replace("One.", "Two."))

    assert world.check(PATH)["id"] == page
    assert world.notion.workspace.pages[page].is_archived


async def test_a_search_that_was_cut_short_does_not_forget_that_the_state_was_lost(world: World) -> None:
    """The next one finds nothing new any more, and archived pages are asked for all the same."""
    (source,) = world.notion.workspace.data_sources
    world.notion.human.add_page(source, "Her own, and the oldest")
    for number in range(101):
        world.write(f"2026-01-09-{number:03}.md", LOG)
        world.clock.advance(60)
        world.rescan()
        await world.rest()
    path = "2026-01-09-050.md"
    page = world.page(path)["id"]
    world.notion.human.archive_page(page)
    world.stop()
    world.lose_state()
    for requests in range(1, 10):
        if not await world.die_starting(requests):
            break

    assert world.adopted == 0
    await world.sync(path, LOG.replace("One.", "Two."))

    assert world.check(path)["id"] == page


async def test_an_old_backup_of_the_state_does_not_know_of_archived_pages_either(world: World) -> None:
    """The pages that are found beside them tell how old it is."""
    await world.sync(OTHER, LOG.replace("T-1", "T-2"))
    await world.restart()
    backup = world.back_up()
    await world.sync("2026-01-12-third.md", LOG.replace("T-1", "T-3"))
    await world.sync(PATH, LOG)
    page = world.page(PATH)["id"]
    world.notion.human.archive_page(page)
    world.stop()
    world.restore(backup)

    await world.start()
    await world.sync(PATH, LOG.replace("One.", "Two."))

    assert world.check(PATH)["id"] == page


async def test_nobody_asks_for_archived_pages_while_every_log_has_its_page(world: World) -> None:
    """Neither the first use of a database nor pages that are found again cost that request."""
    questions = _listen(world, refused=False)
    await world.sync(PATH, LOG)
    world.stop()
    world.lose_state()

    await world.start()
    await world.rest()

    assert questions.count == 0


async def test_archived_pages_are_asked_for_once(world: World) -> None:
    """After a lost state the first log without a page asks, and those after it do not."""
    await world.sync(PATH, LOG)
    world.stop()
    world.lose_state()
    await world.start()
    questions = _listen(world, refused=False)
    for number in range(3):
        await world.sync(f"2026-01-12-{number}.md", f"{LOG}{number}\n")

    assert questions.count == 1


async def test_many_archived_pages_do_not_hide_one_in_the_trash(world: World) -> None:
    """A round lists them by the hundred, so that it comes to the page that has gone."""
    paths = [f"2026-01-09-{number:03}.md" for number in range(101)]
    for path in (*paths, PATH):
        world.write(path, LOG)
    world.rescan()
    await world.rest()
    for path in paths:
        world.notion.human.archive_page(world.page(path)["id"])
    world.clock.advance(600)
    world.notion.human.trash_page(world.page(PATH)["id"])
    world.forget_requests()

    found = await look_round(world.gateway, world.store, world.backlog, now=world.local_time)

    assert found.gone == (LogPath(PATH),)
    assert world.requests <= 5


async def test_a_notion_without_an_archive_has_no_archived_pages(world: World) -> None:
    """Where the question is refused, a log without a page gets one."""
    await world.sync(PATH, LOG)
    world.stop()
    world.lose_state()
    questions = _listen(world, refused=True)

    await world.start()
    await world.sync(OTHER, LOG.replace("T-1", "T-2"))

    assert questions.count == 1
    assert world.check(OTHER)
