"""The observer of this platform, and its failures that watchdog 7.1.0 does not report."""
# ruff: noqa: SLF001 - watchdog has no public way to ask for either

import os
import sys
from collections.abc import Callable

from watchdog.observers.api import BaseObserver

if sys.platform == "linux":
    from watchdog.observers.inotify import InotifyEmitter, InotifyObserver, InotifyWatchGroup

    def new_observer() -> BaseObserver | None:
        """Return an observer with reliable events; None if the platform has none."""
        return InotifyObserver()

    def reader_is_alive(observer: BaseObserver) -> bool:
        """Tell whether the thread lives that reads events from the kernel."""
        return isinstance(observer, InotifyObserver) and observer._inotify_fd.is_alive()

    def watched_directories(observer: BaseObserver) -> frozenset[bytes] | None:
        """Return which directories are watched, one by one; None where one watch covers a whole tree."""
        # A directory that may not be read is among watchdog's too, with an impossible descriptor.
        return frozenset(
            path
            for group in _groups(observer)
            for path, descriptor in group._active_callbacks_by_path.copy().items()
            if descriptor >= 0
        )

    def is_watched(observer: BaseObserver, directory: str) -> bool:
        """Tell whether the kernel still watches a directory: after an unmount it no longer does, silently."""
        return any(os.fsencode(directory) in group._active_callbacks_by_path for group in _groups(observer))

    def report_overflow(observer: BaseObserver, on_overflow: Callable[[], None]) -> None:
        """Have `on_overflow` called when the kernel dropped events, on the thread that reads them."""
        for group in _groups(observer):
            rebuild = group.on_queue_overflow

            def report(rebuild: Callable[[], None] = rebuild) -> None:
                try:
                    rebuild()
                finally:
                    on_overflow()

            group.on_queue_overflow = report  # type: ignore[method-assign]

    def _groups(observer: BaseObserver) -> list[InotifyWatchGroup]:
        emitters = [each for each in observer.emitters if isinstance(each, InotifyEmitter)]
        return [emitter._inotify for emitter in emitters if emitter._inotify is not None]

else:
    _FSEVENTS_LATENCY = 0.5  # seconds; at watchdog's 0.01 one save is reported several times

    def new_observer() -> BaseObserver | None:
        """Return an observer with reliable events; None if the platform has none."""
        try:
            from watchdog.observers.fsevents import FSEventsObserver  # noqa: PLC0415 - may be built without it
        except ImportError:
            return None  # kqueue needs an open file for every log
        return FSEventsObserver(latency=_FSEVENTS_LATENCY)

    def reader_is_alive(observer: BaseObserver) -> bool:
        """Tell whether the thread lives that reads events from the kernel."""
        return bool(observer.emitters)

    def watched_directories(observer: BaseObserver) -> frozenset[bytes] | None:  # noqa: ARG001 - one signature
        """Return which directories are watched, one by one; None where one watch covers a whole tree."""
        return None

    def is_watched(observer: BaseObserver, directory: str) -> bool:  # noqa: ARG001 - one signature
        """Tell whether a directory is still watched."""
        return bool(observer.emitters)

    def report_overflow(observer: BaseObserver, on_overflow: Callable[[], None]) -> None:
        """Have `on_overflow` called when events were dropped: FSEvents does not say so through watchdog."""
