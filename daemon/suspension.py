"""Suspend the worker when another part of the daemon finds that the state is unusable."""

from daemon.breaker import FailureCause, Open
from daemon.worker import Worker
from sync.errors import StateUnusable


class Suspension:
    """Keep the worker suspended until the state is usable again."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._ours: FailureCause | None = None

    def begin(self, error: StateUnusable) -> None:
        """Suspend the worker, unless it is suspended already."""
        if not isinstance(self._worker.breaker, Open):
            self._ours = self._worker.suspend(error).cause

    def end(self) -> None:
        """Resume the worker, unless something else has suspended it since."""
        if self._is_cause:
            self._worker.resume()
            self._worker.poke()

    @property
    def is_only_cause(self) -> bool:
        """Whether nothing else suspends the worker."""
        return not isinstance(self._worker.breaker, Open) or self._is_cause

    @property
    def _is_cause(self) -> bool:
        # The breaker may have been replaced since, by one with a shorter pause.
        breaker = self._worker.breaker
        return isinstance(breaker, Open) and breaker.cause is self._ours
