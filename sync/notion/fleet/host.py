"""What a host has heard of the others, and what it has yet to tell the ledger. Times are this host's own."""

from dataclasses import dataclass, field

from sync.notion.fleet.ledger import Ask

KEPT = 90.0
"""Seconds for which a higher count stands: a ledger that was begun anew knows of nobody yet."""


@dataclass(frozen=True, slots=True)
class Hosts:
    """How many hosts draw on the budget, and when that was heard; 0 when it never was."""

    count: int
    heard_at: float

    def stands(self, now: float) -> "Hosts":
        """Return the count as if it were new: it does not grow old while nobody can be asked."""
        return Hosts(self.count, now)

    def heard(self, count: int, now: float) -> "Hosts":
        """Return the count after another was heard; a lower one is believed once the higher one is old."""
        if count >= self.count or now - self.heard_at > KEPT:
            return Hosts(count, now)
        return self


@dataclass(slots=True)
class News:
    """What the ledger does not know yet.

    Attributes:
        unused: Turns that were given and that nobody took.
        sent: When requests were sent without the ledger.
        refused: When the request was sent that Notion refused last; None when the ledger knows.
    """

    unused: int = 0
    sent: list[float] = field(default_factory=list)
    refused: float | None = None

    def forget_before(self, moment: float) -> None:
        """Leave out requests that were sent so long ago that they no longer count."""
        self.sent = [sent for sent in self.sent if sent >= moment]

    def age_of_refusal(self, now: float) -> float | None:
        """Return how long ago the request was sent that Notion refused; None when none was."""
        return None if self.refused is None else now - self.refused

    def told(self, ask: Ask, *, refused: float | None) -> None:
        """Take note that the ledger knows what was in a question; what has come up since is still news."""
        self.unused -= ask.unused
        self.sent = self.sent[len(ask.sent) :]
        if self.refused == refused:
            self.refused = None

    def lost(self) -> None:
        """Take note that the ledger is away: what it gave no longer counts."""
        self.unused, self.refused = 0, None
