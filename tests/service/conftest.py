"""Worlds, places and directories for one test each."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.worker import Worker
from sync.notion.emulator import Emulator
from sync.reconcile import Reconciler
from tests.worlds.place import Place
from tests.worlds.world import World

MEMORY = next((place for place in ("/dev/shm",) if os.access(place, os.W_OK)), None)  # noqa: S108 - mkdtemp makes a place in it
"""Where files need no disk: a simulated death leaves the page cache as it is, so no sync is needed either."""


@pytest.fixture
def directory() -> Iterator[Path]:
    """A place for files that need not outlive a power cut."""
    place = Path(tempfile.mkdtemp(prefix="ai-traces-", dir=MEMORY))
    yield place
    shutil.rmtree(place)


@pytest.fixture
def directories() -> Iterator[Callable[[], Path]]:
    """Make such places, as many as wanted."""
    places: list[Path] = []

    def make() -> Path:
        places.append(Path(tempfile.mkdtemp(prefix="ai-traces-", dir=MEMORY)))
        return places[-1]

    yield make
    for place in places:
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
async def world(directory: Path) -> AsyncIterator[World]:
    """An ai-traces that has just started, with no logs."""
    world = World(directory)
    await world.start()
    world.forget_requests()
    yield world
    await world.close()


@pytest.fixture
def reporting(world: World) -> None:
    """Let what people change in our blocks stay."""
    world.rules = replace(world.rules, keep_edits=True)
    world.reconciler = Reconciler(world.rules, world.store, world.gateway, world.clock)
    world.worker = Worker(
        world.backlog, world.reconciler, now=world.clock, jitter=lambda: 0.5, report=world._report
    )


@pytest.fixture
def place(directory: Path) -> Place:
    """Thirty logs, and an empty database."""
    notion = Emulator()
    notion.create_database()
    place = Place(directory, notion)
    for number in range(30):
        place.write(f"{number:02}.md", f"# Execution Log: T-{number}\n\nText.\n")
    return place
