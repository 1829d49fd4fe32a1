"""Warnings about the database's schema: logged once, and kept for `status` while they hold."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

import structlog

from sync.errors import StateUnusable
from sync.state.facts import remember_advice
from sync.state.store import Store

log = structlog.get_logger("daemon")


class Advice:
    """Keep the warnings that hold at present."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._given: tuple[str, ...] | None = None

    def give(self, warnings: Sequence[str]) -> None:
        """Replace the warnings; log each that is new."""
        standing = tuple(dict.fromkeys(warnings))
        if standing == self._given:
            return
        for warning in standing:
            if warning not in (self._given or ()):
                log.warning("schema.warning", detail=warning)
        self._given = standing
        with suppress(StateUnusable):  # whatever else uses the state reports that
            remember_advice(self._store, standing, now=self._now())
