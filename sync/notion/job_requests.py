"""Which requests belong to one job, however deep below it they are sent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

FIRST = 8
"""Requests of a job that go before those of later jobs: a short edit ends soon after its look at the page."""

FURTHER = 64
"""Requests of a long job that go together after that, so that long ones do not all end at the same moment."""

STEPS_BACK = 64
"""Jobs that begin later and yet go before those: long ones, however many, keep no short one waiting.

No more than that, so that a long one ends however many short ones come.
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

    def next_place(self, draw: Callable[[], int]) -> int:
        """Return the place in the queue for the next request; a long job steps back now and then.

        Args:
            draw: Returns the number of whoever comes now, greater each time.
        """
        if self._asked == 0:
            self._place = draw()
        elif (self._asked - FIRST) % FURTHER == 0:
            self._place = draw() + STEPS_BACK
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
