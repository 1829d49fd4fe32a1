"""Show how the process at work is doing, for as long as it works."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias, assert_never

from daemon.breaker import Breaker
from daemon.presence.pulse import Pulse, Role, Trouble, outage_of
from daemon.ticking import AT_REST, until_tick
from daemon.watching.health import Deaf, Health, Healthy, ScanOnly
from daemon.worker import Job
from sync.notion.limiter import Budget, Sharing

_EVERY = 2.0
"""Seconds between two looks at how it is doing, while that changes."""

_AT_REST = 2 * AT_REST
"""The same while nothing changes; what is wrong is shown at once."""

_AT_LEAST_EVERY = timedelta(minutes=1)
"""How long nothing new is shown while nothing changes."""

ShowPulse: TypeAlias = Callable[[Pulse], None]


class Vitals:
    """How this process is doing.

    Args:
        role: What it is there for.
        edition: Of the pages that it makes.
        budget: Returns the present state of the rate limit.
        now: Returns the present time.
        show: Told whenever something has changed.
    """

    def __init__(
        self,
        role: Role,
        *,
        edition: str,
        budget: Callable[[], Budget],
        now: Callable[[], datetime],
        show: ShowPulse,
    ) -> None:
        self._budget = budget
        self._now = now
        self._show = show
        self.pulse = Pulse(role=role, started=now(), beat=now(), edition=edition)
        self._shown = self.pulse
        self._seen: tuple[Budget, Pulse] | None = None

    def worked(self, job: Job) -> None:
        """Take note of a log that was worked on."""
        if job.requests:
            self.pulse = replace(self.pulse, written=self.pulse.written + 1)

    def turned(self, breaker: Breaker) -> None:
        """Show at once that nothing can be synced, or something again."""
        self._change(replace(self.pulse, outage=outage_of(breaker)))

    def hears(self, health: Health) -> None:
        """Show how well changes of files are noticed."""
        before, impairment = self.pulse.impairment, _impairment(health, since=self._now())
        if (before and before.what) != (impairment and impairment.what):
            self._change(replace(self.pulse, impairment=impairment))

    def beat(self) -> None:
        """Look at the budget; show what has changed, and now and then that nothing has."""
        budget, now = self._budget(), self._now()
        if self._seen == (budget, self.pulse) and now - self.pulse.beat < _AT_LEAST_EVERY:
            return
        paused = (now + budget.paused_for).replace(microsecond=0) if budget.paused_for else None
        self._change(
            replace(
                self.pulse,
                per_minute=_rounded(budget.per_minute),
                ceiling=_rounded(budget.ceiling),
                paused_until=paused,
                requests={lane.name.lower(): count for lane, count in budget.used.items()},
                refusals=budget.refusals,
                waiting=sum(budget.waiting.values()),
                hosts=budget.sharing.hosts if budget.sharing else 0,
                alone=_alone(budget.sharing, before=self.pulse.alone, now=now),
            )
        )
        self._seen = budget, self.pulse

    @asynccontextmanager
    async def shown(self) -> AsyncIterator[None]:
        """Show it from time to time until the context ends."""
        showing = asyncio.create_task(self._beat_on())
        try:
            yield
        finally:
            showing.cancel()

    async def _beat_on(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            shown = self.pulse.beat
            self.beat()
            await asyncio.sleep(until_tick(clock(), _AT_REST if self.pulse.beat == shown else _EVERY))

    def _change(self, pulse: Pulse) -> None:
        now, shown = self._now(), self._shown
        self.pulse = pulse
        if replace(pulse, beat=shown.beat) != shown or now - shown.beat >= _AT_LEAST_EVERY:
            self.pulse = self._shown = replace(pulse, beat=now)
            self._show(self.pulse)


def _rounded(per_minute: float) -> float:
    """Return a pace with the digits that say something: of a slow one there are none before the point."""
    return round(per_minute, 2) if per_minute >= 1 else float(f"{per_minute:.3g}")


def _alone(sharing: Sharing | None, *, before: Trouble | None, now: datetime) -> Trouble | None:
    if sharing is None or not sharing.trouble:
        return None
    return Trouble(
        what=sharing.trouble,
        hint=sharing.hint,
        since=now if before is None else before.since,
        needs_a_person=sharing.needs_a_person,
    )


def _impairment(health: Health, *, since: datetime) -> Trouble | None:
    match health:
        case Healthy():
            return None
        case Deaf(reason=reason):
            return Trouble(
                what=f"Changes of files are not noticed at the moment ({reason})",
                hint="Nothing to do: it is mended by itself as soon as that is possible",
                since=since,
                needs_a_person=False,
            )
        case ScanOnly(reason=reason, hint=hint):
            return Trouble(
                what=f"Changes of files are only noticed once a minute ({reason})",
                hint=hint or "Nothing to do: nothing is lost by it",
                since=since,
                needs_a_person=False,
            )
        case _:
            assert_never(health)
