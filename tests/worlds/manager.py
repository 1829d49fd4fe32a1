"""Receive what a service reports to systemd, on a real socket."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WATCHDOG = 0.3
"""The watchdog interval that it asks for, in seconds."""


class Manager:
    """Receive the reports of a service."""

    def __init__(self, path: Path) -> None:
        self.environ = {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": str(int(WATCHDOG * 1_000_000))}
        self._channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._channel.bind(str(path))
        self._channel.setblocking(False)  # noqa: FBT003 - the socket's own signature

    def heard(self) -> list[str]:
        """Return what was reported since the last call."""
        messages = []
        while True:
            try:
                messages.append(self._channel.recv(4096).decode())
            except BlockingIOError:
                return messages

    def close(self) -> None:
        """Close the socket."""
        self._channel.close()


@contextmanager
def managing(directory: Path) -> Iterator[Manager]:
    """Listen on a socket in a directory until the context ends."""
    manager = Manager(directory / "notify")
    try:
        yield manager
    finally:
        manager.close()
