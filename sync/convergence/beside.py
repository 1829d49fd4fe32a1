"""Compute beside the event loop what takes long, so that the loop goes on meanwhile."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from sync.page.batches import count_blocks
from sync.page.draft import PageDraft

T = TypeVar("T")

_MANY: Final = 100
"""Fewer blocks are compared within a hundredth of a second, whatever has changed."""


async def beside(draft: PageDraft, compute: Callable[[], T]) -> T:
    """Compute a result, in a thread when the draft has many blocks."""
    if sum(map(count_blocks, draft.body)) < _MANY:
        return compute()
    return await asyncio.to_thread(compute)
