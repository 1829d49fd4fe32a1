"""When to look at what nobody tells of: all at the same moments, so that a daemon at rest seldom wakes."""

AT_REST = 10.0
"""Seconds between two looks while nothing happens."""


def until_tick(now: float, every: float) -> float:
    """Return the seconds until the next multiple of `every` on a clock: whoever waits so wakes together."""
    return every - now % every
