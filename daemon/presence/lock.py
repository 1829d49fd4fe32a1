"""One process per state directory, by a lock that the kernel releases however its holder dies."""

import fcntl
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from sync.errors import AlreadyRunning, StateUnusable
from sync.state.database import full, has_no_room

LOCK_NAME = "lock"
# `holder` takes the lock for an instant, so whoever finds it taken tries again.
_ATTEMPTS = 5
_PAUSE = 0.02  # seconds

_ROOM = 16_384
"""The size of the file from the start, so that later writes need no space on a full disk."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds a state directory, and the text that it last published."""

    pid: int
    shown: str


class StateLock:
    """Hold the state directory for this process while the context lasts.

    Raises:
        AlreadyRunning: Another process holds it; the message has its pid.
        StateUnusable: The directory cannot be created or written.
        StateFull: The disk is full.
    """

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        path = self._state_dir / LOCK_NAME
        try:
            self._state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise _unwritable(self._state_dir, error) from error
        try:
            _lock(descriptor, self._state_dir)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, _content(""), 0)
        except OSError as error:
            os.close(descriptor)
            raise _unwritable(self._state_dir, error) from error
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # The file stays: removing it would let a third process lock a file that a second one still waits for.
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def show(self, text: str) -> None:
        """Publish a text for whoever asks for the holder; works on a full disk and never raises.

        Args:
            text: One line that fits into the file with the pid; a longer one is not published.
        """
        content = _content(text)
        if self._descriptor is not None and len(content) == _ROOM:
            with suppress(OSError):  # nothing depends on its being read
                os.pwrite(self._descriptor, content, 0)


def holder(state_dir: Path) -> int | None:
    """Return the pid of the process that holds the state directory; None if none does."""
    first = holder_of(state_dir)
    return None if first is None else first.pid


def holder_of(state_dir: Path) -> Holder | None:
    """Return the process that holds the state directory, with its text; None if none does."""
    try:
        descriptor = os.open(state_dir / LOCK_NAME, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(descriptor)
    except OSError:
        return None
    else:
        return None
    finally:
        os.close(descriptor)


def _unwritable(state_dir: Path, error: OSError) -> StateUnusable:
    if has_no_room(error):
        return full(f"The state directory {state_dir}")
    return StateUnusable(
        f"The state directory {state_dir} cannot be written to ({error.strerror})",
        "Give it to the user that runs ai-traces, or set AI_TRACES_STATE_DIR to another one",
    )


def _lock(descriptor: int, state_dir: Path) -> None:
    for _ in range(_ATTEMPTS):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE)
        except OSError as error:
            raise StateUnusable(
                f"The state directory {state_dir} cannot be locked ({error.strerror})",
                "Set AI_TRACES_STATE_DIR to a directory on a local disk",
            ) from error
        else:
            return
    first = _read(descriptor)
    raise AlreadyRunning(
        f"ai-traces is already running{f' as process {first.pid}' if first else ''} on {state_dir}",
        "Stop that process first, or set AI_TRACES_STATE_DIR to another directory",
    )


def _content(text: str) -> bytes:
    return f"{os.getpid()}\n{text}".encode().ljust(_ROOM)


def _read(descriptor: int) -> Holder | None:
    for _ in range(_ATTEMPTS):
        pid, _, shown = os.pread(descriptor, _ROOM, 0).partition(b"\n")
        if pid.isdigit():
            return Holder(int(pid), shown.decode("utf-8", "replace").strip())
        time.sleep(_PAUSE)  # its holder took the lock just now and writes the pid next
    return None
