"""One block by its id: looked at, and moved to the trash."""

from collections.abc import Callable

from sync.errors import PageGone
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
        PageGone: Notion shows it all the same: what is above it may be gone, the page is to be read again.
    """
    request = change("DELETE", f"blocks/{block_id}", Target.PAGE, body=None, sending=sending)
    try:
        await database.send_to_page(request, is_block, lane=lane)
    except PageGone:
        if await _is_there(database, block_id, lane=lane):
            raise


async def _is_there(database: Database, block_id: BlockId, *, lane: Lane) -> bool:
    try:
        await retrieve(database, block_id, lane=lane)
    except PageGone:
        return False
    return True


def is_block(answer: Json) -> Json:
    """Read an answer that is a block."""
    return expect(answer, "block")
