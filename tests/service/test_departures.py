"""Logs that are deleted: what becomes of their pages, and when none is trashed."""

from sync.departure_decision import GRACE, LOOK_AGAIN, OnFileDeleted
from sync.state.records import Standing
from tests.worlds.departing import OTHER, PATH, gone, log, work
from tests.worlds.world import World


def said(text: str) -> dict[str, object]:
    """Return a text property's value as a person sets it."""
    return {"rich_text": [{"type": "text", "text": {"content": text}}]}


async def test_a_deleted_log_takes_its_page_to_the_trash(world: World) -> None:
    """After the grace, by a look and a write; a second look costs nothing."""
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1"))
    world.forget_requests()
    (world.root / PATH).unlink()

    await gone(world, PATH)

    assert world.pages(PATH) == []
    assert (world.requests, world.writes) == (2, 1)
    await world.look(PATH)
    assert world.requests == 2
    world.check(OTHER)


async def test_a_log_put_back_brings_its_page_back(world: World) -> None:
    """The same page comes out of the trash, with Jen's comments, and shows what the log says now."""
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1", lines=5))
    page = world.page(PATH)
    world.notion.human.comment(page["id"], "Why?")
    (world.root / PATH).unlink()
    await gone(world, PATH)

    await world.sync(PATH, log("TASK-1", lines=6))

    back = world.check(PATH)
    assert back["id"] == page["id"]
    assert back["comments"] == ["Why?"]


async def test_a_file_saved_anew_is_never_gone(world: World) -> None:
    """A file that is absent for less than the grace costs no request."""
    text = log("TASK-1")
    await world.sync(PATH, text)
    world.forget_requests()
    (world.root / PATH).unlink()
    world.event(PATH)
    await work(world)
    world.write(PATH, text)

    await work(world, seconds=GRACE.total_seconds())

    assert world.requests == 0
    assert world.record(PATH).standing is Standing.TRACKED


async def test_many_deletions_at_once_are_held_back(world: World) -> None:
    """More than the guard allows: nothing is trashed, `status` can say why, and it ends with the cause."""
    paths = [f"2026-01-10-task-{number}.md" for number in range(20)]
    for path in (*paths, OTHER):
        world.write(path, log(path))
    world.rescan()
    await world.rest()
    for path in paths:
        (world.root / path).unlink()

    await gone(world, *paths)

    assert all(len(world.pages(path)) == 1 for path in paths)
    assert "20 logs are gone at once" in world.record(paths[0]).what
    for path in paths[:15]:
        world.write(path, log(path))
    world.event(*paths[:15])
    await work(world)
    await work(world, seconds=LOOK_AGAIN.total_seconds())
    assert [len(world.pages(path)) for path in paths] == [1] * 15 + [0] * 5


async def test_an_empty_directory_trashes_nothing(world: World) -> None:
    """When the last log goes, its page stays: it may be a mount that is missing."""
    await world.sync(PATH, log("TASK-1"))
    (world.root / PATH).unlink()

    await gone(world, PATH)

    assert len(world.pages(PATH)) == 1
    assert "not mounted" in world.record(PATH).what


async def test_a_missing_directory_trashes_nothing(world: World) -> None:
    """Without a logs directory nothing is known of any log."""
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1"))
    world.root.rename(world.root.with_name("elsewhere"))

    await gone(world, PATH, OTHER)

    assert len(world.pages(PATH)) == len(world.pages(OTHER)) == 1
    assert world.record(PATH).standing is Standing.TRACKED


async def test_keep_leaves_the_page_as_it_is(world: World) -> None:
    """With `keep` the page stays, and no request is made."""
    object.__setattr__(world.rules, "on_file_deleted", OnFileDeleted.KEEP)
    await world.sync(PATH, log("TASK-1"))
    world.forget_requests()
    (world.root / PATH).unlink()

    await gone(world, PATH)

    assert len(world.pages(PATH)) == 1
    assert world.requests == 0


async def test_mark_says_on_the_page_that_the_log_is_gone(world: World) -> None:
    """With `mark` the page stays and tells; put back, it is an ordinary page again."""
    object.__setattr__(world.rules, "on_file_deleted", OnFileDeleted.MARK)
    text = log("TASK-1")
    await world.sync(PATH, text)
    (world.root / PATH).unlink()

    await gone(world, PATH)

    page = world.page(PATH)
    assert page["icon"] == "🗑️"
    assert "deleted" in page["properties"]["Format Warnings"]
    await world.sync(PATH, text)
    world.check(PATH)


async def test_rows_that_are_not_ours_are_left_alone(world: World) -> None:
    """Jen's own rows, and other machines' pages, whatever their Log Path says, are never trashed."""
    await world.sync(OTHER, log("TASK-0"))
    (source,) = world.notion.workspace.data_sources
    theirs = ["my-notes.md", "just text", "laptop:2026-01-10-a.md", "../up.md"]
    for key in theirs:
        page_id = world.notion.human.add_page(source, title="Hers")
        world.notion.human.set_property(page_id, "Log Path", said(key))
    hashed = world.notion.human.add_page(source, title="Another machine's")
    world.notion.human.set_property(hashed, "Log Path", said("laptop:2026-01-10-b.md"))
    world.notion.human.set_property(hashed, "Content Hash", said("a" * 64))

    world.stop()
    world.lose_state()
    await world.start()
    for path in [*theirs, "laptop:2026-01-10-a.md", "laptop:2026-01-10-b.md"]:
        world.event(path)
    for _ in range(3):
        await work(world, seconds=GRACE.total_seconds())

    assert not [page for page in world.notion.dump() if page["in_trash"]]
