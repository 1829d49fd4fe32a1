"""Write, replace, rename and delete logs as Claude does."""

import hashlib
import os
from pathlib import Path

from sync.names import Digest


class LogFiles:
    """Logs below a directory; each write gets an mtime of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._written = 0

    def write(self, path: str, text: str) -> None:
        """Write a log, with an mtime that no earlier write had."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        self.touch_file(path)

    def touch_file(self, path: str) -> None:
        """Change the mtime of a log and nothing else."""
        self._written += 1
        os.utime(self.root / path, ns=(0, 1_700_000_000_000_000_000 + self._written))

    def replace(self, path: str, text: str) -> None:
        """Write a log to another file and move that into its place, as editors do."""
        beside = self.root / "saving.tmp"
        beside.write_text(text, encoding="utf-8")
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.replace(file)
        self.touch_file(path)

    def rename(self, path: str, new: str) -> None:
        """Rename a log, over any log that has the new name."""
        (self.root / new).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).replace(self.root / new)

    def delete(self, path: str) -> None:
        """Delete a log."""
        (self.root / path).unlink()

    def digest(self, path: str) -> Digest:
        """Return the SHA-256 of a log."""
        return Digest(hashlib.sha256((self.root / path).read_bytes()).hexdigest())
