"""Questions to this machine that may hang: each has a thread of its own, and is given up in time."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """The answer to a question that is put at once, and waited for later.

    Args:
        question: Gives the answer. Should it never come back, it keeps nobody from leaving.
    """

    def __init__(self, question: Callable[[], T]) -> None:
        self._answers: list[T] = []
        self._failures: list[BaseException] = []

        def answer() -> None:
            try:
                self._answers.append(question())
            except BaseException as failure:  # noqa: BLE001 - it is raised where the answer is wanted
                self._failures.append(failure)

        self._thread = threading.Thread(target=answer, daemon=True)
        self._thread.start()

    def within(self, seconds: float) -> T | None:
        """Return the answer; None when it has not come by then. What the question raised is raised here."""
        self._thread.join(seconds)
        if self._failures:
            raise self._failures[0]
        return self._answers[0] if self._answers else None
