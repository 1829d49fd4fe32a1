"""Wait for what should happen soon."""

import time
from collections.abc import Callable
from typing import TypeAlias

import pytest

Wait: TypeAlias = Callable[..., float]

PATIENCE = 30.0
"""The deadline in seconds."""

AT_ONCE = 20.0
"""A bound in seconds for what takes below 5 on an idle machine, and 30 or more if it waits in vain."""


def until(reached: Callable[[], bool], *, what: str, within: float = PATIENCE) -> float:
    """Poll until a condition holds; return the seconds that this took, and fail if it takes too long."""
    started = time.monotonic()
    while not reached():
        if time.monotonic() - started > within:
            pytest.fail(f"not within {within:.0f} s: {what}")
        time.sleep(0.01)
    return time.monotonic() - started
