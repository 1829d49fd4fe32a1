"""Replace text files atomically and durably: private ones, and those that a person asks for."""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from sync.errors import ConfigurationError

_FOR_ALL = 0o666


def replace_text(path: Path, text: str, *, mode: int) -> None:
    """Replace or create a file in one step; if that fails, the old file stays as it was.

    Args:
        path: The file. Its directory must exist; a symlink is replaced by a regular file.
        text: The new content, written as UTF-8 without translating line ends.
        mode: The permissions of the new file.

    Raises:
        OSError: The file cannot be written.
    """
    descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Flush a directory, so that new names in it outlast a power failure; some file systems cannot."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_private(path: Path) -> str:
    """Return the text of a file, or an empty text if there is none.

    Raises:
        ConfigurationError: The file exists and cannot be read as text.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "this is not text in UTF-8"
        raise ConfigurationError(f"{path} cannot be read ({reason})", "Mend or remove that file") from None


def write_private(path: Path, text: str) -> None:
    """Replace a file that only its owner may read; a symlink is followed.

    Raises:
        ConfigurationError: The file cannot be written; the old one is unchanged.
    """
    target = Path(os.path.realpath(path))
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_text(target, text, mode=0o600)
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written ({error.strerror})", "Make its directory writable for this user"
        ) from None


def write_output(path: Path, text: str) -> None:
    """Replace a file that a person asked for: it keeps its mode, and a new one gets that of her umask.

    A symlink is followed. A pipe, a terminal or a device is written to, never replaced.

    Raises:
        ConfigurationError: The file cannot be written; the old one is unchanged.
    """
    target = Path(os.path.realpath(path))
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            with path.open("w", encoding="utf-8", newline="") as stream:
                stream.write(text)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_text(target, text, mode=_mode(target))
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written ({error.strerror})", "Name a file in a directory that you may write to"
        ) from None


def _mode(target: Path) -> int:
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        return _FOR_ALL & ~umask
