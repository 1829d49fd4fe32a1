"""Write the files of a service where its manager looks for them, and remove them."""

from collections.abc import Iterable
from pathlib import Path

from daemon.install.deployment import ServiceFile
from daemon.text_files import replace_text
from sync.errors import ConfigurationError


def put(directory: Path, files: Iterable[ServiceFile]) -> list[Path]:
    """Write, atomically, each file that is missing or differs; return those.

    Raises:
        ConfigurationError: The directory cannot be written.
    """
    changed = []
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for file in files:
            path = directory / file.name
            if _text(path) != file.text:
                replace_text(path, file.text, mode=0o644)
                changed.append(path)
    except OSError as error:
        raise _unwritable(directory, error) from error
    return changed


def take_away(directory: Path, names: Iterable[str]) -> list[Path]:
    """Remove those of the files that exist; return them.

    Raises:
        ConfigurationError: The directory cannot be written.
    """
    gone = [path for path in (directory / name for name in names) if path.is_symlink() or path.exists()]
    try:
        for path in gone:
            path.unlink()
    except OSError as error:
        raise _unwritable(directory, error) from error
    return gone


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _unwritable(directory: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(
        f"{error.filename or directory} cannot be written ({error.strerror})",
        f"Give {directory} to the user that installs the service",
    )
