"""Bring all logs and pages in step once, in this process."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from daemon.backfill.listing import put_portions_on_list
from daemon.backfill.tally import Progress, ShowProgress, Summary, Tally
from daemon.breaker import Breaker, Open
from daemon.clock import utc_now
from daemon.delegation import GIVE_UP_AFTER
from daemon.session import Session
from daemon.stopping import unless
from daemon.watching.paths import Selection
from sync.errors import AccessLost, StateUnusable, SyncError

_REFRESH = 0.2
"""Seconds between two progress reports."""


async def backfill(
    session: Session,
    tally: Tally,
    typed: Sequence[str],
    *,
    stop: asyncio.Event,
    show: ShowProgress,
) -> Summary:
    """Bring the logs that a person named, or all of them, in step.

    Args:
        session: An open session that reports its jobs to `tally`.
        tally: Counts the results.
        typed: The paths that the person named.
        stop: Ends the backfill early; what is left stays on the list.
        show: Called with the progress, several times a second.

    Raises:
        AccessLost: No page can be written until a person acts.
        StateUnusable: The state cannot be read or written.
    """
    started = utc_now()
    is_reached = await _connected(session, stop, show)
    selection = Selection(session.settings.logs_dir, typed)
    put_portions_on_list(session.store, selection, session.rules, tally=tally, before=lambda _paths: None)

    def enough() -> bool:
        return not tally.open or _is_hopeless(session.worker.breaker, utc_now())

    watching = asyncio.create_task(_watch(session, tally, show))
    try:
        await session.worker.work(stop, enough=enough)
    finally:
        watching.cancel()
    show(tally.progress())
    if isinstance(session.worker.trouble, AccessLost | StateUnusable):
        raise session.worker.trouble
    return tally.summary(
        unread=session.store.unchecked(),
        stopped=not is_reached or (stop.is_set() and tally.open > 0),
        requests=sum(session.gateway.requests.values()),
        seconds=(utc_now() - started).total_seconds(),
    )


async def _connected(session: Session, stop: asyncio.Event, show: ShowProgress) -> bool:
    """Connect, trying again during an outage; return whether that succeeded before the stop."""
    while not stop.is_set():
        try:
            adopted = await unless(stop, session.connect())
        except AccessLost:
            raise
        except SyncError as error:
            trouble = session.worker.suspend(error)
            if _is_hopeless(trouble, utc_now()):
                raise
            show(Progress(0, 0, f"{error.what}; it is tried again, and Ctrl-C loses nothing"))
            await unless(stop, asyncio.sleep(max(0.0, (trouble.until - utc_now()).total_seconds())))
        else:
            session.worker.resume()
            return adopted is not None
    return False


def _is_hopeless(breaker: Breaker, now: datetime) -> bool:
    return isinstance(breaker, Open) and (breaker.cause.needs_a_person or now - breaker.since > GIVE_UP_AFTER)


async def _watch(session: Session, tally: Tally, show: ShowProgress) -> None:
    while True:
        breaker = session.worker.breaker
        paused = session.gateway.budget.paused_for
        waiting = ""
        if isinstance(breaker, Open):
            waiting = breaker.cause.what
        elif paused:
            waiting = f"Notion asks for a pause of {paused.total_seconds():.0f} s"
        show(tally.progress(waiting))
        await asyncio.sleep(_REFRESH)
