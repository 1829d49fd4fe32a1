"""Read logs as they are on disk: whole, at one instant, and never from outside their directory."""

import errno
import hashlib
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeAlias

from sync.errors import LogUnreadable
from sync.log_path import resolve, to_fs_relative
from sync.names import Digest, LogPath
from sync.page.oversize import Gap, fence_after

MAX_WHOLE = 20_000_000
"""Bytes of a log that is kept whole in memory: as much as Notion takes as a file."""

_LONG = 256 * 1024
"""Bytes of a log that is read and hashed within a millisecond."""

_END = 256 * 1024
"""Bytes kept of each end: more than a page shows, and a multiple of every code unit."""

_PIECE = 1024 * 1024
_LONGEST_FENCE = 1024


@dataclass(eq=False)
class RootUnavailable(LogUnreadable):
    """The logs directory itself is missing or cannot be opened; nothing follows about any log in it."""


_OUT_OF_RANGE = 1 << 63
"""The first number that is too large for the state to keep."""


def storable(number: int) -> int:
    """Return a number of a file as the state can keep it: beyond 63 bits it is counted round, as on dials."""
    if -_OUT_OF_RANGE <= number < _OUT_OF_RANGE:
        return number
    return (number + _OUT_OF_RANGE) % (2 * _OUT_OF_RANGE) - _OUT_OF_RANGE


class Stamp(NamedTuple):
    """What tells without reading that a file has changed: any inequality, never "newer than"."""

    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Stamp":
        """Take the stamp out of a stat result."""
        return cls(status.st_size, storable(status.st_mtime_ns), storable(status.st_ino))


class NotALogReason(StrEnum):
    """Why a path can never be read as a log."""

    SYMLINK = "symlink"
    DIRECTORY = "directory"
    FIFO = "fifo"
    DEVICE = "device"
    SOCKET = "socket"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class ReadLog:
    """The whole content of a log at one instant, and the stamp that it had then.

    Attributes:
        digest: The hash of the whole content, taken once: that of 20 MB takes long.
    """

    content: bytes = field(repr=False)
    stamp: Stamp
    digest: Digest = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", self._hash())

    def _hash(self) -> Digest:
        return Digest(hashlib.sha256(self.content).hexdigest())


@dataclass(frozen=True, slots=True)
class ReadEnds(ReadLog):
    """The two ends of a log that is too long to be kept whole, and the hash of all of it.

    Attributes:
        gap: What is missing in `content`.
        hashed: The hash of the whole content, taken while it was read.
    """

    gap: Gap
    hashed: Digest

    def _hash(self) -> Digest:
        return self.hashed


@dataclass(frozen=True, slots=True)
class Vanished:
    """There is no file of this path, and the logs directory is there."""


@dataclass(frozen=True, slots=True)
class Unstable:
    """The file changed while it was being read; try again."""


@dataclass(frozen=True, slots=True)
class NotALog:
    """Something that is no regular file inside the logs directory lies there."""

    reason: NotALogReason


ReadResult: TypeAlias = ReadLog | Vanished | Unstable | NotALog


def read_log(root: Path, path: LogPath) -> ReadResult:
    """Read a log whole and at one instant, without ever following a symlink or leaving `root`.

    Of one larger than `MAX_WHOLE` the two ends are kept.

    Raises:
        LogUnreadable: The file is there and cannot be read.
        RootUnavailable: The logs directory itself cannot be opened.
    """
    relative = to_fs_relative(path)
    *directories, name = relative.split("/")
    if any(part in {"", ".", ".."} for part in (*directories, name)) or "\0" in relative:
        return NotALog(NotALogReason.OUTSIDE)
    with _opened_root(root) as root_fd:
        try:
            with _descended(root_fd, directories) as directory:
                return _read(root_fd, relative, directory, name) if isinstance(directory, int) else directory
        except (FileNotFoundError, NotADirectoryError):
            return Vanished()
        except OSError as error:
            if error.errno in {errno.ENAMETOOLONG, errno.EINVAL}:
                return Vanished()  # no file can have that name
            if error.errno in {errno.ELOOP, errno.ESTALE, errno.ENXIO}:
                return Unstable()  # replaced between our look and our open
            raise _unreadable(path, error) from error


def is_long(root: Path, path: LogPath) -> bool:
    """Tell whether reading a log takes so long that other work should go on beside it."""
    try:
        return os.lstat(resolve(root, path)).st_size > _LONG
    except (OSError, ValueError):
        return False


def open_root(root: Path) -> int:
    """Open the logs directory and return its descriptor, which the caller closes.

    Raises:
        RootUnavailable: It is missing, no directory, or not ours to open.
    """
    try:
        return os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise RootUnavailable(
            f"The logs directory {root} cannot be opened ({(error.strerror or 'error').lower()})",
            access_hint(error, of=f"the directory {root}")
            or "Create it, mount it, or set AI_TRACES_LOGS_DIR to where the logs are",
        ) from error


@contextmanager
def _opened_root(root: Path) -> Iterator[int]:
    descriptor = open_root(root)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _descended(root_fd: int, directories: list[str]) -> Iterator[int | NotALog]:
    """Open one directory after the other, so that none of them can be a symlink to elsewhere."""
    current = os.dup(root_fd)
    try:
        for directory in directories:
            if stat.S_ISLNK(os.stat(directory, dir_fd=current, follow_symlinks=False).st_mode):
                yield NotALog(NotALogReason.SYMLINK)
                return
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
            below = os.open(directory, flags, dir_fd=current)
            os.close(current)
            current = below
        yield current
    finally:
        os.close(current)


def _read(root_fd: int, relative: str, directory: int, name: str) -> ReadResult:
    seen = os.stat(name, dir_fd=directory, follow_symlinks=False)
    if not stat.S_ISREG(seen.st_mode):
        return NotALog(_kind(seen.st_mode))
    # O_NONBLOCK: a FIFO that has taken the file's place since would block us for ever.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    with open(os.open(name, flags, dir_fd=directory), "rb") as file:  # noqa: PTH123 - pathlib takes no descriptor
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            return Unstable()
        if before.st_size > MAX_WHOLE:
            reading: ReadLog | None = _read_ends(file, before)
        else:
            content = file.read(before.st_size + 1)
            reading = ReadLog(content, Stamp.of(before)) if len(content) == before.st_size else None
        after = os.fstat(file.fileno())
    path_now = os.stat(relative, dir_fd=root_fd, follow_symlinks=False)
    if reading is None or not _version(before) == _version(after) == _version(path_now):
        return Unstable()
    return reading


def _read_ends(file: BinaryIO, status: os.stat_result) -> ReadEnds | None:
    """Read a long file piece by piece; None when it has another length than it had."""
    head = file.read(_END)
    hashed = hashlib.sha256(head)
    lines, fence, line = 0, b"", head
    left = status.st_size - 2 * _END
    while left and (piece := file.read(min(left, _PIECE))):
        left -= len(piece)
        hashed.update(piece)
        lines += piece.count(b"\n")
        text = line + piece
        begin = text.rfind(b"\n") + 1
        fence = fence_after(text[:begin], fence)
        line = text[begin:][:_LONGEST_FENCE]
    tail = file.read(_END + 1)
    hashed.update(tail)
    if left or len(tail) != _END:
        return None
    gap = Gap(at=len(head), size=status.st_size - 2 * _END, lines=lines, fence=fence)
    return ReadEnds(head + tail, Stamp.of(status), gap, Digest(hashed.hexdigest()))


def _version(status: os.stat_result) -> tuple[int, ...]:
    # The ctime too: a program that sets the mtime back cannot set that.
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _kind(mode: int) -> NotALogReason:
    if stat.S_ISLNK(mode):
        return NotALogReason.SYMLINK
    if stat.S_ISDIR(mode):
        return NotALogReason.DIRECTORY
    if stat.S_ISFIFO(mode):
        return NotALogReason.FIFO
    return NotALogReason.SOCKET if stat.S_ISSOCK(mode) else NotALogReason.DEVICE


def _unreadable(path: LogPath, error: OSError) -> LogUnreadable:
    return LogUnreadable(
        f"{path} cannot be read ({(error.strerror or 'error').lower()})",
        access_hint(error, of=path) or "Check the disk and the file system that it is on",
    )


def access_hint(error: OSError, *, of: str) -> str:
    """Return what lets a file or directory be opened that could not be; empty where that is not known."""
    if sys.platform == "darwin" and error.errno == errno.EPERM:
        return "Give the Python that runs ai-traces Full Disk Access in System Settings, Privacy & Security"
    if error.errno in {errno.EMFILE, errno.ENFILE}:
        return "Raise the limit of open files: ulimit -n 1024"
    if isinstance(error, PermissionError):
        return f"Let the user that runs ai-traces read {of}: chmod u+rX, or change its owner"
    return ""
