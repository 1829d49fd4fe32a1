"""Pages that a person archived: no listing shows them, so that a log would get a second page."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from sync.comparison.intake import Intake
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.state.facts import archived_expected, expect_archived
from sync.state.records import PageRecord
from sync.state.store import Store


class Archive:
    """Asks for the archived pages, once and only when it matters: when a log has no other page."""

    def __init__(self, gateway: Gateway, store: Store, *, host: str, now: Callable[[], datetime]) -> None:
        self._gateway = gateway
        self._store = store
        self._host = host
        self._now = now
        self._asking = asyncio.Lock()

    async def look(self, record: PageRecord, lane: Lane) -> PageRecord:
        """Adopt the archived pages, unless that was done; return what is known of a log then."""
        if not archived_expected(self._store):
            return record
        async with self._asking:
            if archived_expected(self._store):
                intake = Intake(self._gateway, self._store, host=self._host, now=self._now)
                async for rows in self._gateway.archived_rows(lane=lane):
                    await intake.take(rows)
                expect_archived(self._store, expected=False)
        return self._store.page(record.path) or record
