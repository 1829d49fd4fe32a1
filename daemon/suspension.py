"""The worker's rest while the state cannot be used, where that was not met by the worker itself."""

from daemon.breaker import Open
from daemon.worker import Worker
from sync.errors import StateUnusable


class Suspension:
    """What keeps the worker from working until the state can be used again."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._ours: Open | None = None

    def begin(self, error: StateUnusable) -> None:
        """Stop the worker, unless it has stopped already."""
        if not isinstance(self._worker.breaker, Open):
            self._ours = self._worker.suspend(error)

    def end(self) -> None:
        """Let the worker go on, unless something else has stopped it since."""
        if self._ours is not None and self._worker.breaker is self._ours:
            self._worker.resume()
            self._worker.poke()

    @property
    def is_all(self) -> bool:
        """Whether nothing else keeps the worker from sending."""
        return not isinstance(self._worker.breaker, Open) or self._worker.breaker is self._ours
