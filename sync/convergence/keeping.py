"""Save a person's words before they are overwritten: in a comment on the page, else in a file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sync.convergence.saved_words import save
from sync.errors import AccessLost, Ambiguous, PageGone, Rejected
from sync.names import BlockId, LogPath, PageId
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.state.savings import remember_saving
from sync.state.store import Store

_NOTE = "This line of the log was changed here. The page shows the log again; this is what it said:\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """Saves what people wrote on one page.

    Attributes:
        directory: For the words that no comment can hold.
        path: The log.
        now: Tells the time.
        store: Remembers where the words are.
    """

    gateway: Gateway
    lane: Lane
    directory: Path
    path: LogPath
    now: Callable[[], datetime]
    store: Store

    async def keep(self, page_id: PageId, block_id: BlockId | None, words: str, *, sure: bool) -> None:
        """Save words that stand on a block, or on the page when there is no block.

        They go into the file when they may be our own, changed by Notion, and when the token is a person's:
        she would have signed the comment herself.

        Args:
            page_id: The page.
            block_id: The block; None: the page.
            words: What to save.
            sure: They are surely a person's.

        Raises:
            StateUnusable: They could not be saved; nothing may be overwritten.
            Transient: Notion cannot be reached now.
        """
        author = await self.gateway.me(lane=self.lane)
        if sure and not author.is_person and await self._commented(page_id, block_id, words):
            remember_saving(self.store, self.path, None)
        else:
            self.keep_in_file(words)

    def keep_in_file(self, words: str) -> None:
        """Save words in the file, where no comment can stand beside them.

        Raises:
            StateUnusable: The file could not be written.
        """
        file = save(self.directory, self.path, words, now=self.now())
        remember_saving(self.store, self.path, file)

    async def _commented(self, page_id: PageId, block_id: BlockId | None, words: str) -> bool:
        on: Literal["page", "block"] = "page" if block_id is None else "block"
        try:
            await self.gateway.comment(block_id or page_id, f"{_NOTE}{words}", on=on, lane=self.lane)
        except (AccessLost, Ambiguous, PageGone, Rejected):
            return False
        return True
