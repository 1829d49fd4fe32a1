"""This host's part of a shared budget: its queue, its questions to the ledger, and going on without it."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TypeAlias

from sync.notion.bucket import Bucket
from sync.notion.fleet.host import Hosts, News
from sync.notion.fleet.ledger import Allotment, Ask, Ledger, LedgerAway
from sync.notion.limiter import Budget, Lane, Sharing, counted_by_lane
from sync.notion.pacing import WINDOW, permitted
from sync.notion.turns import Turns

SLACK = 1.0
"""Seconds by which requests may arrive closer together than their turns were given out."""

_SLACK_ALONE = 2.0
"""The same for a host alone, with room for the moments in which it leaves the others and joins them again."""

HEARTBEAT = 20.0
"""Seconds after which a host that sends nothing says that it is there."""

RETRY = 2.0
"""Seconds between two attempts to reach a ledger that is away for long."""

_SOON = 0.25
"""Seconds until the first of them; each gap is twice as long as the one before."""

_CAUTION = 5.0
"""After an attempt that hung, wait this many times as long as it took: the next may hang as well."""

_PARTING = 0.5
"""Seconds for a last word to the ledger."""

ReportSharing: TypeAlias = Callable[[Sharing], None]
"""Called whenever it changes with whom the budget is shared."""


class FleetLimiter:
    """Lets requests through as the ledger grants them: live ones first, then fairly between hosts.

    While the ledger is away, it keeps to this host's share; afterwards it tells what it sent meanwhile.

    Args:
        per_minute: What Notion grants in a minute to all hosts together.
        clock: Seconds that only ever grow, at the pace of the event loop's own.
        ledger: Grants the turns; closed with the limiter.
        host: The name of this process among those that share.
        hosts: How many those were when last heard of; 0 when that is not known.
        report: Called whenever it changes with whom the budget is shared.
    """

    def __init__(
        self,
        per_minute: float,
        clock: Callable[[], float],
        ledger: Ledger,
        *,
        host: str,
        hosts: int,
        report: ReportSharing,
    ) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._ledger = ledger
        self._host = host
        self._hosts = Hosts(hosts, clock())
        self._report = report
        self._pace = permitted(per_minute, slack=SLACK)
        self._bucket = Bucket(self._pace, now=clock(), turns=0.0)
        self._turns = Turns(returned=self._give_back)
        self._used: Counter[Lane] = Counter()
        self._answer: Allotment | None = None
        self._away: LedgerAway | None = None
        self._try_again_at = clock()
        self._gap = _SOON
        self._paused_until = clock()
        self._news = News()
        self._is_closed = False
        self._woken = asyncio.Event()
        self._asking: asyncio.Task[None] | None = None
        self._heartbeat: asyncio.TimerHandle | None = None

    async def acquire(self, lane: Lane) -> float:
        """Wait for this request's turn; return the time of sending, to hand to `throttled`."""
        place = self._turns.arrive()
        while True:
            before = self._turns.next_rank()
            turn = self._turns.join(lane, place)
            if before is None or lane < before:
                self._wake()
            try:
                await self._turns.taken(turn)
            except asyncio.CancelledError:
                self._wake()  # others need not wait for this one
                raise
            now = self._clock()
            if now >= max(self._paused_until, self._bucket.paused_until):
                self._used[lane] += 1
                self._bucket.sent(now)
                if self._away is not None:
                    self._news.sent.append(now)
                return now
            self._give_back()  # a pause began between the turn and this moment

    def pause(self, span: timedelta) -> None:
        """Let nothing through for a while, on any host; a longer pause already running stays."""
        self._bucket.pause(span, now=self._clock())
        self._wake()

    def throttled(self, retry_after: timedelta | None, *, sent_at: float) -> None:
        """Take a refusal: pause every host, and slow down once for all requests on their way."""
        self._bucket.throttled(retry_after, sent_at=sent_at, now=self._clock())
        if self._away is None:
            self._news.refused = sent_at
        elif self._news.sent:
            self._news.sent.pop()  # it was not granted after all
        self._wake()

    def granted(self) -> None:
        """Note that Notion took a request: the next refusal without a time begins with a short pause."""
        self._bucket.granted()

    def snapshot(self) -> Budget:
        """Return the present state, with this host's part of the pace."""
        now = self._clock()
        return Budget(
            per_minute=self._rate(now) * WINDOW,
            ceiling=self._pace.rate * WINDOW,
            paused_for=timedelta(seconds=max(0.0, self._paused_until - now, self._bucket.paused_until - now)),
            waiting=counted_by_lane(self._turns.waiting()),
            used=Counter(self._used),
            refusals=self._bucket.refusals,
            sharing=self._sharing(),
        )

    async def aclose(self) -> None:
        """Tell the ledger that this host leaves, so that nothing is kept for it, and close the ledger."""
        self._is_closed = True
        if self._heartbeat is not None:
            self._heartbeat.cancel()
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait([self._asking])
        if self._away is None and self._answer is not None:
            with suppress(LedgerAway, TimeoutError):
                async with asyncio.timeout(_PARTING):
                    await self._ledger.tell(self._ask(self._clock(), leaves=True))
        await self._ledger.aclose()

    def _wake(self) -> None:
        """Ask soon: there is news, or somebody more urgent waits."""
        self._woken.set()
        if not self._is_closed and (self._asking is None or self._asking.done()):
            if self._heartbeat is not None:
                self._heartbeat.cancel()
            self._asking = asyncio.get_running_loop().create_task(self._ask_on())

    async def _ask_on(self) -> None:
        """Ask for as long as somebody waits for a turn."""
        while True:
            self._woken.clear()
            again = await self._round()
            if self._turns.next_rank() is None and not self._woken.is_set():
                break
            with suppress(TimeoutError):
                async with asyncio.timeout(again):
                    await self._woken.wait()
        idle = HEARTBEAT if self._away is None else RETRY
        self._heartbeat = asyncio.get_running_loop().call_later(idle, self._wake)

    async def _round(self) -> float:
        """Give out the turns that there are; return the seconds until there may be more."""
        now = self._clock()
        if self._away is None or now >= self._try_again_at:
            ask, refused = self._ask(now), self._news.refused
            try:
                answer = await self._ledger.tell(ask)
            except LedgerAway as away:
                self._lose(away, asked_at=now)
            else:
                self._news.told(ask, refused=refused)
                self._settle(answer)
                return answer.again
        return self._serve_alone()

    def _ask(self, now: float, *, leaves: bool = False) -> Ask:
        self._news.forget_before(now - WINDOW - SLACK)
        waiting = Counter[int]() if leaves else self._turns.waiting()
        is_back = self._away is not None or self._answer is None
        return Ask(
            host=self._host,
            limit=int(max(1.0, self._per_minute)),
            span=WINDOW + SLACK,
            burst=self._pace.burst,
            rate=self._pace.rate,
            wants=(waiting[Lane.LIVE], waiting.total() - waiting[Lane.LIVE]),
            unused=self._news.unused,
            sent=tuple(now - sent for sent in self._news.sent),
            pause=max(0.0, self._bucket.paused_until - now),
            refused=self._news.age_of_refusal(now),
            knows=self._hosts.count if is_back else 0,
            returns=self._away is not None,
            leaves=leaves,
        )

    def _settle(self, answer: Allotment) -> None:
        """Take an answer, and give out what it grants."""
        now = self._clock()
        before = self._sharing()
        is_first = self._answer is None
        if self._away is not None:
            self._hosts = self._hosts.stands(now)
        self._answer, self._away = answer, None
        self._hosts = self._hosts.heard(answer.hosts, now)
        self._paused_until = now + answer.paused
        for _ in range(answer.granted):
            if not self._turns.give():
                self._give_back()
        if is_first or self._sharing() != before:
            self._report(self._sharing())

    def _lose(self, away: LedgerAway, *, asked_at: float) -> None:
        """Go on without the ledger; if other hosts share the budget, after a moment.

        A ledger that is back before this host asks again does not know yet what was sent meanwhile.
        """
        now = self._clock()
        before = self._sharing()
        if self._away is None:
            self._gap = _SOON
            share = permitted(self._per_minute / max(1, self._hosts.count), slack=_SLACK_ALONE)
            turns = -share.rate * 2 * _SOON if self._hosts.count else share.burst
            self._bucket.begin_anew(share, now=now, turns=turns)
            self._news.lost()
        self._try_again_at = now + self._gap + _CAUTION * (now - asked_at)
        self._gap = min(RETRY, 2 * self._gap)
        self._away = away
        if self._sharing() != before:
            self._report(self._sharing())

    def _serve_alone(self) -> float:
        now = self._clock()
        while self._turns.next_rank() is not None:
            wait = max(self._bucket.wait(now), self._paused_until - now)
            if wait > 0:
                return max(1e-4, min(wait, self._try_again_at - now))
            self._bucket.take()
            self._turns.give()
        return max(1e-4, self._try_again_at - now)

    def _give_back(self) -> None:
        if self._away is None:
            self._news.unused += 1
        else:
            self._bucket.give_back()
        self._wake()

    def _rate(self, now: float) -> float:
        if self._away is None and self._answer is not None:
            return self._answer.rate / max(1, self._answer.contenders)
        return self._bucket.rate(now)

    def _sharing(self) -> Sharing:
        hosts = max(1, self._hosts.count)
        if self._away is None:
            return Sharing(hosts=hosts)
        away = self._away
        return Sharing(hosts=hosts, trouble=away.what, hint=away.hint, needs_a_person=away.needs_a_person)
