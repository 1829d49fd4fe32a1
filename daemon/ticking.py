"""Align all periodic checks to the same moments, so that an idle daemon seldom wakes."""

AT_REST = 10.0
"""Seconds between two checks while nothing happens."""


def until_tick(now: float, every: float) -> float:
    """Return the seconds until the clock reaches the next multiple of `every`."""
    return every - now % every
