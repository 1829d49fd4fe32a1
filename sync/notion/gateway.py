"""What can be done with pages and blocks in Notion, in the words of the reconciler."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Literal, TypeAlias

from sync.errors import PageGone, Rejected
from sync.names import BlockId, Key, PageId, Property
from sync.notion import queries, single_block
from sync.notion.answers import (
    NotNotion,
    expect,
    is_below,
    read_block,
    read_created_page,
    read_cursor,
    read_items,
    read_row,
)
from sync.notion.bodies import encoded, encoded_position
from sync.notion.calls import Calls
from sync.notion.connect import Connection, TellWait, Wanted, untold
from sync.notion.database import ConnectedDatabase
from sync.notion.error_answers import names_property
from sync.notion.held_values import foreign_values, strays
from sync.notion.limiter import Budget, Lane
from sync.notion.model import Author, CreatedPage, ExaminedPage, Json, ListedBlock, PageRow
from sync.notion.pagination import Pagination
from sync.notion.request import Request, Target, change, read
from sync.notion.schema import Schema
from sync.notion.uploads import upload
from sync.notion.whoami import Signature
from sync.page.blocks import Block, Run
from sync.page.draft import PageDraft
from sync.page.wire import encode_block, encode_rich_text, encode_update
from sync.planning.actions import After, Position

Sending: TypeAlias = Callable[[], None]
"""Called with the turn in hand, directly before a write leaves, each time it does."""


class Gateway:
    """Reads and writes the pages of one database; every failure is one of `sync.errors`.

    Args:
        calls: Sends the requests.
        wanted: Which database, and how it is used.
        author: Whom our edits are signed by, when that is known already.
    """

    def __init__(self, calls: Calls, wanted: Wanted, author: Author | None = None) -> None:
        self._calls = calls
        self._database = ConnectedDatabase(calls, wanted)
        self.signature = Signature(calls, author)
        self._left_out: dict[Property, str] = {}

    @property
    def requests(self) -> Mapping[Lane, int]:
        """How many requests were sent, by lane."""
        return self._calls.sent

    @property
    def budget(self) -> Budget:
        """The present state of the rate limit."""
        return self._calls.limiter.snapshot()

    def time(self, local: datetime) -> datetime:
        """Return what time it was for Notion at its last answer; before the first, what it is for us."""
        return self._calls.clock.latest or local

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person may want to mend in the database, a sentence each."""
        connection = self._database.connection
        return (*(connection.warnings if connection else ()), *self._left_out.values())

    async def connect(self, *, rehearsing: bool = False, tell_wait: TellWait = untold) -> Connection:
        """Find the database, bind its properties and add the missing ones where that is wanted.

        A rehearsal adds nothing and goes on as if it had.
        """
        return await self._database.connect(rehearsing=rehearsing, tell_wait=tell_wait)

    async def create_page(
        self, draft: PageDraft, blocks: Sequence[Block], *, lane: Lane, sending: Sending | None = None
    ) -> CreatedPage:
        """Make a page with its properties and first blocks in one request."""
        children = [encode_block(block) for block in blocks]

        def build(connection: Connection) -> Request:
            return Request(
                method="POST",
                path="pages",
                target=Target.DATABASE,
                writes=True,
                creates_page=True,
                sending=sending,
                body={
                    "parent": {"type": "data_source_id", "data_source_id": connection.data_source_id},
                    **self._head(draft, connection.schema),
                    **({"children": children} if children else {}),
                },
            )

        return await self._database.send_page(
            build, lambda answer, _: read_created_page(answer), of=draft.properties, lane=lane
        )

    async def update_page(
        self, page_id: PageId, draft: PageDraft, *, lane: Lane, sending: Sending | None = None
    ) -> None:
        """Write a page's managed properties and icon in one request."""

        def build(connection: Connection) -> Request:
            body = self._head(draft, connection.schema)
            return change("PATCH", f"pages/{page_id}", Target.PAGE, body=body, sending=sending)

        try:
            await self._database.send_page(
                build, lambda answer, _: expect(answer, "page"), of=draft.properties, lane=lane
            )
        except PageGone:
            await self._database.confirm_there(lane=lane)
            raise
        except Rejected as refusal:
            if names_property(refusal.what):
                await self._database.confirm_row(page_id, lane=lane)
            raise

    async def append(
        self,
        parent: PageId | BlockId,
        blocks: Sequence[Block],
        *,
        position: Position,
        lane: Lane,
        sending: Sending | None = None,
    ) -> tuple[BlockId, ...]:
        """Insert blocks below a page or block; return the ids of the top ones in order."""
        body = {"children": [encode_block(block) for block in blocks], "position": encoded_position(position)}
        request = change("PATCH", f"blocks/{parent}/children", Target.PAGE, body=body, sending=sending)

        def reading(answer: Json) -> tuple[BlockId, ...]:
            # Behind the new blocks Notion lists the old ones that follow them.
            new = read_items(answer)[: len(blocks)]
            if len(new) < len(blocks):
                raise NotNotion
            return tuple(BlockId(expect(item, "block")["id"]) for item in new)

        try:
            return await self._database.send_to_page(request, reading, lane=lane)
        except Rejected as refusal:
            if isinstance(position, After) and not refusal.by_firewall:
                still_there = partial(is_below, parent)
                await self._database.confirm_block(position.block_id, still_there, lane=lane)
            raise

    async def update_block(
        self, block_id: BlockId, block: Block, *, lane: Lane, sending: Sending | None = None
    ) -> None:
        """Replace a block's own content in place; its id, comments and children stay."""
        body = encode_update(block)
        request = change("PATCH", f"blocks/{block_id}", Target.PAGE, body=body, sending=sending)
        try:
            await self._database.send_to_page(request, single_block.is_block, lane=lane)
        except Rejected as refusal:
            if not refusal.by_firewall:
                still_fits = partial(single_block.is_updatable, body)
                await self._database.confirm_block(block_id, still_fits, lane=lane)
            raise

    async def confirm_holder(self, block_id: BlockId, blocks: Sequence[Block], *, lane: Lane) -> None:
        """Raise `PageGone` unless a block can still hold these: a person may have made another of it."""
        await self._database.confirm_block(block_id, partial(single_block.can_hold, blocks), lane=lane)

    async def upload(self, name: str, content: bytes, *, lane: Lane) -> str:
        """Upload a text file; return the id by which it is attached within the hour."""
        return await upload(self._calls, name, content, lane=lane)

    async def delete_block(
        self, block_id: BlockId, *, lane: Lane, sending: Sending | None = None
    ) -> ListedBlock | None:
        """Move a block to the trash, if it is not there or gone; return what it was at the last moment."""
        return await single_block.delete(self._database, block_id, lane=lane, sending=sending)

    async def bring_block_back(
        self, block_id: BlockId, *, lane: Lane, sending: Sending | None = None
    ) -> None:
        """Take a block out of the trash, with all that is below it."""
        await single_block.bring_back(self._database, block_id, lane=lane, sending=sending)

    async def set_in_trash(
        self, page_id: PageId, *, in_trash: bool, lane: Lane, sending: Sending | None = None
    ) -> None:
        """Move a page to the trash, or bring it back from there."""
        body = {"in_trash": in_trash}
        request = change("PATCH", f"pages/{page_id}", Target.PAGE, body=body, sending=sending)
        await self._database.send_to_page(request, lambda answer: expect(answer, "page"), lane=lane)

    async def list_children(
        self,
        parent_id: PageId | BlockId,
        *,
        lane: Lane,
        enough: Callable[[Sequence[ListedBlock]], bool] = lambda _: False,
    ) -> tuple[tuple[ListedBlock, ...], bool]:
        """Return the blocks directly below a page or block, in order, and whether they are all.

        Args:
            parent_id: The page or block.
            lane: Who waits.
            enough: Asked after each hundred whether they will do.
        """
        listed: list[ListedBlock] = []
        pagination = Pagination()
        while True:
            query = {"page_size": queries.PAGE_SIZE, **pagination.query}
            request = read(f"blocks/{parent_id}/children", Target.PAGE, query=query)
            portion, cursor = await self._database.send_to_page(request, _children, lane=lane)
            listed.extend(portion)
            if not pagination.goes_on(cursor) or enough(listed):
                return tuple(listed), cursor is None

    async def retrieve_block(self, block_id: BlockId, *, lane: Lane) -> ListedBlock:
        """Return one block, also one that is in the trash."""
        return await single_block.retrieve(self._database, block_id, lane=lane)

    async def find(self, key: Key, *, lane: Lane) -> tuple[PageRow, ...]:
        """Return the pages of one key that are not in the trash, oldest first."""
        return await queries.find(self._database, key, lane=lane)

    def rows(
        self, *, lane: Lane, newest_first: bool, edited_since: datetime | None = None
    ) -> AsyncIterator[tuple[PageRow, ...]]:
        """Yield every page outside the trash once, by its time of creation; one item for each request."""
        return queries.rows(self._database, lane=lane, newest_first=newest_first, edited_since=edited_since)

    def archived_rows(self, *, lane: Lane) -> AsyncIterator[tuple[PageRow, ...]]:
        """Yield every page that a person archived once; one item for each request."""
        return queries.archived_rows(self._database, lane=lane)

    async def retrieve_page(self, page_id: PageId, *, lane: Lane) -> PageRow:
        """Return a page, also one that is in the trash."""
        database = await self._database.current()
        reading = partial(read_row, schema=database.schema, source=database.data_source_id)
        return await self._database.send_to_page(read(f"pages/{page_id}", Target.PAGE), reading, lane=lane)

    async def examine(
        self, page_id: PageId, draft: PageDraft, *, lane: Lane, changing: Collection[Property] = ()
    ) -> ExaminedPage:
        """Return a page, also one in the trash, and what our properties say there besides the draft."""
        database = await self._database.current_for(changing, lane=lane)
        schema = database.schema

        def reading(answer: Json) -> ExaminedPage:
            differing = strays(schema, answer.get("properties") or {}, encoded(draft, schema).payload)
            return ExaminedPage(read_row(answer, schema, source=database.data_source_id), differing)

        return await self._database.send_to_page(read(f"pages/{page_id}", Target.PAGE), reading, lane=lane)

    async def foreign_values(self, page_id: PageId, *, lane: Lane) -> str:
        """Return what a page says in the properties that are not ours, as a text that compares."""
        schema = (await self._database.current()).schema

        def reading(answer: Json) -> str:
            return foreign_values(schema, expect(answer, "page").get("properties") or {})

        return await self._database.send_to_page(read(f"pages/{page_id}", Target.PAGE), reading, lane=lane)

    async def confirm_there(self, *, lane: Lane) -> None:
        """Raise a `SyncError` unless Notion shows the database: the plainest question that there is."""
        await self._database.confirm_there(lane=lane)

    async def me(self, *, lane: Lane) -> Author:
        """Return whom our edits are signed by; asked once for each token."""
        return await self.signature.author(lane=lane)

    async def comment(
        self, parent: PageId | BlockId, text: str, *, on: Literal["page", "block"], lane: Lane
    ) -> None:
        """Write a comment on a page or on one block of it."""
        body = {"parent": {f"{on}_id": parent}, "rich_text": encode_rich_text((Run(text),))}
        request = change("POST", "comments", Target.PAGE, body=body)
        await self._database.send_to_page(request, lambda answer: expect(answer, "comment"), lane=lane)

    async def has_comments(self, parent: PageId | BlockId, *, lane: Lane) -> bool:
        """Tell whether there are open comments on a page or on one block of it."""
        request = read("comments", Target.PAGE, query={"block_id": parent, "page_size": 1})
        return bool(await self._database.send_to_page(request, read_items, lane=lane))

    def _head(self, draft: PageDraft, schema: Schema) -> dict[str, Any]:
        """Return a page's icon and properties, and keep what this database cannot hold for `warnings`."""
        found = encoded(draft, schema)
        self._left_out.update(found.left_out)
        return {"icon": {"type": "emoji", "emoji": draft.icon}, "properties": found.payload}


def _children(answer: Json) -> tuple[tuple[ListedBlock, ...], str | None]:
    return tuple(read_block(item) for item in read_items(answer)), read_cursor(answer)
