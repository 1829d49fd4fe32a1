"""Check periodically what people have done to our pages in Notion."""

import asyncio
import random
from collections.abc import Sequence

import structlog

from daemon.clock import utc_now
from daemon.session import Session
from daemon.stopping import unless
from daemon.suspension import Suspension
from sync.comparison import absence, drift
from sync.errors import StateUnusable, SyncError
from sync.names import LogPath

log = structlog.get_logger("daemon")

_AGAIN = 30.0
"""Seconds until the next attempt after one that could not record its findings, or failed unexpectedly."""

_DEFECT = "This is a fault of ai-traces; logs are synced all the same, and Notion is asked again later"

_FORGOTTEN = "When pages were last looked at could not be read in the state; all of them are looked at once"


class DriftChecks:
    """Run the drift checks of a daemon."""

    def __init__(self, session: Session, stop: asyncio.Event, suspension: Suspension) -> None:
        self._session = session
        self._stop = stop
        self._suspension = suspension
        self._next_round = utc_now()

    async def drift_checks(self) -> None:
        """Put pages that people have changed on the list, until told to stop."""
        session, interval = self._session, self._session.settings.drift_check_seconds
        if not interval:
            await self._stop.wait()
        since = utc_now()
        while not self._stop.is_set():
            try:
                if drift.begin(session.store, since):
                    log.warning("drift.begun_anew", what=_FORGOTTEN)
                await self._pause(interval * random.uniform(0.9, 1.1))  # noqa: S311 - spreads load, hides nothing
                if self._stop.is_set() or not self._suspension.is_only_cause:
                    continue
                found = await unless(self._stop, self._check())
            except SyncError as error:
                log.warning("drift.failed", what=error.what, hint=error.hint)
                if isinstance(error, StateUnusable):
                    self._suspension.begin(error)
                    await self._pause(_AGAIN)
                continue
            except Exception as defect:  # syncing does not depend on this check, so it goes on
                log.error(
                    "drift.failed",
                    what=f"ai-traces itself failed ({defect!r})",
                    hint=_DEFECT,
                    exc_info=defect,
                )
                await self._pause(_AGAIN)
                continue
            self._suspension.end()
            if found:
                log.info("drift.found", pages=len(found))
                session.worker.poke()

    async def _check(self) -> Sequence[LogPath]:
        session = self._session
        edited = await drift.check(
            session.gateway, session.store, session.backlog, host=session.settings.host, now=utc_now
        )
        if utc_now() < self._next_round:
            return edited
        found = await absence.look_round(session.gateway, session.store, session.backlog, now=utc_now)
        self._next_round = found.next_at
        return (*edited, *found.gone)

    async def _pause(self, seconds: float) -> None:
        await unless(self._stop, asyncio.sleep(seconds))
