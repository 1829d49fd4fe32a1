"""Tell what grows with its size from what grows with the square of it, on a slow or busy machine, too."""

import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

TIMES: Final = 8
"""How much larger the large one is to be."""

_ALLOWED: Final = 20
"""Between 8 times the time, which an even growth takes, and 64 times, which a square takes."""

_SMALL_READINGS: Final = 5
"""Readings of the small one in each attempt: were all of them disturbed, a square could pass."""

_ATTEMPTS: Final = 12


def grows_evenly(
    small: Callable[[], object],
    large: Callable[[], object],
    *,
    clock: Callable[[], float] = time.process_time,
) -> bool:
    """Tell whether work on something `TIMES` as large takes about so many times the time.

    A disturbance only ever adds to a reading, so the least of several counts, and one quiet attempt will do.
    """
    least_small = least_large = float("inf")
    with _undisturbed_by_collections():
        small()  # what is only done the first time
        for _ in range(_ATTEMPTS):
            for _ in range(_SMALL_READINGS):
                least_small = min(least_small, _reading(small, clock))
            least_large = min(least_large, _reading(large, clock))
            if least_large < _ALLOWED * least_small:
                return True
    return False


@dataclass(slots=True)
class CountedCalls:
    """How many functions were called, C's among them: the same on any machine."""

    count: int = 0


@contextmanager
def counting_calls() -> Iterator[CountedCalls]:
    """Count what this thread calls until the context ends."""
    calls = CountedCalls()

    def note(_frame: object, event: str, _argument: object) -> None:
        calls.count += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(None)


def _reading(work: Callable[[], object], clock: Callable[[], float]) -> float:
    started = clock()
    work()
    return clock() - started


@contextmanager
def _undisturbed_by_collections() -> Iterator[None]:
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
