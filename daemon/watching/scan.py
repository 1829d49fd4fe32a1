"""Walk the logs directory: the truth that events only hint at."""

import os
import stat
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

from sync.files import RootUnavailable, Stamp, open_root, storable
from sync.log_path import accepts, is_visible, to_log_path
from sync.names import LogPath


class Found(NamedTuple):
    """A log, and the stamp that it had when the scan came past: flat, as the state remembers it."""

    path: LogPath
    size: int
    mtime_ns: int
    inode: int

    @property
    def stamp(self) -> Stamp:
        """What tells whether it has changed."""
        return Stamp(self.size, self.mtime_ns, self.inode)


@dataclass(frozen=True, slots=True)
class Unlistable:
    """A directory or file that the scan could not look at: what lies there is unknown, not absent."""

    path: LogPath
    reason: str

    def covers(self, path: LogPath) -> bool:
        """Tell whether nothing is known of this log."""
        return path == self.path or path.startswith(f"{self.path}/")


ScanResult: TypeAlias = Found | Unlistable


PIECE = 900
"""Logs that are compared at a time, and hardly ever more than twice as many."""


# As its constructor does, which Python writes in Python: once for each log, that can be measured.
_found = partial(tuple.__new__, Found)


def _unnoticed(_: LogPath) -> None:
    """Take no note of a directory."""


class RootIdentity(NamedTuple):
    """Which directory the root is, whatever its name."""

    device: int
    inode: int


def identity(root: Path) -> RootIdentity:
    """Return which directory the root is now.

    Raises:
        RootUnavailable: It is missing, no directory, or not ours to open.
    """
    descriptor = open_root(root)
    try:
        return _identity(descriptor)
    finally:
        os.close(descriptor)


def same_root(root: Path, known: RootIdentity) -> bool:
    """Tell whether the root is still the directory that it was: not replaced, renamed or unmounted."""
    try:
        return identity(root) == known
    except RootUnavailable:
        return False


class _Level(NamedTuple):
    """A directory that is being gone through.

    Attributes:
        descriptor: Of the open directory.
        path: Relative to the root, with a slash at its end; empty for the root.
        names: What is still to be looked at; those of directories end with a slash.
    """

    descriptor: int
    path: str
    names: Iterator[str]


def scan(root: Path) -> Iterator[ScanResult]:
    """Yield every log below a directory in the order of their paths.

    No symlink is followed. Only a scan that was exhausted says anything about the logs that it did not yield.

    Raises:
        RootUnavailable: The root is missing, cannot be listed or became another directory meanwhile, so that
            nothing is known of any log.
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
    """Yield the same logs many at a time, for who compares them: steps for each log are what a scan costs.

    Args:
        root: The logs directory.
        unlistable: Told of what could not be looked at.
        entered: Told of each directory that is listed, the root among them, whose path is empty.

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
    """Yield logs that follow one another in one directory, no more than a piece of them at once."""
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
        return _Level(descriptor, "", _listed(descriptor))
    except OSError as error:
        os.close(descriptor)
        raise RootUnavailable(
            f"The logs directory {root} cannot be listed ({_reason(error)})",
            "Let the user that runs ai-traces read it",
        ) from error


def _level_below(level: _Level, name: str) -> _Level | Unlistable | None:
    path = f"{level.path}{name}"
    descriptor = None
    try:
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(name[:-1], flags, dir_fd=level.descriptor)
        return _Level(descriptor, path, _listed(descriptor))
    except OSError as error:
        if descriptor is not None:
            os.close(descriptor)
        if isinstance(error, (FileNotFoundError, NotADirectoryError)):
            return None  # removed since its parent was listed, or a symlink
        return Unlistable(to_log_path(path[:-1]), _reason(error))


def _listed(descriptor: int) -> Iterator[str]:
    """List a directory: names alone, as there may be a million of them."""
    with os.scandir(descriptor) as entries:
        names = [
            f"{entry.name}/" if is_directory else entry.name
            for entry in entries
            if ((is_directory := entry.is_dir(follow_symlinks=False)) and is_visible(entry.name))
            or (not is_directory and accepts(entry.name))
        ]
    together = "".join(names)
    names.sort(key=None if to_log_path(together) == together else to_log_path)
    return iter(names)


def _logs(level: _Level) -> Generator[Sequence[Found] | Unlistable, None, str | None]:
    """Yield the logs up to the next directory, and return its name; None at the end."""
    descriptor, above, names = level
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
            if (changed | inode) >> 63:  # hardly ever: the calls would cost a scan a fortieth
                changed, inode = storable(changed), storable(inode)
            logs.append(_found((to_log_path(above + name), status.st_size, changed, inode)))
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
