"""The state at a start: whole, damaged, or of another version."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.state_dir import damage_set_aside, open_state
from sync.errors import StateDamaged, StateUnusable
from sync.state.state_file import DATABASE_NAME
from tests.worlds.world import World

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
LOG = "# Execution Log: TASK-1\n\n## Task\n\nWork.\n"


def damage(database: Path) -> bytes:
    """Overwrite the middle of a database and return what it then is."""
    content = bytearray(database.read_bytes())
    content[:64] = b"\xff" * 64
    database.write_bytes(content)
    return bytes(content)


def test_a_damaged_state_is_moved_aside_and_begun_anew(tmp_path: Path) -> None:
    """The daemon starts; the damaged file is kept, byte for byte, under a name that says when."""
    open_state(tmp_path, now=NOW).close()
    broken = damage(tmp_path / DATABASE_NAME)

    with open_state(tmp_path, now=NOW) as store:
        store.check()

    (kept,) = tmp_path.glob(f"{DATABASE_NAME}.damaged-20260110T120000Z")
    assert kept.read_bytes() == broken


def test_something_that_is_no_database_is_moved_aside(tmp_path: Path) -> None:
    """A file of that name with any other content is no reason not to start."""
    (tmp_path / DATABASE_NAME).write_bytes(b"not a database at all" * 100)

    with open_state(tmp_path, now=NOW) as store:
        store.check()


def test_a_newer_state_is_left_as_it_is(tmp_path: Path) -> None:
    """A state that a newer version wrote is refused, and not touched."""
    open_state(tmp_path, now=NOW).close()
    with sqlite3.connect(tmp_path / DATABASE_NAME) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()

    with pytest.raises(StateUnusable, match="newer") as refusal:
        open_state(tmp_path, now=NOW)

    assert not isinstance(refusal.value, StateDamaged)
    assert not list(tmp_path.glob("*damaged*"))


async def test_pages_survive_the_loss_of_a_damaged_state(world: World) -> None:
    """After the new beginning every page is found again: nothing is written, none is made twice."""
    await world.sync("2026-01-10-task.md", LOG)
    world.stop()
    damage(world.state_dir / DATABASE_NAME)
    open_state(world.state_dir, now=NOW).close()
    world.forget_requests()

    await world.start()
    await world.rest()

    assert world.writes == 0
    world.check("2026-01-10-task.md")


def test_a_state_of_another_shape_is_moved_aside(tmp_path: Path) -> None:
    """A database that says it is of this version and has not its tables is damage, met before any work."""
    open_state(tmp_path, now=NOW).close()
    with closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as connection, connection:
        connection.execute("DROP TABLE refusals")

    with open_state(tmp_path, now=NOW) as store:
        store.check()

    assert len(list(tmp_path.glob("*damaged*"))) == 1


@pytest.mark.parametrize("version", range(6))
def test_a_state_that_cannot_be_brought_forward_is_moved_aside(tmp_path: Path, version: int) -> None:
    """A database that is not what its version says is no reason not to start."""
    open_state(tmp_path, now=NOW).close()
    with closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as connection, connection:
        connection.execute(f"PRAGMA user_version = {version}")

    with open_state(tmp_path, now=NOW) as store:
        store.check()

    assert len(list(tmp_path.glob("*damaged*"))) == 1


def test_damage_that_shows_at_work_is_moved_aside(tmp_path: Path) -> None:
    """What is damaged below the notice of a start is out of the way of the next one, wherever it showed."""
    damage = StateDamaged("It makes no sense", "")
    with (
        pytest.raises(ExceptionGroup),
        damage_set_aside(tmp_path, now=lambda: NOW),
        open_state(tmp_path, now=NOW),
    ):
        raise ExceptionGroup("", [ValueError("x"), ExceptionGroup("", [damage])])

    assert len(list(tmp_path.glob("*damaged*"))) == 1
    assert not (tmp_path / DATABASE_NAME).exists()


def test_other_failures_at_work_leave_the_state_where_it_is(tmp_path: Path) -> None:
    """A full disk, say, is no damage."""
    with (
        pytest.raises(StateUnusable),
        damage_set_aside(tmp_path, now=lambda: NOW),
        open_state(tmp_path, now=NOW),
    ):
        raise StateUnusable("The disk is full", "")

    assert (tmp_path / DATABASE_NAME).exists()
