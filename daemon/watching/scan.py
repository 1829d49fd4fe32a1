"""Walk the logs directory: the truth that events only hint at."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

from sync.files import RootUnavailable, Stamp, open_root
from sync.log_path import accepts, is_visible, to_log_path
from sync.names import LogPath


class Found(NamedTuple):
    """A log, and the stamp that it had when the scan came past."""

    path: LogPath
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Unlistable:
    """A directory or file that the scan could not look at: what lies there is unknown, not absent."""

    path: LogPath
    reason: str

    def covers(self, path: LogPath) -> bool:
        """Tell whether nothing is known of this log."""
        return path == self.path or path.startswith(f"{self.path}/")


Finding: TypeAlias = Found | Unlistable


@dataclass(frozen=True, slots=True)
class RootIdentity:
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


def scan(root: Path) -> Iterator[Finding]:
    """Yield every log below a directory in the order of their paths.

    No symlink is followed. Only a scan that was exhausted says anything about the logs that it did not yield.

    Args:
        root: The logs directory.

    Raises:
        RootUnavailable: The root is missing, cannot be listed or became another directory meanwhile, so that
            nothing is known of any log.
    """
    levels = [_root_level(root)]
    try:
        while levels:
            level = levels[-1]
            name = next(level.names, None)
            if name is None:
                if len(levels) == 1 and not same_root(root, _identity(level.descriptor)):
                    raise RootUnavailable(
                        f"The logs directory {root} was replaced while it was scanned", "Scan it again"
                    )
                os.close(levels.pop().descriptor)
            elif name.endswith("/"):
                below = _level_below(level, name)
                if isinstance(below, _Level):
                    levels.append(below)
                elif below is not None:
                    yield below
            elif (finding := _look_at(level, name)) is not None:
                yield finding
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
    names.sort(key=to_log_path)
    return iter(names)


def _look_at(level: _Level, name: str) -> Finding | None:
    path = to_log_path(f"{level.path}{name}")
    try:
        status = os.stat(name, dir_fd=level.descriptor, follow_symlinks=False)
    except FileNotFoundError:
        return None
    except OSError as error:
        return Unlistable(path, _reason(error))
    return Found(path, Stamp.of(status)) if stat.S_ISREG(status.st_mode) else None


def _reason(error: OSError) -> str:
    return (error.strerror or "error").lower()


def _identity(descriptor: int) -> RootIdentity:
    status = os.fstat(descriptor)
    return RootIdentity(status.st_dev, status.st_ino)
