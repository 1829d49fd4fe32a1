"""From a log file to the page that it should have; what takes long is done beside the event loop."""

import asyncio
from dataclasses import replace

from sync.files import ReadLog, ReadResult, is_long, read_log
from sync.fit import Fit, fit_for_leaving
from sync.names import LogPath, Property
from sync.rules import Rules
from sync.state.backlinks import Backlinks

_LONG = 16 * 1024
"""Bytes of a log that take no more than a hundredth of a second to render."""


class Renderer:
    """Reads logs and renders them.

    Args:
        rules: What the settings say.
        backlinks: The links from pages to the hand-off that tells of their logs.
    """

    def __init__(self, rules: Rules, backlinks: Backlinks) -> None:
        self._rules = rules
        self._backlinks = backlinks
        self._in_thread = asyncio.Lock()

    async def read(self, path: LogPath) -> ReadResult:
        """Read a file, in a thread if it is long.

        Raises:
            LogUnreadable: It cannot be read.
        """
        if is_long(self._rules.root, path):
            return await asyncio.to_thread(read_log, self._rules.root, path)
        return read_log(self._rules.root, path)

    async def render(self, path: LogPath, reading: ReadLog) -> Fit:
        """Redact, parse and render a log, in a thread if it is long.

        Never two at once: the parser is not made for several threads.
        """
        async with self._in_thread:
            if len(reading.content) <= _LONG:
                return self.render_here(path, reading)
            fit = await asyncio.to_thread(fit_for_leaving, self._rules, path, reading)
        return self._linked(path, fit)

    def render_here(self, path: LogPath, reading: ReadLog) -> Fit:
        """Redact, parse and render a log, however long it takes."""
        return self._linked(path, fit_for_leaving(self._rules, path, reading))

    def _linked(self, path: LogPath, fit: Fit) -> Fit:
        """Add the links to the hand-off that tells of the log, if there is one."""
        links = self._backlinks.of(path)
        if links is None:
            return fit
        draft = fit.page.draft
        held = {**draft.properties, Property.PATTERNS: links}
        return replace(fit, page=replace(fit.page, draft=replace(draft, properties=held)))
