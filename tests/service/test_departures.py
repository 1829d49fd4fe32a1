"""Logs that go away: renamed, moved, deleted, deleted and put back, and gone all at once."""

import pytest

from sync.departure import GRACE, LOOK_AGAIN, OnFileDeleted
from sync.names import LogPath
from sync.notion.emulator import Fault, FaultKind
from sync.state.records import Standing
from tests.worlds.world import World

OTHER = "2026-01-01-other.md"
PATH = "2026-01-10-task.md"


def log(task: str, *, lines: int = 1) -> str:
    """Return a log of this task."""
    text = "\n\n".join(f"Line {number}." for number in range(lines))
    return f"# Execution Log: {task}\n\n**ENV:** dev\n\n## Task\n\n{text}\n"


def said(text: str) -> dict[str, object]:
    """Return a text property's value as a person sets it."""
    return {"rich_text": [{"type": "text", "text": {"content": text}}]}


async def work(world: World, *, seconds: float = 0.0) -> None:
    """Let time pass, and the worker do what is then due."""
    world.clock.advance(seconds)
    await world.work_once()


async def gone(world: World, *paths: str) -> None:
    """Report that files are gone, and wait out the grace."""
    world.event(*paths)
    await work(world)
    await work(world, seconds=GRACE.total_seconds())


async def test_a_renamed_log_keeps_its_page(world: World) -> None:
    """The same content under another name: who was there last, and then the properties alone."""
    await world.sync(PATH, log("TASK-1"))
    page = world.page(PATH)
    world.notion.human.comment(page["id"], "Well done")
    world.forget_requests()
    (world.root / PATH).rename(world.root / "2026-01-10-better.md")

    world.event("2026-01-10-better.md", PATH)
    await world.rest()

    assert world.check("2026-01-10-better.md")["id"] == page["id"]
    assert (world.requests, world.writes) == (2, 1)
    assert world.pages(PATH) == []


@pytest.mark.parametrize("order", [0, 1])
async def test_a_log_moved_between_folders_keeps_its_page(world: World, order: int) -> None:
    """Whichever of the two events comes first."""
    await world.sync(PATH, log("TASK-1"))
    page_id = world.page(PATH)["id"]
    (world.root / "exceptions").mkdir()
    (world.root / PATH).rename(world.root / "exceptions" / PATH)

    for path in [(f"exceptions/{PATH}", PATH), (PATH, f"exceptions/{PATH}")][order]:
        world.event(path)
        await work(world)
    await world.rest()

    assert world.check(f"exceptions/{PATH}")["id"] == page_id


async def test_of_logs_that_say_the_same_each_keeps_its_own_page(world: World) -> None:
    """Two that change their names at once: the file itself tells which is which."""
    names = {"a.md": "z.md", "b.md": "y.md"}
    for old in names:
        await world.sync(old, log("TASK-1"))
    pages = {old: world.page(old)["id"] for old in names}
    for old, new in names.items():
        (world.root / old).rename(world.root / new)

    world.event(*names.values(), *names)
    await world.rest()

    assert {old: world.check(new)["id"] for old, new in names.items()} == pages


async def test_a_copy_is_a_log_of_its_own(world: World) -> None:
    """Equal content of two files is two pages."""
    await world.sync(PATH, log("TASK-1"))
    await world.sync(OTHER, log("TASK-1"))

    assert world.check(PATH)["id"] != world.check(OTHER)["id"]


async def test_a_deleted_log_takes_its_page_to_the_trash(world: World) -> None:
    """After the grace, by one request; a second look costs nothing."""
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1"))
    world.forget_requests()
    (world.root / PATH).unlink()

    await gone(world, PATH)

    assert world.pages(PATH) == []
    assert world.requests == 1
    await world.look(PATH)
    assert world.requests == 1
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


async def test_a_log_deleted_while_its_page_is_being_made_leaves_none(world: World) -> None:
    """A create whose answer was lost, and then no file: the page is found and goes too."""
    await world.sync(OTHER, log("TASK-0"))
    world.write(PATH, log("TASK-1"))
    world.event(PATH)
    assert await world.die(1, "after")
    (world.root / PATH).unlink()
    await world.start()
    await gone(world, PATH)
    await world.rest()

    assert world.pages(PATH) == []
    assert world.store.page(LogPath(PATH)) is None or world.record(PATH).standing is Standing.DEPARTED


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_log_put_back_after_a_death_has_its_page(world: World, moment: str) -> None:
    """The page may be in the trash or not when the process dies: put back, the log has it again."""
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1"))
    page_id = world.page(PATH)["id"]
    (world.root / PATH).unlink()
    world.event(PATH)
    await work(world)
    world.clock.advance(GRACE.total_seconds())
    assert await world.die(1, moment)
    world.write(PATH, log("TASK-1"))

    await world.start()
    await world.rest()

    assert world.check(PATH)["id"] == page_id


async def test_a_farewell_that_comes_late_takes_no_page(world: World) -> None:
    """Notion trashes a page long after its asker died: a log put back meanwhile has its page."""
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1"))
    page_id = world.page(PATH)["id"]
    (world.root / PATH).unlink()
    world.event(PATH)
    await work(world)
    world.clock.advance(GRACE.total_seconds())
    assert await world.die(1, "in flight")
    world.write(PATH, log("TASK-2"))

    await world.start()
    await world.rest()
    world.notion.settle_all()

    assert world.check(PATH)["id"] == page_id


async def test_a_welcome_that_comes_late_brings_no_page(world: World) -> None:
    """Notion restores a page long after the death of who asked for it: a log gone meanwhile has none."""
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1"))
    (world.root / PATH).unlink()
    await gone(world, PATH)
    world.write(PATH, log("TASK-2"))
    world.event(PATH)
    assert await world.die(1, "in flight")
    (world.root / PATH).unlink()

    await world.start()
    await world.rest()
    world.notion.settle_all()

    assert world.pages(PATH) == []


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("requests", [1, 2, 3])
async def test_a_log_that_goes_again_takes_its_page_along(world: World, moment: str, requests: int) -> None:
    """Put back after it had departed, and gone again after a death in its restoration: no page is left."""
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1"))
    (world.root / PATH).unlink()
    await gone(world, PATH)
    assert world.pages(PATH) == []
    world.write(PATH, log("TASK-2"))
    world.event(PATH)
    assert await world.die(requests, moment)
    (world.root / PATH).unlink()

    await world.start()
    await world.rest()

    assert world.pages(PATH) == []


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_death_in_a_departure_does_not_stop_it(world: World, moment: str) -> None:
    """The page goes all the same, after the restart."""
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1"))
    (world.root / PATH).unlink()
    world.event(PATH)
    await work(world)
    world.clock.advance(GRACE.total_seconds())
    assert await world.die(1, moment)

    await world.start()
    await world.rest()

    assert world.pages(PATH) == []
    world.check(OTHER)


@pytest.mark.parametrize("kind", [FaultKind.RATE_LIMITED, FaultKind.REFUSE, FaultKind.RESET_BEFORE])
async def test_a_rename_whose_write_fails_is_done_later(world: World, kind: FaultKind) -> None:
    """Surely not applied, or perhaps: the page bears the new path in the end, and stays the same page."""
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1"))
    page_id = world.page(PATH)["id"]
    (world.root / PATH).rename(world.root / "2026-01-10-new.md")
    world.notion.faults.add(Fault(kind=kind, method="PATCH", count=5, seconds=0))
    world.event("2026-01-10-new.md", PATH)
    await world.rest()

    await world.restart()
    await world.rest()

    assert world.check("2026-01-10-new.md")["id"] == page_id


@pytest.mark.parametrize("moment", ["before", "after", "in flight"])
async def test_a_death_in_a_rename_loses_no_page(world: World, moment: str) -> None:
    """Whether or not the new path reached Notion: after the restart the page bears it."""
    await world.sync(OTHER, log("TASK-0"))
    await world.sync(PATH, log("TASK-1"))
    page_id = world.page(PATH)["id"]
    (world.root / PATH).rename(world.root / "2026-01-10-new.md")
    world.event("2026-01-10-new.md", PATH)
    assert await world.die(1, moment)

    await world.start()
    await world.rest()

    assert world.check("2026-01-10-new.md")["id"] == page_id
    assert world.pages(PATH) == []


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
