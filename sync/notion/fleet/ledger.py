"""What a host and the ledger of a shared budget tell each other: values, whoever keeps the ledger."""

from dataclasses import dataclass
from typing import Protocol

from sync.notion import pacing


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a host tells and asks. Times are ages in seconds: no two clocks agree.

    Attributes:
        host: The process that asks; each has a name of its own.
        limit: How many requests may be sent in `span`.
        span: Seconds.
        burst: How many turns may be taken at once after a quiet time.
        rate: How many turns come in a second when Notion refuses nothing.
        wants: How many wait for a live change, which goes before everything else of every host, and how
            many for the rest, of which each host has its fair share.
        unused: Turns that were given and that nobody took.
        sent: How long ago requests were sent of which the ledger does not know.
        pause: For how long Notion wants no request.
        refused: How long ago the request was sent that Notion refused; None when none was.
        knows: How many hosts drew on the budget when this one was last with the others; 0: it was all along.
        returns: The ledger was away for this host until now.
        leaves: The host asks no more.
    """

    host: str
    limit: int
    span: float
    burst: float
    rate: float
    wants: tuple[int, int]
    unused: int = 0
    sent: tuple[float, ...] = ()
    pause: float = 0.0
    refused: float | None = None
    knows: int = 0
    returns: bool = False
    leaves: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotment:
    """What the ledger answers.

    Attributes:
        granted: Turns that may be used now, by those who wait for a live change first.
        again: Seconds after which asking again may bring the next turn.
        paused: Seconds for which nobody is given a turn.
        rate: How many turns come in a second for all together.
        hosts: Those that were heard of lately, this one included.
        contenders: Those of them that wait for a turn, this one included.
        recent: Requests in the last `span` of seconds, of all together.
        at: What time it is for the ledger, in seconds.
    """

    granted: int
    again: float
    paused: float
    rate: float
    hosts: int
    contenders: int
    recent: int
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How the budget behaves, in seconds where nothing else is said.

    Attributes:
        window: Over which Notion counts.
        backoff: The share of the pace that is left right after a refusal.
        headroom: The share of what was granted in the last window that the pace soon comes back to.
        comes_back: How long that takes.
        probes: How long it then takes to the full pace.
        soonest: The shortest and
        latest: the longest time after which a host that waits asks again.
        grace: How long after that its place is kept.
        remembers: How long it is remembered whose turn it was.
        forgets: After how long without a word a host no longer counts.
        silence: After how long without a word from anybody the ledger was away for all.
        gathers: How long it then keeps the part of those who have not told yet what they sent meanwhile.
        lasts: How long the ledger outlives the last word.
    """

    window: float = pacing.WINDOW
    backoff: float = pacing.BACKOFF
    headroom: float = pacing.HEADROOM
    comes_back: float = pacing.RETURN
    probes: float = pacing.PROBE
    soonest: float = 0.005
    latest: float = 5.0
    grace: float = 1.5
    remembers: float = 30.0
    forgets: float = 90.0
    silence: float = 1.0
    gathers: float = 15.0
    lasts: int = 86_400


class LedgerAway(Exception):
    """The ledger cannot be asked.

    Attributes:
        what: Why, as a sentence without a final full stop.
        hint: What a person can do; empty when it ends by itself.
        needs_a_person: It does not end by itself.
    """

    def __init__(self, what: str, hint: str = "", *, needs_a_person: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.needs_a_person = needs_a_person


class Ledger(Protocol):
    """Keeps the books of a shared budget."""

    async def tell(self, ask: Ask) -> Allotment:
        """Take note of what a host did, and give it its turns.

        Raises:
            LedgerAway: It cannot be asked.
        """

    async def aclose(self) -> None:
        """Let go of what is held open."""
