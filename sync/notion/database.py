"""The connected database: its schema is bound again when people change it while we work."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from typing import TypeVar

from sync.errors import PageGone, Rejected
from sync.names import BlockId, PageId, Property
from sync.notion.answers import expect, is_below
from sync.notion.calls import Calls
from sync.notion.connect import Connection, TellWait, Wanted, confirm_there, connect, rebound
from sync.notion.error_answers import names_property
from sync.notion.limiter import Lane
from sync.notion.model import Json
from sync.notion.request import Request, Target, read
from sync.notion.schema import ESSENTIAL, LATER, Schema

T = TypeVar("T")

MISPLACED = 409
"""The status of our own refusal that is about where a page is, not about what it says."""


def misplaced() -> Rejected:
    """Return the error for a log whose page is no longer a row of the database."""
    return Rejected(
        "Its page was moved out of the database in Notion",
        "Move the page back there, then run `ai-traces retry`",
        status=MISPLACED,
    )


class ConnectedDatabase:
    """Sends requests that depend on the schema, or on a page being there.

    Args:
        calls: Sends the requests.
        wanted: Which database, and how it is used.
    """

    def __init__(self, calls: Calls, wanted: Wanted) -> None:
        self._calls = calls
        self._wanted = wanted
        self._connection: Connection | None = None
        self._binding = asyncio.Lock()

    @property
    def connection(self) -> Connection | None:
        """The last binding; None before the first."""
        return self._connection

    async def connect(self, *, rehearsing: bool, tell_wait: TellWait) -> Connection:
        """Find the database and bind its properties afresh."""
        async with self._binding:
            self._connection = await connect(
                self._calls, self._wanted, rehearsing=rehearsing, tell_wait=tell_wait
            )
            return self._connection

    async def current(self) -> Connection:
        """Return the connection, made now if there is none yet."""
        async with self._binding:
            if self._connection is None:
                self._connection = await connect(self._calls, self._wanted)
            return self._connection

    async def current_for(self, of: Collection[Property], *, lane: Lane) -> Connection:
        """Return the connection, bound afresh if it lacks one of these that may have been added since."""
        connection = await self.current()
        if LATER.intersection(of) - connection.schema.bound.keys():
            return await self._rebound(connection, lane=lane)
        return connection

    async def send(
        self,
        build: Callable[[Connection], Request],
        reading: Callable[[Json, Schema], T],
        *,
        lane: Lane,
    ) -> T:
        """Send a request that depends on the schema; if Notion refuses a property, bind again and retry once.

        Args:
            build: Makes the request.
            reading: Makes the result of the answer.
            lane: Who waits.
        """
        connection = await self.current()
        try:
            return await self._send(build, reading, connection, lane)
        except Rejected as refusal:
            if not names_property(refusal.what):
                raise
            fresh = await self._rebound(connection, lane=lane)
            if fresh.schema == connection.schema:
                raise
        return await self._send(build, reading, fresh, lane)

    async def send_page(
        self,
        build: Callable[[Connection], Request],
        reading: Callable[[Json, Schema], T],
        *,
        of: Collection[Property],
        lane: Lane,
    ) -> T:
        """Send a page's properties; leave out those that Notion refuses, rather than lose the page.

        Args:
            build: Makes the request.
            reading: Makes the result of the answer.
            of: The properties; for one that may have been added since, the schema is read again.
            lane: Who waits.
        """
        await self.current_for(of, lane=lane)
        try:
            return await self.send(build, reading, lane=lane)
        except Rejected as refusal:
            connection = await self.current()
            reduced = _without_refused(connection, refusal.what)
            if not names_property(refusal.what) or reduced.schema == connection.schema:
                raise
            result = await self._send(build, reading, reduced, lane)
            self._warn(f"Left out on some pages: {refusal.what}")
            return result

    async def send_to_page(self, request: Request, reading: Callable[[Json], T], *, lane: Lane) -> T:
        """Send a request to a page or block; report it gone only if the database itself is there."""
        try:
            return await self._calls.send(request, reading, lane=lane)
        except PageGone:
            await self.confirm_there(lane=lane)
            raise

    async def confirm_block(self, block_id: BlockId, still: Callable[[Json], bool], *, lane: Lane) -> None:
        """Raise `PageGone` unless a block is still as we know it: people move, convert and delete blocks.

        Args:
            block_id: The block.
            still: Tells whether Notion's block object is as we know it.
            lane: Who waits.
        """

        def stands(answer: Json) -> bool:
            block = expect(answer, "block")
            return not block.get("in_trash") and still(block)

        request = read(f"blocks/{block_id}", Target.PAGE)
        if not await self.send_to_page(request, stands, lane=lane):
            raise PageGone("Somebody has moved, changed or deleted a block of the page")

    async def confirm_row(self, page_id: PageId, *, lane: Lane) -> None:
        """Raise `Rejected` unless a page is a row of the database: elsewhere it lacks our properties."""
        source = (await self.current()).data_source_id
        request = read(f"pages/{page_id}", Target.PAGE)
        if not await self.send_to_page(request, partial(is_below, source), lane=lane):
            raise misplaced()

    async def confirm_there(self, *, lane: Lane) -> None:
        """Raise `AccessLost` unless the database can be seen: without it every page seems gone."""
        await confirm_there(self._calls, await self.current(), lane=lane)

    async def _send(
        self,
        build: Callable[[Connection], Request],
        reading: Callable[[Json, Schema], T],
        connection: Connection,
        lane: Lane,
    ) -> T:
        schema = connection.schema
        return await self._calls.send(build(connection), lambda answer: reading(answer, schema), lane=lane)

    async def _rebound(self, stale: Connection, *, lane: Lane) -> Connection:
        async with self._binding:
            if self._connection is None or self._connection.schema == stale.schema:
                self._connection = await rebound(self._calls, self._wanted, stale, lane=lane)
            return self._connection

    def _warn(self, warning: str) -> None:
        if self._connection is not None and warning not in self._connection.warnings:
            self._connection = replace(self._connection, warnings=(*self._connection.warnings, warning))


def _without_refused(connection: Connection, message: str) -> Connection:
    """Leave out the properties that Notion's message names; if it names none, all but the essential ones."""
    schema = connection.schema
    spare = {ours: bound for ours, bound in schema.bound.items() if ours not in ESSENTIAL}
    named = {ours for ours, bound in spare.items() if bound.name in message or bound.id in message}
    dropped = named or set(spare)
    kept = {ours: bound for ours, bound in schema.bound.items() if ours not in dropped}
    return replace(connection, schema=replace(schema, bound=kept))
