"""The state at a start: whole, damaged, or of another version."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.state_dir import open_state
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
