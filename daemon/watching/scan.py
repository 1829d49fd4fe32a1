"""Walk the logs directory: the truth that events only hint at."""

import os
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


def scan(root: Path) -> Iterator[Finding]:
    """Yield every log below a directory, one directory after the other, by name within each.

    No symlink is followed. Only a scan that was exhausted says anything about the logs that it did not yield.

    Args:
        root: The logs directory.

    Raises:
        RootUnavailable: The root is missing, cannot be listed or became another directory meanwhile, so that
            nothing is known of any log.
    """
    root_fd = open_root(root)
    try:
        waiting = [""]
        while waiting:
            findings, subdirectories = _look_into(root_fd, root, waiting.pop())
            yield from findings
            waiting.extend(reversed(subdirectories))
        if not same_root(root, _identity(root_fd)):
            raise RootUnavailable(
                f"The logs directory {root} was replaced while it was scanned", "Scan it again"
            )
    finally:
        os.close(root_fd)


def _look_into(root_fd: int, root: Path, directory: str) -> tuple[list[Finding], list[str]]:
    """List one directory: what is known of its files, and its subdirectories."""
    findings: list[Finding] = []
    subdirectories: list[str] = []
    try:
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(directory or ".", flags, dir_fd=root_fd)
    except OSError as error:
        return _unlisted(root, directory, error), []
    try:
        for entry in _listed(descriptor):
            relative = f"{directory}/{entry.name}" if directory else entry.name
            if entry.is_dir(follow_symlinks=False):
                if is_visible(entry.name):
                    subdirectories.append(relative)
            elif accepts(relative) and (finding := _look_at(entry, relative)) is not None:
                findings.append(finding)
    except OSError as error:
        findings.extend(_unlisted(root, directory, error))
    finally:
        os.close(descriptor)
    return findings, subdirectories


def _listed(descriptor: int) -> list[os.DirEntry[str]]:
    with os.scandir(descriptor) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _look_at(entry: os.DirEntry[str], relative: str) -> Finding | None:
    try:
        if entry.is_file(follow_symlinks=False):
            return Found(to_log_path(relative), Stamp.of(entry.stat(follow_symlinks=False)))
    except FileNotFoundError:
        return None
    except OSError as error:
        return Unlistable(to_log_path(relative), _reason(error))
    return None


def _unlisted(root: Path, directory: str, error: OSError) -> list[Finding]:
    if not directory:
        raise RootUnavailable(
            f"The logs directory {root} cannot be listed ({_reason(error)})",
            "Let the user that runs ai-traces read it",
        ) from error
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return []  # removed since its parent was listed, or a symlink
    return [Unlistable(to_log_path(directory), _reason(error))]


def _reason(error: OSError) -> str:
    return (error.strerror or "error").lower()


def _identity(descriptor: int) -> RootIdentity:
    status = os.fstat(descriptor)
    return RootIdentity(status.st_dev, status.st_ino)
