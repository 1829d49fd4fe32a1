"""What a host has to tell the ledger the next time it asks."""

from dataclasses import dataclass, field

from sync.notion.fleet.ledger import Ask


@dataclass(slots=True)
class News:
    """What the ledger does not know yet; times are seconds of this host's clock.

    Attributes:
        unused: Turns that were given and that nobody took.
        sent: When requests were sent without the ledger.
        refused: When the request was sent that Notion refused last; None when the ledger knows.
    """

    unused: int = 0
    sent: list[float] = field(default_factory=list)
    refused: float | None = None

    def forget_before(self, moment: float) -> None:
        """Leave out what was sent so long ago that it counts no more."""
        self.sent = [sent for sent in self.sent if sent >= moment]

    def age_of_refusal(self, now: float) -> float | None:
        """Return how long ago the request was sent that Notion refused; None when none was."""
        return None if self.refused is None else now - self.refused

    def told(self, ask: Ask, *, refused: float | None) -> None:
        """Take note that the ledger knows now what was in a question; what came up since is still news."""
        self.unused -= ask.unused
        self.sent = self.sent[len(ask.sent) :]
        if self.refused == refused:
            self.refused = None

    def lost(self) -> None:
        """Take note that the ledger is away: what it gave no longer counts."""
        self.unused, self.refused = 0, None
