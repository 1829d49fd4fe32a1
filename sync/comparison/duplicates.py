"""Several pages for one log: the oldest stays, the others go unless a person has put something there."""

from collections.abc import Iterator, Sequence

from sync.errors import AccessLost
from sync.names import BlockId, PageId
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.page.blocks import Block, children
from sync.page.draft import PageDraft
from sync.page.fingerprint import fingerprint, kind


async def is_plain_copy(gateway: Gateway, page_id: PageId, draft: PageDraft, *, lane: Lane) -> bool:
    """Tell whether a page holds nothing but what the log says: no other block, and no comment.

    A connection that may not read comments cannot tell.
    """
    contents = frozenset(_contents(draft.body))
    waiting: list[PageId | BlockId] = [page_id]
    try:
        while waiting:
            parent = waiting.pop()
            if await gateway.has_comments(parent, lane=lane):
                return False
            for listed in (await gateway.list_children(parent, lane=lane))[0]:
                block = listed.block
                if block is None or (kind(block), fingerprint(block)) not in contents:
                    return False
                waiting.append(listed.block_id)
    except AccessLost:
        return False
    return True


def _contents(blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    for block in blocks:
        yield kind(block), fingerprint(block)
        yield from _contents(children(block))
