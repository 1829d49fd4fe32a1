"""Suspend the worker when another part of the daemon finds that the state is unusable."""

from daemon.breaker import Open
from daemon.worker import Worker
from sync.errors import StateUnusable


class Suspension:
    """Keep the worker suspended until the state is usable again."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._ours: Open | None = None

    def begin(self, error: StateUnusable) -> None:
        """Suspend the worker, unless it is suspended already."""
        if not isinstance(self._worker.breaker, Open):
            self._ours = self._worker.suspend(error)

    def end(self) -> None:
        """Resume the worker, unless something else has suspended it since."""
        if self._ours is not None and self._worker.breaker is self._ours:
            self._worker.resume()
            self._worker.poke()

    @property
    def is_all(self) -> bool:
        """Whether the worker is suspended by nothing else."""
        return not isinstance(self._worker.breaker, Open) or self._worker.breaker is self._ours
