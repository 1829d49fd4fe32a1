"""How many requests a piece of work has cost, however deep below it they were sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Account:
    """The requests of one piece of work so far."""

    requests: int = 0


_OPEN: ContextVar[Account | None] = ContextVar("account", default=None)


@contextmanager
def account() -> Iterator[Account]:
    """Count the requests that are sent within the context, by this task and by those it starts."""
    opened = Account()
    token = _OPEN.set(opened)
    try:
        yield opened
    finally:
        _OPEN.reset(token)


def charge() -> None:
    """Count one request for the piece of work that it belongs to."""
    if (opened := _OPEN.get()) is not None:
        opened.requests += 1
