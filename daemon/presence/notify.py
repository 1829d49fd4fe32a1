"""Tell systemd that the service is ready, alive or stopping; without systemd, do nothing."""

import os
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

_PATIENCE = 0.1
"""Seconds that a busy listener gets; one that never listens must not block the daemon."""


class Notifier:
    """Speak the sd_notify protocol over the socket that systemd names in the environment.

    Args:
        environ: The environment.
        clock: Returns monotonic seconds.
    """

    def __init__(self, environ: Mapping[str, str], *, clock: Callable[[], float] = time.monotonic) -> None:
        address = environ.get("NOTIFY_SOCKET", "")
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        watched_by_us = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        limit = int(environ.get("WATCHDOG_USEC", "0")) / 1_000_000 if watched_by_us else 0.0
        self.watchdog_seconds = limit / 3
        """Seconds between two reports that all is well; 0 if nobody expects any."""
        self._clock = clock
        self._status = ""
        self._fed_at = clock()

    def ready(self, status: str) -> None:
        """Report that start-up is over."""
        self._tell("READY=1", status)

    def alive(self, status: str) -> None:
        """Report that all is well, if the status has changed or the watchdog needs to hear it soon."""
        now = self._clock()
        if status != self._status or 0 < self.watchdog_seconds <= 2 * (now - self._fed_at):
            self._fed_at = now
            self._tell("WATCHDOG=1", status)

    def status(self, status: str) -> None:
        """Report a status."""
        self._tell("", status)

    def stopping(self) -> None:
        """Report that shutdown has begun."""
        self._send("STOPPING=1")

    def _tell(self, what: str, status: str) -> None:
        self._status = status
        self._send(f"{what}\nSTATUS={status}".lstrip())

    def _send(self, message: str) -> None:
        if not self._address:
            return
        kind = socket.SOCK_DGRAM | socket.SOCK_CLOEXEC
        with suppress(OSError), socket.socket(socket.AF_UNIX, kind) as channel:
            channel.settimeout(_PATIENCE)
            channel.connect(self._address)
            channel.sendall(message.replace("\r", " ").encode())
