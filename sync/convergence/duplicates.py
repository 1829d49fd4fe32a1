"""Where a log has several pages, keep one; trash those that are ours alone, leave the others to a person."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sync.errors import AccessLost, PageGone
from sync.keys import key_of
from sync.names import BlockId, Key, LogPath, PageId
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.notion.model import Author, ListedBlock, PageRow
from sync.page.blocks import Block, children
from sync.page.draft import PageDraft
from sync.page.fingerprint import fingerprint, kind
from sync.planning.page_state import Synced, page_id_of
from sync.state.duplicates import Duplicate, Duplicates
from sync.state.records import ADOPTED, PageRecord
from sync.state.store import Store


@dataclass(frozen=True, slots=True)
class Settling:
    """Brings a log with several pages down to one.

    Every process with the same connection chooses the same page, so that two of them never trash both.
    """

    store: Store
    gateway: Gateway
    host: str
    lane: Lane
    now: datetime

    async def settle(self, record: PageRecord) -> PageRecord:
        """Keep one page, trash those that are ours alone, and leave the others to a person.

        Only pages that we made are trashed, and none that holds something of a person's. Such a page is kept:
        the known page rather than another, else the oldest. Without one, the oldest that we made is kept.

        Returns:
            What is remembered of the log afterwards.
        """
        known = page_id_of(record.page)
        rows = await self._rows(key_of(self.host, record.path), known)
        author = await self.gateway.me(lane=self.lane)
        if all(row.page_id != known for row in rows):
            return self._left(record, rows)
        ours = [row for row in rows if made_by(author, row)]
        touched = await self._touched(ours, author) if len(ours) > 1 else ours
        candidates = touched or ours
        if any(row.page_id == known for row in touched) or not candidates:
            stays = next(row for row in rows if row.page_id == known)
        else:
            stays = candidates[0]
        if stays.page_id != known:
            record = tracking(record.path, stays, self.now)
            self.store.save(record)
        spare = [row for row in ours if row not in touched and row != stays]
        for row in spare:
            with suppress(PageGone):
                await self.gateway.set_in_trash(row.page_id, in_trash=True, lane=self.lane)
        return self._left(record, [row for row in rows if row != stays and row not in spare])

    async def _rows(self, key: Key, known: PageId | None) -> Sequence[PageRow]:
        """Return the pages of a log, oldest first; with the known one, even if no query shows it yet."""
        rows = await self.gateway.find(key, lane=self.lane)
        if known is None or any(row.page_id == known for row in rows):
            return rows
        with suppress(PageGone):
            row = await self.gateway.retrieve_page(known, lane=self.lane)
            if row.key == key and not row.in_trash:
                return sorted((*rows, row), key=lambda each: (each.created_time, each.page_id))
        return rows

    def _left(self, record: PageRecord, rows: Sequence[PageRow]) -> PageRecord:
        left = [Duplicate(record.path, row.page_id, row.url) for row in rows]
        Duplicates(self.store).settle(record.path, left)
        return record

    async def _touched(self, ours: Sequence[PageRow], author: Author) -> Sequence[PageRow]:
        """Return those of our pages that hold something of a person's, or may."""
        if len({await self.gateway.foreign_values(row.page_id, lane=self.lane) for row in ours}) > 1:
            return ours
        return [row for row in ours if not await self._is_ours_alone(row, author)]

    async def _is_ours_alone(self, row: PageRow, author: Author) -> bool:
        def is_ours(block: ListedBlock) -> bool:
            return block.created_by == block.last_edited_by == author.user_id

        if row.last_edited_by != author.user_id:
            return False
        return await _holds_only(self.gateway, row.page_id, is_ours, lane=self.lane)


async def another_of_ours(gateway: Gateway, key: Key, *, than: PageId, lane: Lane) -> PageRow | None:
    """Return the oldest other page of a log that we made; a copy that a person made is hers."""
    rows = [row for row in await gateway.find(key, lane=lane) if row.page_id != than]
    if not rows:
        return None
    author = await gateway.me(lane=lane)
    return next((row for row in rows if made_by(author, row)), None)


def made_by(author: Author, row: PageRow) -> bool:
    """Tell whether we made a page; never when the token is a person's own, as nobody can tell then."""
    return not author.is_person and row.created_by == author.user_id


def tracking(path: LogPath, row: PageRow, now: datetime) -> PageRecord:
    """Return what is remembered of a log whose page is from now on this one, of which nothing is known."""
    page = Synced(row.page_id, None, None)
    return PageRecord(path=path, page=page, url=row.url, edition=ADOPTED, since=now)


async def is_plain_copy(
    gateway: Gateway, page_id: PageId, draft: PageDraft, *, of: PageId, lane: Lane
) -> bool:
    """Tell whether a page holds nothing but what the log says: not a word, block or comment more.

    The answer is no where the connection may not read comments.

    Args:
        gateway: Reads the pages.
        page_id: The copy.
        draft: What the log says.
        of: The page that stays; the copy must agree with it in the properties that are a person's own.
        lane: Who waits.
    """
    contents = frozenset(_contents(draft.body))

    def says_the_log(listed: ListedBlock) -> bool:
        block = listed.block
        return block is not None and (kind(block), fingerprint(block)) in contents

    if (await gateway.examine(page_id, draft, lane=lane)).strays:
        return False
    if await gateway.foreign_values(page_id, lane=lane) != await gateway.foreign_values(of, lane=lane):
        return False
    return await _holds_only(gateway, page_id, says_the_log, lane=lane)


async def _holds_only(
    gateway: Gateway, page_id: PageId, expected: Callable[[ListedBlock], bool], *, lane: Lane
) -> bool:
    """Tell whether a page holds only expected blocks, at whatever depth, and no comment."""
    waiting: list[PageId | BlockId] = [page_id]
    try:
        while waiting:
            parent = waiting.pop()
            if await gateway.has_comments(parent, lane=lane):
                return False
            for listed in (await gateway.list_children(parent, lane=lane))[0]:
                if not expected(listed):
                    return False
                waiting.append(listed.block_id)
    except AccessLost:
        return False
    return True


def _contents(blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    for block in blocks:
        yield kind(block), fingerprint(block)
        yield from _contents(children(block))
