"""What a person may want to mend in the database: said once, and kept for `status` while it stands."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

import structlog

from sync.errors import StateUnusable
from sync.state.advice import remember_advice
from sync.state.store import Store

log = structlog.get_logger("daemon")


class Advice:
    """The advice that stands at present."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._given: tuple[str, ...] | None = None

    def give(self, warnings: Sequence[str]) -> None:
        """Write a log line for each warning that was not there before; what is no longer there is over."""
        standing = tuple(dict.fromkeys(warnings))
        if standing == self._given:
            return
        for warning in standing:
            if warning not in (self._given or ()):
                log.warning("schema.warning", detail=warning)
        self._given = standing
        with suppress(StateUnusable):  # that trouble is told by everything else that meets it
            remember_advice(self._store, standing, now=self._now())
