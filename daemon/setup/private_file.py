"""Files that only their owner reads, replaced as a whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from sync.errors import ConfigurationError


def read_text(path: Path) -> str:
    """Return the text of a file; empty when there is none.

    Raises:
        ConfigurationError: It is there and cannot be read as text.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "this is not text in UTF-8"
        raise ConfigurationError(f"{path} cannot be read ({reason})", "Mend or remove that file") from None


def write_text(path: Path, text: str) -> None:
    """Replace a file, for the eyes of its owner only; a symlink stays one.

    Raises:
        ConfigurationError: It cannot be written; the old file is then as it was.
    """
    target = Path(os.path.realpath(path))
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(prefix=f"{target.name}.", dir=target.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(target)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
        _make_durable(target.parent)
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written ({error.strerror})", "Make its directory writable for this user"
        ) from None


def _make_durable(directory: Path) -> None:
    """Have the new name on the disk, where the file system can."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
