"""Which requests belong to one job, however deep below it they are sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

FIRST = 8
"""Requests of a job that go before those of later jobs: a short edit ends soon after its look at the page."""

FURTHER = 64
"""Requests of a long job that go together after that, so that long ones do not all end at the same moment."""

STEPS_BACK = 256
"""Requests that come later and yet go before those: a log of thousands of lines keeps no short one waiting.

No more than that, so that the long one ends however many come.
"""


@dataclass(slots=True)
class JobRequests:
    """The requests of one job.

    Attributes:
        sent: How many there have been.
    """

    sent: int = 0
    _asked: int = 0
    _place: int = 0

    def place(self, newest: int) -> int:
        """Return the place in the queue for the next request; that of a long job steps back now and then."""
        if self._asked == 0:
            self._place = newest
        elif (self._asked - FIRST) % FURTHER == 0:
            self._place = newest + STEPS_BACK
        self._asked += 1
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
