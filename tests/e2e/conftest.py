"""The product as a person has it: the installed command, as processes of its own, and a Notion on a port."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.notion.emulator import Emulator
from tests.installed.material import Material
from tests.installed.patience import Wait, until
from tests.installed.product import Product, installed
from tests.installed.served_notion import Notion, served
from tests.installed.stage import Stage, staged


@pytest.fixture(autouse=True, scope="session")
def interruptible() -> None:
    """Let the programs be interrupted, also where a shell runs the tests in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def notion() -> Iterator[Notion]:
    """Give a Notion with an empty database AI Traces, which has none of our properties yet."""
    emulator = Emulator()
    emulator.create_database()
    with served(emulator) as notion:
        yield notion


@pytest.fixture
def product(tmp_path: Path, notion: Notion) -> Iterator[Product]:
    """Give the product, with an empty logs directory and no state."""
    with installed(tmp_path, notion.url) as product:
        yield product


@pytest.fixture(scope="session")
def stage() -> Stage:
    """Give `staged`: an emulator served, and the product installed beside it."""
    return staged


@pytest.fixture
def wait() -> Wait:
    """Give `until`: wait until something is so, and tell how long that took."""
    return until


@pytest.fixture(scope="session")
def material() -> Material:
    """Give what logs are made of."""
    return Material()
