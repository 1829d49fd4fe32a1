"""Watch a directory and keep what the watcher delivers."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.watching.health import Healthy
from daemon.watching.scan import pieces
from daemon.watching.watch import Touch, Touched, TouchedTree, Watcher
from sync.names import LogPath
from tests.worlds.patience import PATIENCE

if TYPE_CHECKING:
    from watchdog.observers.inotify import InotifyObserver


@dataclass
class Ear:
    """Keep what a watcher has delivered so far."""

    touches: list[Touch] = field(default_factory=list)
    overflows: list[int] = field(default_factory=list)

    def hears(self, touch: Touch) -> bool:
        """Wait for a touch; return whether it came before the deadline."""
        return until(lambda: touch in self.touches)

    def paths(self) -> set[str]:
        """Return the paths of the logs that were touched."""
        return {touch.path for touch in self.touches if isinstance(touch, Touched)}


def until(holds: Callable[[], bool]) -> bool:
    """Wait until a condition holds; return whether it did before the deadline."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


@contextmanager
def watching(root: Path) -> Iterator[tuple[Watcher, Ear]]:
    """Watch a directory until the context ends."""
    ear = Ear()
    watcher = Watcher(root, deliver=ear.touches.append, on_overflow=lambda: ear.overflows.append(1))
    assert watcher.start() == Healthy()
    try:
        yield watcher, ear
    finally:
        watcher.stop()


def inside() -> "InotifyObserver":
    """Return watchdog's own observer, for tests that break it."""
    from watchdog.observers.inotify import InotifyObserver  # noqa: PLC0415 - only Linux has it

    (observer,) = [each for each in threading.enumerate() if isinstance(each, InotifyObserver)]
    return observer


def tree(path: str) -> TouchedTree:
    """Return what is delivered when a directory is touched."""
    return TouchedTree(LogPath(path))


def entered(root: Path) -> list[LogPath]:
    """Return the directories that a scan enters, in order."""
    directories: list[LogPath] = []
    list(pieces(root, unlistable=lambda _: None, entered=directories.append))
    return directories


def touched(path: str, *, closed: bool) -> Touched:
    """Return what is delivered when a log is touched."""
    return Touched(LogPath(path), closed)
