"""Publish hand-offs on a machine with logs and pages, and follow the links between them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import httpx

from daemon.backfill.tally import Tally
from daemon.clock import utc_now
from daemon.patterns.choice import LastLogs
from daemon.patterns.logs import window_of
from daemon.patterns.publication import Published, publish
from daemon.verification.differences import differences
from sync.comparison import drift
from sync.notion.emulator import EmulatorTransport
from sync.patterns.handoff.extraction import extract
from sync.patterns.handoff.handoff import hand_off
from sync.patterns.remembering.memory import Memory
from sync.patterns.remembering.registry import Registry
from tests.worlds.place import Place

_LOG = (
    "# Exception: feed-{day}\n\n**Timestamp:** 2026-01-{day:02}T10:00:00Z\n**Severity:** error\n\n"
    "## What Happened\n{text}\n\n## Root Cause\nUnknown\n\n## Contract Reference\nNone\n\n"
    "## Proposed Fix\nSet a time limit.\n"
)
FEED = "The supplier feed timed out while the catalogue was fetched."


class Killed(BaseException):
    """The process is dead."""


class Mortal(httpx.AsyncBaseTransport):
    """A transport on which the process dies with its nth request: before it arrives, or after."""

    def __init__(self, inner: httpx.AsyncBaseTransport, requests: int, *, arrives: bool) -> None:
        self._inner = inner
        self._left = requests
        self._arrives = arrives

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request, or die."""
        self._left -= 1
        if self._left == 0 and not self._arrives:
            raise Killed
        answer = await self._inner.handle_async_request(request)
        if self._left == 0:
            raise Killed
        return answer


@dataclass(frozen=True, slots=True)
class LinkDesk:
    """A machine with thirty quiet logs and four that tell of the same trouble."""

    place: Place

    def trouble(self, day: int, text: str = FEED) -> None:
        """Write the exception log of a day."""
        self.place.write(f"exceptions/2026-01-{day:02}-feed.md", _LOG.format(day=day, text=text))

    async def publish(self, *, dies_after: int = 0, arrives: bool = True) -> Published:
        """Publish the hand-off of all logs."""
        settings = self.place.settings
        window = window_of(settings.logs_dir, LastLogs(100), zone=UTC, note=lambda _: None)
        handoff = hand_off(extract(window, Memory()), before=Registry(), again=None, contract=None, top=5)
        wire: httpx.AsyncBaseTransport = EmulatorTransport(self.place.notion)
        wire = Mortal(wire, dies_after, arrives=arrives) if dies_after else wire
        assert settings.notion_token is not None
        return await publish(settings, settings.notion_token, handoff, transport=wire)

    @property
    def said(self) -> Mapping[str, str]:
        """The text of the property by log, for each page on which it is filled."""
        pages = [page["properties"] for page in self.place.notion.dump() if not page["in_trash"]]
        return {page["Log Path"]: page["Patterns"] for page in pages if page.get("Patterns")}

    def page(self, day: int) -> dict[str, Any]:
        """Return the page of the exception log of a day."""
        key = f"exceptions/2026-01-{day:02}-feed.md"
        (page,) = [
            page
            for page in self.place.notion.dump()
            if page["properties"]["Log Path"] == key and not page["in_trash"]
        ]
        return page

    def addresses(self) -> set[str]:
        """Return the addresses of all links in the property."""
        workspace = self.place.notion.workspace
        texts = [value for page in workspace.pages.values() for value in page.values.values()]
        runs = [run for text in texts if isinstance(text, list) for run in text if isinstance(run, dict)]
        links = [(run.get("text") or {}).get("link") for run in runs]
        return {link["url"] for link in links if link}

    async def in_step(self) -> bool:
        """Tell whether all logs and pages agree, with every page read back in full."""
        async with self.place.session(Tally(), on_a_copy=True) as session:
            return (await differences(session, deep=True)).in_step

    async def drift(self) -> tuple[str, ...]:
        """Run a drift check; return the logs whose pages it looks at."""
        async with self.place.session(Tally()) as session:
            await session.connect()
            found = await drift.check(
                session.gateway, session.store, session.backlog, host=self.place.settings.host, now=utc_now
            )
            async with asyncio.timeout(30):
                await session.worker.work(asyncio.Event(), enough=lambda: not session.backlog.count())
            return found

    def writes_to_pages(self) -> list[str]:
        """Return the paths of the writes since the journal was cleared."""
        return [entry.path for entry in self.place.notion.journal.writes()]
