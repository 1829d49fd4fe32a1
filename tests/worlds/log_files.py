"""The logs directory as Claude uses it."""

import hashlib
import os
from pathlib import Path

from sync.names import Digest


class LogFiles:
    """Logs below a directory; each write has a time of change that no earlier one had."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._written = 0

    def write(self, path: str, text: str) -> None:
        """Write a log, with a time of change that no earlier one had."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        self.touch_file(path)

    def touch_file(self, path: str) -> None:
        """Change a log's time of change alone."""
        self._written += 1
        os.utime(self.root / path, ns=(0, 1_700_000_000_000_000_000 + self._written))

    def replace(self, path: str, text: str) -> None:
        """Write a log beside its place and move it there, as editors do."""
        beside = self.root / "saving.tmp"
        beside.write_text(text, encoding="utf-8")
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.replace(file)
        self.touch_file(path)

    def rename(self, path: str, new: str) -> None:
        """Give a log another name, in place of one that bore it."""
        (self.root / new).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).replace(self.root / new)

    def delete(self, path: str) -> None:
        """Delete a log."""
        (self.root / path).unlink()

    def digest(self, path: str) -> Digest:
        """Return the SHA-256 of a log."""
        return Digest(hashlib.sha256((self.root / path).read_bytes()).hexdigest())
