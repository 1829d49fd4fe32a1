"""A log file that rotates at a few megabytes, where nothing else limits it."""

import io
import os
from contextlib import suppress
from pathlib import Path

from sync.errors import ConfigurationError

MOST_BYTES = 5_000_000
KEPT = 3
"""The number of earlier files that are kept; `.1` is the youngest."""


class RotatingLog(io.TextIOBase):
    """Append text to a file and rotate it when it grows too long.

    Args:
        path: The file; its directory is created.
        most_bytes: The length beyond which a new file is begun.
        kept: How many earlier files are kept.

    Raises:
        ConfigurationError: The file cannot be written.
    """

    def __init__(self, path: Path, *, most_bytes: int = MOST_BYTES, kept: int = KEPT) -> None:
        super().__init__()
        self._path = path
        self._most_bytes = most_bytes
        self._kept = kept
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = self._open()
        except OSError as error:
            raise ConfigurationError(
                f"The log file {path} cannot be written ({error.strerror})",
                "Give its directory to the user that runs ai-traces",
            ) from error

    def writable(self) -> bool:
        """Return True, as text streams do that can be written."""
        return True

    def write(self, text: str, /) -> int:
        """Append a text; on a full disk it is lost, without an error."""
        try:
            if self._file.closed:  # the disk was full during the last rotation
                self._file = self._open()
            if self._file.tell() > self._most_bytes and text != "\n":
                self._rotate()
            self._file.write(text.encode("utf-8", "backslashreplace"))
            self._file.flush()
        except OSError:
            return len(text)
        return len(text)

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            with suppress(OSError):  # a full disk must not keep the process from ending
                self._file.close()
        super().close()

    def _open(self) -> io.BufferedWriter:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        file = os.fdopen(descriptor, "ab")
        file.seek(0, os.SEEK_END)
        return file

    def _rotate(self) -> None:
        with suppress(OSError):  # unwritten text is lost, but the file is closed
            self._file.close()
        for number in range(self._kept, 0, -1):
            earlier = self._path if number == 1 else self._numbered(number - 1)
            if earlier.exists():
                earlier.replace(self._numbered(number))
        self._file = self._open()

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")
