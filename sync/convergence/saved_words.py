"""Files beside the state, one for each log, that hold what a person wrote and no comment could hold."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sync.errors import StateUnusable
from sync.log_path import to_fs_relative, to_log_path
from sync.names import LogPath

SAVED_WORDS = "saved-words"
"""The name of the directory in the state directory."""


def save(directory: Path, path: LogPath, words: str, *, now: datetime) -> Path:
    """Append words durably to those already saved for a log, and return the file.

    Words that the file already holds are not added again.

    Raises:
        StateUnusable: They could not be written.
    """
    file = _file(directory, path)
    entry = f"\n{words.rstrip()}\n"
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        with open(descriptor, "r+b") as saved:  # noqa: PTH123 - pathlib takes no descriptor
            if entry.encode(errors="replace") in saved.read():
                return file
            heading = f"\n## Found on the page on {now:%Y-%m-%d at %H:%M} UTC\n"
            saved.write(f"{heading}{entry}".encode(errors="replace"))
            saved.flush()
            os.fsync(descriptor)
    except OSError as error:
        raise StateUnusable(
            f"The words of a person on the page of {path} cannot be saved in {file} ({error.strerror})",
            "Check free space and permissions of the state directory; until then they stay on the page",
        ) from error
    return file


def saved(directory: Path) -> Iterator[tuple[LogPath, Path]]:
    """Yield the logs for which words are saved, and where."""
    for place, _, names in sorted(os.walk(directory)):
        for name in sorted(names):
            file = Path(place) / name
            yield to_log_path(os.path.relpath(file, directory)), file


def _file(directory: Path, path: LogPath) -> Path:
    return directory / to_fs_relative(path)
