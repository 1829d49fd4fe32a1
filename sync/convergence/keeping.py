"""Save what a person wrote before it is overwritten: as a comment beside it, else in a file."""

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

_NOTE = "This line of the log was changed here. The page shows the log again; this is what it said:\n"


@dataclass(frozen=True, slots=True)
class Keeper:
    """Where the words of one page go.

    Attributes:
        directory: For those that no comment can hold.
        path: The log.
        now: Tells the time.
        tell: Told of the file that they are in, or None when they are a comment on the page.
    """

    gateway: Gateway
    lane: Lane
    directory: Path
    path: LogPath
    now: Callable[[], datetime]
    tell: Callable[[Path | None], None]

    async def keep(self, page_id: PageId, block_id: BlockId | None, words: str, *, sure: bool) -> None:
        """Save words that stand on a block, or on the page when it is None.

        What may be our own, changed by Notion, and what a comment would be signed for in her own name
        goes into the file.

        Raises:
            StateUnusable: Neither way was open; nothing may be overwritten.
            Transient: Notion cannot be asked now.
        """
        author = await self.gateway.me(lane=self.lane)
        if sure and not author.is_person and await self._commented(page_id, block_id, words):
            self.tell(None)
        else:
            self.keep_in_file(words)

    def keep_in_file(self, words: str) -> None:
        """Save words beside which no comment can stand.

        Raises:
            StateUnusable: They could not be written.
        """
        self.tell(save(self.directory, self.path, words, now=self.now()))

    async def _commented(self, page_id: PageId, block_id: BlockId | None, words: str) -> bool:
        on: Literal["page", "block"] = "page" if block_id is None else "block"
        try:
            await self.gateway.comment(block_id or page_id, f"{_NOTE}{words}", on=on, lane=self.lane)
        except (AccessLost, Ambiguous, PageGone, Rejected):
            return False
        return True
