"""A token bucket: turns come at the permitted rate, more slowly after a refusal, and not during a pause."""

from collections import deque
from datetime import timedelta

from sync.notion.pacing import WINDOW, Pace, Slowdown, slowed

_DOUBLINGS = 10
"""By then a pause has long reached its maximum; a thousand doublings would overflow."""


class Bucket:
    """Turns to send a request. Times are seconds of a clock that never goes back.

    Attributes:
        permitted: The pace when Notion refuses nothing.
        paused_until: When the last pause ends.
        refusals: How often Notion asked for a pause; requests that were on their way together count once.

    Args:
        permitted: The pace when Notion refuses nothing.
        now: The present time.
        turns: How many may go at once.
    """

    def __init__(self, permitted: Pace, *, now: float, turns: float) -> None:
        self.permitted = permitted
        self.paused_until = now
        self.refusals = 0
        self._slowdown: Slowdown | None = None
        self._turns = turns
        self._refilled_at = now
        self._refused_at = -1.0
        self._silent_refusals = 0
        self._recent: deque[float] = deque()

    def begin_anew(self, permitted: Pace, *, now: float, turns: float) -> None:
        """Go on at another pace, with this many turns at hand and no slowdown; a pause stays."""
        self.permitted = permitted
        self._slowdown = None
        self._turns = turns
        self._refilled_at = now

    def wait(self, now: float) -> float:
        """Return the seconds until the next turn; zero or less: it may be taken now."""
        self._refresh(now)
        return max(self.paused_until - now, (1.0 - self._turns) / self.rate(now))

    def take(self) -> None:
        """Use a turn up."""
        self._turns -= 1

    def give_back(self) -> None:
        """Return a turn that nobody used."""
        self._turns += 1

    def sent(self, now: float) -> None:
        """Note that a request leaves."""
        self._recent.append(now)

    def pause(self, span: timedelta, *, now: float) -> None:
        """Give no turns for a while; a longer pause already running stays."""
        self.paused_until = max(self.paused_until, now + span.total_seconds())

    def throttled(self, retry_after: timedelta | None, *, sent_at: float, now: float) -> timedelta:
        """Take a refusal: pause, and slow down once for all requests on their way; return the pause."""
        if self._recent:
            self._recent.pop()  # it was not granted after all
        if retry_after is None:
            self._silent_refusals += 1
            retry_after = timedelta(seconds=min(WINDOW, 2.0 ** min(self._silent_refusals, _DOUBLINGS)))
        self.pause(retry_after, now=now)
        if sent_at >= self._refused_at:
            self._refresh(now)
            self._slowdown = slowed(self.rate(now), granted=len(self._recent), at=self.paused_until)
            self._refused_at = now
            self.refusals += 1
        return retry_after

    def granted(self) -> None:
        """Note that Notion took a request: the next refusal without a time begins with a short pause."""
        self._silent_refusals = 0

    def rate(self, now: float) -> float:
        """Return how many turns come in a second."""
        if self._slowdown is None:
            return self.permitted.rate
        return self._slowdown.rate(now, self.permitted.rate)

    def _refresh(self, now: float) -> None:
        gained = (now - self._refilled_at) * self.rate(now)
        self._turns = min(self.permitted.burst, self._turns + gained)
        self._refilled_at = now
        while self._recent and self._recent[0] <= now - WINDOW:
            self._recent.popleft()
