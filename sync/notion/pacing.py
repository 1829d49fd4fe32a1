"""How fast requests may follow one another: pure arithmetic over seconds."""

import math
from dataclasses import dataclass

WINDOW = 60.0
"""Seconds in which Notion counts requests (request-limits, 2026)."""

SLACK = 0.5
"""Seconds by which requests may arrive closer together than they were sent."""

BACKOFF = 0.7
"""The share of the rate that is left right after a refusal."""

HEADROOM = 0.97
"""The share of what was granted that the rate soon comes back to."""

RETURN = 8.0
"""Seconds that it takes to come back to that."""

PROBE = 300.0
"""Seconds that it then takes to come back to the full rate."""

_SLOWEST = 1e-100
"""Requests in a second, as good as none; anything slower would be lost in rounding."""


@dataclass(frozen=True, slots=True)
class Pace:
    """A token bucket's size, and the tokens it gains in a second."""

    burst: float
    rate: float


def permitted(per_minute: float, *, slack: float = SLACK) -> Pace:
    """Return the fastest pace at which no minute, whenever it begins, sees more requests than that."""
    whole = max(1.0, math.floor(per_minute))
    burst = max(1.0, float(round(whole / WINDOW)))
    rate = (whole + 1 - burst) / (WINDOW + slack)
    return Pace(burst, max(_SLOWEST, rate * min(1.0, per_minute)))


@dataclass(frozen=True, slots=True)
class Slowdown:
    """How far a refusal takes the rate down, and how it comes back.

    Attributes:
        at: When requests were allowed again, in the clock's seconds.
        floor: The rate right after the refusal.
        knee: The rate that was seen to be granted; reached again within seconds.
    """

    at: float
    floor: float
    knee: float

    def rate(self, now: float, ceiling: float) -> float:
        """Return the rate at a time: soon back at the knee, and from there ever faster up to the ceiling."""
        since = max(0.0, now - self.at)
        if since < RETURN:
            return self.floor + (self.knee - self.floor) * since / RETURN
        return min(ceiling, self.knee + ceiling * ((since - RETURN) / PROBE) ** 2)


def slowed(rate: float, *, granted: int, at: float) -> Slowdown:
    """Return the slowdown after a refusal: at once, and soon back to what the last minute granted.

    Args:
        rate: Requests in a second at the time of the refusal.
        granted: Requests of the last minute that were not refused.
        at: When requests are allowed again.
    """
    floor = rate * BACKOFF
    return Slowdown(at, floor, max(floor, min(rate, granted / WINDOW * HEADROOM)))
