"""Give a file another text: all of it at one instant, and still there after a loss of power."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def replace_text(path: Path, text: str, *, mode: int) -> None:
    """Replace a file, or make it; one that cannot be written stays as it was.

    Args:
        path: The file; its directory is there. A symlink gives way to a file.
        text: What it holds then, to the byte in UTF-8.
        mode: Who may read it then.

    Raises:
        OSError: It cannot be written.
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
    _make_durable(path.parent)


def _make_durable(directory: Path) -> None:
    """Have the new name on the disk, where the file system can."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
