"""Tell systemd how the service is: ready, alive, stopping. Outside systemd it says nothing to nobody."""

import os
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

_PATIENCE = 0.1
"""Seconds that a listener who is busy gets; one who never listens must not hold the daemon up."""


class Notifier:
    """Speaks the sd_notify protocol over the socket that systemd names in the environment.

    Args:
        environ: The environment.
        clock: Seconds that only ever grow.
    """

    def __init__(self, environ: Mapping[str, str], *, clock: Callable[[], float] = time.monotonic) -> None:
        address = environ.get("NOTIFY_SOCKET", "")
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        watched_by_us = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        limit = int(environ.get("WATCHDOG_USEC", "0")) / 1_000_000 if watched_by_us else 0.0
        self.watchdog_seconds = limit / 3
        """How often to say that all is well; 0: nobody listens."""
        self._clock = clock
        self._status = ""
        self._fed_at = clock()

    def ready(self, status: str) -> None:
        """Say that start-up is over."""
        self._tell("READY=1", status)

    def alive(self, status: str) -> None:
        """Say that all is well: when the status is another, and well before the watchdog has to hear it."""
        now = self._clock()
        if status != self._status or 0 < self.watchdog_seconds <= 2 * (now - self._fed_at):
            self._fed_at = now
            self._tell("WATCHDOG=1", status)

    def status(self, status: str) -> None:
        """Say what is going on."""
        self._tell("", status)

    def stopping(self) -> None:
        """Say that the end has begun."""
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
