"""Run a daemon in this process and keep what it logs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from structlog.testing import capture_logs

from daemon.backfill.tally import Tally
from daemon.presence.notify import Notifier
from daemon.service import Service
from daemon.session import Session
from daemon.watching.watch import Watcher
from tests.worlds.patience import until
from tests.worlds.place import Place


@dataclass(slots=True)
class Living:
    """A running daemon.

    Attributes:
        stop: Ends it when set.
        told: What it has logged so far.
        life: The task that it runs in.
    """

    session: Session
    stop: asyncio.Event
    told: list[Any]
    life: asyncio.Task[None]

    def events(self, name: str) -> list[Any]:
        """Return what it has logged of one event."""
        return [line for line in self.told if line["event"] == name]

    def unwritable(self) -> None:
        """Let every write to the state fail, as on a full disk."""
        self.session.store.connection.execute("PRAGMA query_only = ON")

    def unreadable(self) -> None:
        """Let every read and write of the state fail."""
        self.session.store.connection.set_progress_handler(lambda: 1, 1)

    def usable(self) -> None:
        """Let reads and writes of the state succeed again."""
        self.session.store.connection.set_progress_handler(None, 1)
        self.session.store.connection.execute("PRAGMA query_only = OFF")


@asynccontextmanager
async def living(
    place: Place, *, notifier: Notifier | None = None, watches: type[Watcher] = Watcher
) -> AsyncIterator[Living]:
    """Run a daemon until the context ends."""
    stop = asyncio.Event()
    with capture_logs() as told:
        async with place.session(Tally()) as session:
            service = Service(session, stop, notifier or Notifier({}), watches=watches)
            daemon = Living(session, stop, told, asyncio.create_task(service.run()))
            try:
                yield daemon
            finally:
                daemon.usable()
                stop.set()
                await daemon.life


@asynccontextmanager
async def ready(
    place: Place, *, notifier: Notifier | None = None, watches: type[Watcher] = Watcher
) -> AsyncIterator[Living]:
    """Run a daemon until the context ends, and wait at first until it is connected."""
    async with living(place, notifier=notifier, watches=watches) as daemon:
        await until(lambda: bool(daemon.events("notion.connected")))
        await until(lambda: bool(daemon.events("daemon.ready")))
        yield daemon
