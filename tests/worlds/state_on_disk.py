"""Delete, damage, back up and restore the state between two processes."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sync.state.state_file import DATABASE_NAME
from sync.state.store import Store


class StateOnDisk:
    """The state directory of one ai-traces, and the state that its process has open."""

    state_dir: Path
    store: Store

    def lose_state(self) -> None:
        """Delete the state of a stopped process, except for the words that were saved for Jen."""
        for file in self.state_dir.iterdir():
            if file.is_file():
                file.unlink()

    def damage_state(self) -> None:
        """Overwrite the middle of the state of a stopped process."""
        (self.state_dir / f"{DATABASE_NAME}-wal").unlink(missing_ok=True)
        with (self.state_dir / DATABASE_NAME).open("r+b") as file:
            file.seek(0)
            file.write(b"\xa5" * 8192)

    def back_up(self) -> bytes:
        """Return a copy of the present state."""
        with closing(sqlite3.connect(":memory:")) as copy:
            self.store.connection.backup(copy)
            return copy.serialize()

    def restore(self, backup: bytes) -> None:
        """Put a backup in place of the state of a stopped process."""
        self.lose_state()
        (self.state_dir / DATABASE_NAME).write_bytes(backup)
