"""Write and rename log files atomically, never over something else."""

import fcntl
import os
import secrets
import signal
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from daemon.text_files import sync_directory

_MODE = 0o666
"""The mode of a new file before the umask."""


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file as it was read.

    Attributes:
        content: All of its bytes.
        version: A value that changes whenever the file is written, replaced or renamed.
        mode: Its permissions.
    """

    content: bytes = field(repr=False)
    version: tuple[int, ...]
    mode: int


class Changed(Exception):
    """The file has changed since it was read, or somebody is writing it."""


def read_file(path: Path) -> SeenFile:
    """Return the content of a file with its version.

    Raises:
        Changed: It was written while it was read.
        OSError: It cannot be read.
    """
    # O_NONBLOCK: a FIFO would block for ever.
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:  # noqa: PTH123 - of a descriptor
        before = os.fstat(file.fileno())
        if stat.S_ISDIR(before.st_mode):
            raise IsADirectoryError(f"{path} is a directory")
        content = file.read()
        after = os.fstat(file.fileno())
    if _version(before) != _version(after):
        raise Changed
    return SeenFile(content, _version(after), stat.S_IMODE(after.st_mode))


def put_new(path: Path, content: bytes) -> None:
    """Create a file that appears complete under its name and outlasts a power failure.

    Raises:
        FileExistsError: The name is taken; what has it is unchanged.
    """
    if os.path.lexists(path):
        raise FileExistsError(f"{path} exists")
    draft = _draft(path, content, _MODE)
    try:
        _give_name(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    sync_directory(path.parent)


def replace_unchanged(path: Path, content: bytes, *, seen: SeenFile) -> None:
    """Replace the content of a file in one step, provided that it has not changed since it was read.

    Raises:
        Changed: It has changed, is a symlink, or is open for writing elsewhere; it is left unchanged.
    """
    draft = _draft(path, content, seen.mode)
    try:
        draft.chmod(seen.mode)
        if _is_being_written(path) or _version(path.lstat()) != seen.version:
            raise Changed
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_directory(path.parent)


def rename_new(path: Path, name: str) -> Path:
    """Rename a file within its directory and return its new path.

    Raises:
        FileExistsError: The new name is taken; both files are unchanged.
    """
    target = path.with_name(name)
    if os.path.lexists(target):
        raise FileExistsError(f"{target} exists")
    _give_name(path, target)
    path.unlink(missing_ok=True)
    sync_directory(path.parent)
    return target


def _draft(path: Path, content: bytes, mode: int) -> Path:
    """Write the content to a hidden file beside the target, which nobody takes for a log."""
    draft = path.with_name(f".ai-traces-{secrets.token_hex(8)}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - of a descriptor
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft


def _give_name(source: Path, target: Path) -> None:
    """Give a file another name unless that is taken, by a hard link if possible, else by moving it."""
    try:
        target.hardlink_to(source)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links: reserve the name first, so that nobody else can take it.
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODE))
        source.replace(target)


def _is_being_written(path: Path) -> bool:
    """Return whether another process has the file open for writing; False if the system cannot tell."""
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    with suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            # Whoever opens the file meanwhile waits, and we get a signal that is otherwise ignored.
            fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        finally:
            os.close(descriptor)
    return False


def _version(status: os.stat_result) -> tuple[int, ...]:
    # Includes the ctime, which unlike the mtime no program can set.
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
