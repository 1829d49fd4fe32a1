"""How many requests a piece of work has cost, however deep below it they were sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class RequestCount:
    """The requests that one piece of work has sent so far."""

    requests: int = 0


_OPEN: ContextVar[RequestCount | None] = ContextVar("request_count", default=None)


@contextmanager
def counting_requests() -> Iterator[RequestCount]:
    """Count the requests that are sent within the context, by this task and by those it starts."""
    count = RequestCount()
    token = _OPEN.set(count)
    try:
        yield count
    finally:
        _OPEN.reset(token)


def count_request() -> None:
    """Count one request for the piece of work that it belongs to, if it is counted."""
    if (count := _OPEN.get()) is not None:
        count.requests += 1
