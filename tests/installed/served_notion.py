"""Serve a Notion on a port."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias, TypeVar

from sync.notion.emulator import Emulator, Fault
from sync.notion.emulator.journal import JournalEntry
from sync.notion.emulator.server import serve
from tests.installed.patience import PATIENCE

T = TypeVar("T")

Json: TypeAlias = Any
"""Any JSON value."""


class Notion:
    """An emulator that is served from a thread of its own, and is only accessed on that thread."""

    def __init__(self, emulator: Emulator, loop: asyncio.AbstractEventLoop, url: str) -> None:
        self._emulator = emulator
        self._loop = loop
        self.url = url

    def ask(self, question: Callable[[Emulator], T]) -> T:
        """Call a function with the emulator, on its thread, and return the result."""

        async def answer() -> T:
            return question(self._emulator)

        return asyncio.run_coroutine_threadsafe(answer(), self._loop).result(PATIENCE)

    def suffers(self, *faults: Fault) -> None:
        """Let these faults happen from now on."""
        self.ask(lambda emulator: emulator.faults.add(*faults))

    def dump(self) -> list[Json]:
        """Return every page, including those in the trash."""
        return self.ask(lambda emulator: emulator.dump())

    def pages(self) -> dict[str, Json]:
        """Return every page by the path of its log; fail if a log has two."""
        found: dict[str, Json] = {}
        for page in self.dump():
            path = page["properties"]["Log Path"]
            assert path not in found, f"two pages of {path}"
            found[path] = page
        return found

    def count(self) -> int:
        """Return the number of pages, including those in the trash."""
        return self.ask(lambda emulator: sum(len(s.rows) for s in emulator.workspace.data_sources.values()))

    def journal(self) -> list[JournalEntry]:
        """Return the requests so far."""
        return self.ask(lambda emulator: list(emulator.journal))

    def writes(self) -> list[JournalEntry]:
        """Return the requests that could change something."""
        return [entry for entry in self.journal() if entry.is_write]

    def creates(self) -> int:
        """Return the number of requests to create a page."""
        return sum(entry.method == "POST" and entry.path == "/v1/pages" for entry in self.journal())

    def forget_requests(self) -> None:
        """Clear the journal."""
        self.ask(lambda emulator: emulator.journal.clear())


@contextmanager
def served(emulator: Emulator) -> Iterator[Notion]:
    """Serve an emulator until the context ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    door = serve(emulator)
    url = asyncio.run_coroutine_threadsafe(door.__aenter__(), loop).result(PATIENCE)
    try:
        yield Notion(emulator, loop, url)
    finally:
        asyncio.run_coroutine_threadsafe(door.__aexit__(None, None, None), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()
