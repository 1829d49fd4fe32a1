"""Files that a person asks a command to write: hers to share, so her umask says who may read them."""

import os
import stat
from pathlib import Path

from daemon.replacing import replace_text
from sync.errors import ConfigurationError

_FOR_ALL = 0o666


def write_output(path: Path, text: str) -> None:
    """Replace a file, which keeps its mode, or make it as any program would; a symlink stays one.

    A pipe, a terminal or a device is written to: it never gives way to a file.

    Raises:
        ConfigurationError: It cannot be written; the old file is then as it was.
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
