"""Set up a Notion on a port and the product beside it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeAlias

from sync.notion.emulator import Emulator
from tests.installed.product import Product, installed
from tests.installed.served_notion import Notion, served

Stage: TypeAlias = Callable[[Path, Emulator], AbstractContextManager[tuple[Product, Notion]]]


@contextmanager
def staged(home: Path, emulator: Emulator) -> Iterator[tuple[Product, Notion]]:
    """Serve an emulator and install the product beside it, until the context ends."""
    home.mkdir(exist_ok=True)
    with served(emulator) as notion, installed(home, notion.url) as product:
        yield product, notion
