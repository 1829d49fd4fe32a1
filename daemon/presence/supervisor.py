"""End a daemon that hangs, where the service manager has no watchdog of its own."""

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping

from daemon.presence.notify import Notifier

EXIT_HUNG = 70


class Supervisor(Notifier):
    """End the process, from a separate thread, if the daemon does not report in time that all is well.

    Args:
        environ: The environment.
        limit: The longest time between two signs of life, in seconds.
        end: Ends the process at once with an exit code.
        clock: Returns monotonic seconds.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        limit: float,
        end: Callable[[int], object] = os._exit,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(environ, clock=clock)
        self._limit = limit
        self._end = end
        self._heard = self._clock()
        self._over = threading.Event()

    def ready(self, status: str) -> None:
        """Report that start-up is over, and begin to watch."""
        super().ready(status)
        self._heard = self._clock()
        threading.Thread(target=self._watch, name="supervisor", daemon=True).start()

    def alive(self, status: str) -> None:
        """Report that all is well."""
        super().alive(status)
        self._heard = self._clock()

    def stopping(self) -> None:
        """Report that shutdown has begun; the service manager decides how long that may take."""
        super().stopping()
        self._over.set()

    def _watch(self) -> None:
        while not self._over.wait(self._limit / 10):
            silent = self._clock() - self._heard
            if silent > self._limit:
                sys.stderr.write(f"ai-traces hangs: no sign of life for {silent:.0f} s. It ends.\n")
                sys.stderr.flush()
                self._end(EXIT_HUNG)
                return
