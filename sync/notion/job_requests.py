"""Which requests belong to one job, however deep below it they are sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

TOGETHER = 16
"""Requests of a job that go before those of later jobs, so that it ends soon after its look at the page.

After that many, others have their turn: a log of thousands of lines must not keep a short one waiting.
"""


@dataclass(slots=True)
class JobRequests:
    """The requests of one job.

    Attributes:
        sent: How many there have been.
    """

    sent: int = 0
    _place: int = 0
    _left: int = 0

    def place(self, newest: int) -> int:
        """Return the place in the queue for the next request: the job's own, now and then the newest."""
        if not self._left:
            self._place, self._left = newest, TOGETHER
        self._left -= 1
        return self._place


_CURRENT: ContextVar[JobRequests | None] = ContextVar("job_requests", default=None)


@contextmanager
def one_job() -> Iterator[JobRequests]:
    """Take all requests of the context, of this task and of those it starts, for requests of one job."""
    requests = JobRequests()
    token = _CURRENT.set(requests)
    try:
        yield requests
    finally:
        _CURRENT.reset(token)


def current_job() -> JobRequests | None:
    """Return the job that this is part of, if it is part of one."""
    return _CURRENT.get()
