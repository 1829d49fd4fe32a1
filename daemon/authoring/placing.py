"""Put files where logs are read: whole at one instant, and never over something else."""

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
"""As any new file: the umask decides."""


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file as it was read.

    Attributes:
        version: Another one whenever the file was written to, replaced or given another name.
    """

    content: bytes = field(repr=False)
    version: tuple[int, ...]
    mode: int


class Changed(Exception):
    """The file is not what was read, or somebody is writing it."""


def read_file(path: Path) -> SeenFile:
    """Return all that is in a file, and what tells later whether it has changed.

    Raises:
        Changed: It was written to meanwhile.
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
    """Write a new file that appears under its name whole, and outlasts a loss of power.

    Raises:
        FileExistsError: Something of this name is there; it stays as it is.
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
    """Replace a file by another content at one instant, as long as it is what was read.

    Raises:
        Changed: It is not, it is a symlink, or somebody has it open to write; it stays as it is.
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
    """Give a file another name in its directory, and return its new path.

    Raises:
        FileExistsError: Something of the new name is there; both stay as they are.
    """
    target = path.with_name(name)
    if os.path.lexists(target):
        raise FileExistsError(f"{target} exists")
    _give_name(path, target)
    path.unlink(missing_ok=True)
    sync_directory(path.parent)
    return target


def _draft(path: Path, content: bytes, mode: int) -> Path:
    """Write the content under a hidden name beside the file, which nobody takes for a log."""
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
    """Give a file a second name unless it is taken; where there are no second names, move it."""
    try:
        target.hardlink_to(source)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links. The name is taken first, so that nobody else can have it.
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODE))
        source.replace(target)


def _is_being_written(path: Path) -> bool:
    """Tell whether another process has the file open to write; False where the system cannot tell."""
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    with suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            # Who opens the file meanwhile waits, and we are told by a signal that means nothing else here.
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
    # The ctime too: a program that sets the mtime back cannot set that.
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
