"""How many draw on the budget, as far as this host has heard."""

from dataclasses import dataclass

KEPT = 90.0
"""Seconds for which a higher count stands: a ledger that was begun anew knows of nobody yet."""


@dataclass(frozen=True, slots=True)
class Hosts:
    """A count, and when it was heard; 0 when nothing was ever heard."""

    count: int
    heard_at: float

    def stands(self, now: float) -> "Hosts":
        """Take the count for new: while nobody could be asked, it did not grow old."""
        return Hosts(self.count, now)

    def heard(self, count: int, now: float) -> "Hosts":
        """Take a newer count; a lower one is believed once the higher one is old."""
        if count >= self.count or now - self.heard_at > KEPT:
            return Hosts(count, now)
        return self
