"""Publish the pulse of this process for as long as it works."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias, assert_never

from daemon.breaker import Breaker
from daemon.job import Job
from daemon.presence.pulse import Pulse, Role, Trouble, outage_of
from daemon.ticking import AT_REST, until_tick
from daemon.watching.health import Deaf, Health, Healthy, ScanOnly
from sync.notion.limiter import Budget, Sharing

_EVERY = 2.0
"""Seconds between two beats while something changes."""

_AT_REST = 2 * AT_REST
"""Seconds between two beats while nothing changes; trouble is published at once."""

_AT_LEAST_EVERY = timedelta(minutes=1)
"""The longest time between two publications while nothing changes."""

ShowPulse: TypeAlias = Callable[[Pulse], None]


class Vitals:
    """Keep the pulse of this process, and publish it.

    Args:
        role: What the process is for.
        edition: The edition of the pages that it makes.
        budget: Returns the present state of the rate limiter.
        now: Returns the current time.
        show: Publishes the pulse.
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
        """Count a job."""
        if job.requests:
            self.pulse = replace(self.pulse, written=self.pulse.written + 1)

    def turned(self, breaker: Breaker) -> None:
        """Publish at once that an outage has begun or ended."""
        self._change(replace(self.pulse, outage=outage_of(breaker)))

    def hears(self, health: Health) -> None:
        """Publish how well file changes are noticed, if that has changed."""
        before, impairment = self.pulse.impairment, _impairment(health, since=self._now())
        if (before and before.what) != (impairment and impairment.what):
            self._change(replace(self.pulse, impairment=impairment))

    def beat(self) -> None:
        """Publish what has changed since the last beat, and once a minute even if nothing has."""
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
        """Beat regularly until the context ends."""
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
    """Return a rate with its significant digits: a slow one has only digits behind the point."""
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
