"""Worlds, places and directories for one test each."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sync.notion.emulator import Emulator
from sync.reconcile import Reconciler
from tests.installed.memory import MEMORY
from tests.worlds.manager import Manager, managing
from tests.worlds.patient import Patient, healthy
from tests.worlds.place import Place
from tests.worlds.world import World


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
    world.employ(Reconciler(world.rules, world.store, world.gateway, world.clock))


@pytest.fixture
def place(directory: Path) -> Place:
    """Thirty logs, and an empty database."""
    notion = Emulator()
    notion.create_database()
    place = Place(directory, notion)
    for number in range(30):
        place.write(f"{number:02}.md", f"# Execution Log: T-{number}\n\nText.\n")
    return place


@pytest.fixture
def empty(directory: Path) -> Place:
    """A place without logs, where nothing is scanned unless it has to be."""
    notion = Emulator()
    notion.create_database()
    (directory / "logs").mkdir()
    return Place(directory, notion, changed={"AI_TRACES_RESCAN_SECONDS": "0"})


@pytest.fixture
def patient(tmp_path: Path) -> Patient:
    """Give the doctor one in good health."""
    return healthy(tmp_path)


@pytest.fixture
def manager(directory: Path) -> Iterator[Manager]:
    """Give a service somebody who listens."""
    with managing(directory) as manager:
        yield manager
