"""Waiting for what should happen soon."""

import time
from collections.abc import Callable
from typing import TypeAlias

import pytest

Wait: TypeAlias = Callable[..., float]

PATIENCE = 30.0
"""Seconds until something that should have happened has not."""

AT_ONCE = 20.0
"""Seconds for what takes below five on a machine of its own; what waits for something takes 30 and more."""


def until(reached: Callable[[], bool], *, what: str, within: float = PATIENCE) -> float:
    """Wait until something is so; return how many seconds that took, fail when it takes too long."""
    started = time.monotonic()
    while not reached():
        if time.monotonic() - started > within:
            pytest.fail(f"not within {within:.0f} s: {what}")
        time.sleep(0.01)
    return time.monotonic() - started
