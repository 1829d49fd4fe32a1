"""Scan the logs directory, which shows what is there; events are only hints."""

import os
import stat
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

from sync.files import RootUnavailable, Stamp, access_hint, open_root, storable
from sync.log_path import accepts, is_visible, to_log_path
from sync.names import LogPath


class Found(NamedTuple):
    """A log and its stamp at the time of the scan, flat as in the state's table."""

    path: LogPath
    size: int
    mtime_ns: int
    inode: int

    @property
    def stamp(self) -> Stamp:
        """The stamp, which tells whether the log has changed."""
        return Stamp(self.size, self.mtime_ns, self.inode)


@dataclass(frozen=True, slots=True)
class Unlistable:
    """A directory or file that could not be read: what lies there is unknown, not absent."""

    path: LogPath
    reason: str

    def covers(self, path: LogPath) -> bool:
        """Return whether a log lies here, so that nothing is known of it."""
        return path == self.path or path.startswith(f"{self.path}/")


ScanResult: TypeAlias = Found | Unlistable


PIECE = 900
"""The number of logs in a piece; seldom more than twice as many."""


# Faster than the constructor, which is written in Python; it is called once for each log.
_found = partial(tuple.__new__, Found)


def _unnoticed(_: LogPath) -> None:
    """Ignore a directory."""


class RootIdentity(NamedTuple):
    """The identity of the root directory, whatever its name."""

    device: int
    inode: int


def identity(root: Path) -> RootIdentity:
    """Return the identity of the root directory.

    Raises:
        RootUnavailable: It is missing, is no directory, or may not be opened.
    """
    descriptor = open_root(root)
    try:
        return _identity(descriptor)
    finally:
        os.close(descriptor)


def same_root(root: Path, known: RootIdentity) -> bool:
    """Return whether the root is still the same directory: not replaced, renamed or unmounted."""
    try:
        return identity(root) == known
    except RootUnavailable:
        return False


class _Level(NamedTuple):
    """A directory on the way from the root to where the scan is.

    Attributes:
        descriptor: The open directory.
        path: Its path below the root with a slash at the end; empty for the root.
        names: The names still to look at; those of directories end with a slash.
        plain: Whether every path in it is its own log path; checked at once, which saves a tenth of a scan.
    """

    descriptor: int
    path: str
    names: Iterator[str]
    plain: bool


def scan(root: Path) -> Iterator[ScanResult]:
    """Yield every log below a directory, in the order of their paths.

    No symlink is followed. Only an exhausted scan says anything about the logs that it did not yield.

    Raises:
        RootUnavailable: The root is missing, cannot be listed or was replaced meanwhile, so that nothing is
            known of any log.
    """
    for stretch in _stretches(root, entered=_unnoticed):
        if isinstance(stretch, Unlistable):
            yield stretch
        else:
            yield from stretch


def pieces(
    root: Path,
    *,
    unlistable: Callable[[Unlistable], object],
    entered: Callable[[LogPath], object] = _unnoticed,
) -> Iterator[Sequence[Found]]:
    """Yield the same logs in pieces, which costs less than one at a time.

    Args:
        root: The logs directory.
        unlistable: Called with each place that could not be read.
        entered: Called with each directory that is listed; the root has an empty path.

    Raises:
        RootUnavailable: As for `scan`.
    """
    piece: list[Found] = []
    for stretch in _stretches(root, entered=entered):
        if isinstance(stretch, Unlistable):
            unlistable(stretch)
            continue
        piece += stretch
        if len(piece) >= PIECE:
            yield piece
            piece = []
    if piece:
        yield piece


def _stretches(root: Path, *, entered: Callable[[LogPath], object]) -> Iterator[Sequence[Found] | Unlistable]:
    """Yield runs of consecutive logs in one directory, each no longer than a piece."""
    levels = [_root_level(root)]
    try:
        entered(LogPath(""))
        while levels:
            level = levels[-1]
            directory = yield from _logs(level)
            if directory is None:
                if len(levels) == 1 and not same_root(root, _identity(level.descriptor)):
                    raise RootUnavailable(
                        f"The logs directory {root} was replaced while it was scanned", "Scan it again"
                    )
                os.close(levels.pop().descriptor)
                continue
            below = _level_below(level, directory)
            if isinstance(below, _Level):
                levels.append(below)
                entered(to_log_path(below.path[:-1]))
            elif below is not None:
                yield below
    finally:
        for level in levels:
            os.close(level.descriptor)


def _root_level(root: Path) -> _Level:
    descriptor = open_root(root)
    try:
        return _listed(descriptor, "")
    except OSError as error:
        os.close(descriptor)
        raise RootUnavailable(
            f"The logs directory {root} cannot be listed ({_reason(error)})",
            access_hint(error, of=f"the directory {root}") or "Check the disk that it is on",
        ) from error


def _level_below(level: _Level, name: str) -> _Level | Unlistable | None:
    path = f"{level.path}{name}"
    descriptor = None
    try:
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(name[:-1], flags, dir_fd=level.descriptor)
        return _listed(descriptor, path)
    except OSError as error:
        if descriptor is not None:
            os.close(descriptor)
        if isinstance(error, (FileNotFoundError, NotADirectoryError)):
            return None  # removed since its parent was listed, or a symlink
        return Unlistable(to_log_path(path[:-1]), _reason(error))


def _listed(descriptor: int, path: str) -> _Level:
    """List a directory: names alone, as there may be a million of them."""
    with os.scandir(descriptor) as entries:
        names = [
            f"{entry.name}/" if is_directory else entry.name
            for entry in entries
            if ((is_directory := entry.is_dir(follow_symlinks=False)) and is_visible(entry.name))
            or (not is_directory and accepts(entry.name))
        ]
    together = "".join((path, *names))
    plain = to_log_path(together) == together
    names.sort(key=None if plain else to_log_path)
    return _Level(descriptor, path, iter(names), plain)


def _logs(level: _Level) -> Generator[Sequence[Found] | Unlistable, None, str | None]:
    """Yield the logs up to the next directory and return its name; None at the end of the level."""
    descriptor, above, names, plain = level
    directory = None
    logs: list[Found] = []
    for name in names:
        if name[-1] == "/":
            directory = name
            break
        try:
            status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
        except FileNotFoundError:
            continue
        except OSError as error:
            yield logs
            yield Unlistable(to_log_path(above + name), _reason(error))
            logs = []
            continue
        if stat.S_ISREG(status.st_mode):
            changed, inode = status.st_mtime_ns, status.st_ino
            if (changed | inode) >> 63:  # rare, and asking first saves calls for every other log
                changed, inode = storable(changed), storable(inode)
            path = above + name if plain else to_log_path(above + name)
            logs.append(_found((path, status.st_size, changed, inode)))
            if len(logs) == PIECE:
                yield logs
                logs = []
    yield logs
    return directory


def _reason(error: OSError) -> str:
    return (error.strerror or "error").lower()


def _identity(descriptor: int) -> RootIdentity:
    status = os.fstat(descriptor)
    return RootIdentity(status.st_dev, status.st_ino)
