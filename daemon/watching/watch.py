"""Watch for changes below the logs directory. An event is a hint; only a scan shows what is there."""

import os
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)

from daemon.watching.health import (
    WATCH_LIMIT_HINT,
    Deaf,
    Health,
    Healthy,
    ScanOnly,
    cannot_watch,
    file_system_of,
    is_silent,
    unwatched,
)
from daemon.watching.observer import (
    is_watched,
    new_observer,
    reader_is_alive,
    report_overflow,
    watched_directories,
)
from daemon.watching.scan import RootIdentity, identity, same_root
from sync.log_path import accepts, is_visible, to_log_path
from sync.names import LogPath

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver


@dataclass(frozen=True, slots=True)
class Touched:
    """A log may have changed, appeared or gone. `closed` means that nobody is writing to it any more."""

    path: LogPath
    closed: bool


@dataclass(frozen=True, slots=True)
class TouchedTree:
    """Any log below a directory may have changed, appeared or gone; an empty path is the logs directory."""

    path: LogPath


Touch: TypeAlias = Touched | TouchedTree

# Neither opened nor closed-without-writing: our own reading would cause events for ever. Modified is needed
# for a log that is appended to and kept open, which only the next rescan would find otherwise; in a burst of
# 50,000 files it means 1.6 times as many events and no overflow.
_HEARD: tuple[type[FileSystemEvent], ...] = (
    FileCreatedEvent,
    FileModifiedEvent,
    FileClosedEvent,
    FileMovedEvent,
    FileDeletedEvent,
    DirCreatedEvent,
    DirMovedEvent,
    DirDeletedEvent,
)
_STOP_TIMEOUT = 3.0  # seconds; with the rest of the shutdown it stays below 5


class Watcher:
    """Watch the logs directory from `start` to `stop`.

    Args:
        root: The logs directory.
        deliver: Called with every touch in a thread of watchdog's; it may only pass the touch on.
        on_overflow: Called in such a thread when events were lost and everything has to be scanned.
    """

    def __init__(
        self, root: Path, *, deliver: Callable[[Touch], None], on_overflow: Callable[[], None]
    ) -> None:
        self._root = root
        self._deliver = deliver
        self._on_overflow = on_overflow
        self._observer: BaseObserver | None = None
        self._listener: _Listener | None = None
        self._identity: RootIdentity | None = None
        self._place = root
        self._scan_only: ScanOnly | None = None
        self.is_local = False
        """Whether the logs are on a local disk, where looking at a directory never blocks for long."""

    def start(self) -> Health:
        """Begin to watch and return how well that works; earlier changes are for a scan to find.

        Raises:
            RootUnavailable: The logs directory cannot be opened.
        """
        self._identity = self._scan_only = None
        self._identity = identity(self._root)
        self._place = Path(os.path.realpath(self._root))
        # For each new directory watchdog warns, with the text of all its watches.
        warnings.filterwarnings("ignore", category=RuntimeWarning, module="watchdog")
        kind = file_system_of(self._root)
        self.is_local = bool(kind) and not is_silent(kind)
        if is_silent(kind):
            self._scan_only = ScanOnly(
                f"the logs are on a file system ({kind}) that does not report every change"
            )
            return self._scan_only
        try:
            self._watch(str(self._place))
        except OSError as error:
            self.stop()
            identity(self._root)  # raises if the root was removed meanwhile, so no limit is to blame
            self._scan_only = cannot_watch(error)
        return self.health()

    def stop(self) -> None:
        """Stop watching; nothing is delivered afterwards."""
        if self._listener is not None:
            self._listener.muted = True
        if self._observer is not None:
            self._observer.stop()
            if self._observer.is_alive():
                self._observer.join(_STOP_TIMEOUT)
        self._observer = self._listener = None

    def restart(self) -> Health:
        """Stop, and watch what is the logs directory now; changes in between are for a scan to find.

        Raises:
            RootUnavailable: The logs directory cannot be opened.
        """
        self.stop()
        return self.start()

    def health(self) -> Health:
        """Return whether changes are still reported; cheap enough for every few seconds."""
        observer, listener = self._observer, self._listener
        if not self._is_in_place():
            return Deaf("the logs directory was removed, replaced or unmounted")
        if self._scan_only is not None:
            return self._scan_only
        if observer is None or listener is None:
            return Deaf("nothing is watched")
        failure = _failure(observer, str(self._place)) or listener.failure
        return Deaf(failure) if failure else Healthy()

    def coverage(self, directories: Iterable[LogPath]) -> Health:
        """Return the health, with regard also to whether each of these directories is watched."""
        observer, health = self._observer, self.health()
        if observer is None or not isinstance(health, Healthy):
            return health
        watched = watched_directories(observer)
        missing = 0 if watched is None else unwatched(self._place, directories, watched)
        return ScanOnly(f"{missing} directories are not watched", WATCH_LIMIT_HINT) if missing else health

    def _is_in_place(self) -> bool:
        """Return whether the root is unchanged, under its name and under the path that is watched."""
        known = self._identity
        return (
            known is not None
            and same_root(self._root, known)
            and (self._place == self._root or same_root(self._place, known))
        )

    def _watch(self, root: str) -> None:
        self._observer = new_observer()
        if self._observer is None:
            self._scan_only = ScanOnly("this platform has no events that can be relied upon")
            return
        self._listener = _Listener(root, self._deliver)
        self._observer.schedule(self._listener, root, recursive=True, event_filter=list(_HEARD))
        self._observer.start()
        report_overflow(self._observer, self._on_overflow)


class _Listener(FileSystemEventHandler):
    """Turn events into touches. No exception escapes, as it would end watchdog's thread."""

    def __init__(self, root: str, deliver: Callable[[Touch], None]) -> None:
        self._prefix = root.rstrip("/") + "/"
        self._root = root
        self._deliver = deliver
        self.muted = False
        self.failure = ""

    def on_any_event(self, event: FileSystemEvent) -> None:
        try:
            for touch in self._touches(event):
                if not self.muted:
                    self._deliver(touch)
        except Exception as error:  # noqa: BLE001 - the thread must survive anything; `health` reports it
            self.failure = f"an event could not be handed over ({error!r})"

    def _touches(self, event: FileSystemEvent) -> Iterable[Touch]:
        source = self._relative(event.src_path)
        target = self._relative(event.dest_path)
        if event.is_directory:
            trees = (each for each in (source, target) if each is not None)
            return [TouchedTree(to_log_path(tree)) for tree in trees if not tree or is_visible(tree)]
        paths = [(source, not isinstance(event, (FileCreatedEvent, FileModifiedEvent))), (target, True)]
        return [Touched(to_log_path(path), closed) for path, closed in paths if path and accepts(path)]

    def _relative(self, path: bytes | str) -> str | None:
        text = os.fsdecode(path)
        if text == self._root:
            return ""
        return text.removeprefix(self._prefix) if text.startswith(self._prefix) else None


def _failure(observer: "BaseObserver", root: str) -> str:
    if not observer.is_alive():
        return "the thread that hands events over has ended"
    if not observer.emitters or not all(emitter.is_alive() for emitter in observer.emitters):
        return "the thread that watches the logs directory has ended"
    if not reader_is_alive(observer):
        return "the thread that reads events from the kernel has ended"
    return "" if is_watched(observer, root) else "the kernel does not watch the logs directory any more"
