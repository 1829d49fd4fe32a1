"""Writes to one page that overlap in time: Notion answers the later one with a conflict."""

from collections.abc import Iterator
from contextlib import contextmanager

from sync.notion.emulator.exchange import HttpRequest
from sync.notion.emulator.ids import given_id
from sync.notion.emulator.refusals import ApiError
from sync.notion.emulator.workspace import Workspace


class Collisions:
    """Knows which pages are being written."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._written: set[str] = set()

    @contextmanager
    def under_way(self, request: HttpRequest) -> Iterator[bool]:
        """Count a request as under way while the context lasts; gives whether it meets another write."""
        page = self._page(request)
        meets = page in self._written
        if page is None or meets:
            yield meets
            return
        self._written.add(page)
        try:
            yield False
        finally:
            self._written.discard(page)

    def _page(self, request: HttpRequest) -> str | None:
        """Return the page that a request writes to; None for a read or a create."""
        parts = request.path.strip("/").split("/")
        if request.method not in {"PATCH", "DELETE"} or parts[1:2] not in (["pages"], ["blocks"]):
            return None
        try:
            thing = given_id(parts[2], "path")
        except (ApiError, IndexError):
            return None
        block = self._ws.blocks.get(thing)
        return block.page if block else thing
