"""Run a function that may hang in a thread of its own, and give up on it in time."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """Start a function at once, and wait for its answer later.

    Args:
        question: Returns the answer. If it never returns, it does not keep the process from ending.
    """

    def __init__(self, question: Callable[[], T]) -> None:
        self._answers: list[T] = []
        self._failures: list[BaseException] = []

        def answer() -> None:
            try:
                self._answers.append(question())
            except BaseException as failure:  # noqa: BLE001 - raised again in `within`
                self._failures.append(failure)

        self._thread = threading.Thread(target=answer, daemon=True)
        self._thread.start()

    def within(self, seconds: float) -> T | None:
        """Return the answer, or None if it does not come in time; raise what the function raised."""
        self._thread.join(seconds)
        if self._failures:
            raise self._failures[0]
        return self._answers[0] if self._answers else None
