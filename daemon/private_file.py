"""Files that only their owner reads, replaced as a whole or not at all."""

import os
from pathlib import Path

from daemon.replacing import replace_text
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
        replace_text(target, text, mode=0o600)
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written ({error.strerror})", "Make its directory writable for this user"
        ) from None
