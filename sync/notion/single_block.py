"""One block by its id: looked at, and moved to the trash."""

from collections.abc import Callable
from contextlib import suppress

from sync.errors import PageGone, Transient
from sync.names import BlockId
from sync.notion.answers import expect, read_live_block
from sync.notion.database import Database
from sync.notion.limiter import Lane
from sync.notion.model import Json, ListedBlock
from sync.notion.request import Target, change, read


async def retrieve(database: Database, block_id: BlockId, *, lane: Lane) -> ListedBlock:
    """Return a block.

    Raises:
        PageGone: It is in the trash, or nowhere.
    """
    request = read(f"blocks/{block_id}", Target.PAGE)
    block = await database.send_to_page(request, read_live_block, lane=lane)
    if block is None:
        raise PageGone("The block is in Notion's trash")
    return block


async def delete(
    database: Database, block_id: BlockId, *, lane: Lane, sending: Callable[[], None] | None
) -> None:
    """Move a block to the trash; one that is there already, or is gone, is no failure.

    Raises:
        Transient: Notion said that it is gone, and shows it all the same.
    """
    request = change("DELETE", f"blocks/{block_id}", Target.PAGE, body=None, sending=sending)
    try:
        await database.send_to_page(request, is_block, lane=lane)
    except PageGone:
        with suppress(PageGone):
            await retrieve(database, block_id, lane=lane)
            raise Transient("Notion said that a block is gone which is still there") from None


def is_block(answer: Json) -> Json:
    """Read an answer that is a block."""
    return expect(answer, "block")
