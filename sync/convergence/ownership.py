"""Tell our blocks from other people's in a listing, and what was made of ours. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sync.names import BlockId, UserId
from sync.notion.model import Author, ListedBlock
from sync.page.blocks import Block, Code, Paragraph, TableRow
from sync.page.fingerprint import fingerprint, kind
from sync.planning.outline import Edit, Outline, OwnedBlock, partners

STRAY = "stray"
"""The fingerprint of an edit by a person that is not to stay: it equals none of ours."""


@dataclass(frozen=True, slots=True)
class Level:
    """The children of a page or block, told apart.

    Attributes:
        ours: Our blocks, in the order of the page.
        guests: There are blocks of other people as well.
    """

    ours: Outline
    guests: bool


_Content = tuple[str, str]
"""The kind and fingerprint of a block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Expected:
    """What is expected at one level, which its blocks are judged by.

    Attributes:
        contents: What we wrote there or below, or are about to write.
        targets: What we are about to write.
        by_id: Our blocks whose id is known.
        is_complete: The ids of all our blocks there are known.
        author: Whom our writes are signed by.
        maker: Who made the page; None: unknown.
        keep_edits: What a person made of our blocks stays, unless the log itself changes there.
    """

    contents: frozenset[_Content]
    targets: frozenset[_Content]
    by_id: Mapping[BlockId, OwnedBlock]
    is_complete: bool
    author: Author
    maker: UserId | None
    keep_edits: bool

    def is_ours(self, block: ListedBlock, entry: OwnedBlock) -> bool:
        """Tell whether a block is ours: by its id, its author or its content."""
        known, author = self.by_id.get(block.block_id), self.author
        if known is not None:
            # Once turned into another type, it belongs to whoever did that, and ours is made anew.
            return known.kind.partition(":")[0] == entry.kind.partition(":")[0]
        as_written = (entry.kind, entry.fingerprint) in self.contents
        if block.created_by == author.user_id and not author.is_person:
            # A block that we gave up stays hers: she turned it into another type, or restored it.
            return as_written or not self.is_complete or block.last_edited_by == author.user_id
        # On a page that a person copied, the copy of our block bears her name.
        is_copied = block.created_by == self.maker and not self.is_complete
        return as_written and (is_copied or block.created_by in {author.user_id, author.owner_id})

    def judge(self, block: ListedBlock, entry: OwnedBlock, believed: OwnedBlock | None) -> OwnedBlock | None:
        """Return a block of ours with what a person made of it; None when it is hers from now on.

        Her edit shows by comparison with what we wrote there; where that is unknown, by who edited it last.
        It is hers when her edit is to stay and we do not know what we wrote.
        """
        others = block.last_edited_by != self.author.user_id and not self.author.is_person
        was = STRAY if believed is None else believed.fingerprint
        if entry.fingerprint == was != STRAY or (entry.kind, entry.fingerprint) in self.targets:
            return entry
        if believed is None and not others:
            return entry
        edit = Edit(block.words, sure=others and bool(block.last_edited_by))
        if not self.keep_edits:
            return replace(entry, fingerprint=STRAY, edit=edit)
        return None if was == STRAY else replace(entry, fingerprint=was, edit=edit)


def recognise(
    listing: Sequence[ListedBlock],
    known: Outline | None,
    *,
    wanted: Outline,
    author: Author,
    keep_edits: bool,
    maker: UserId | None = None,
) -> Level:
    """Tell our blocks from other people's, and what a person made of ours.

    A block is ours by its id, or by its author. A token that acts for a person signs her blocks and ours
    alike; then only a block with content that we wrote, or are about to write, is taken for ours.

    Args:
        listing: The level as Notion lists it.
        known: The level as we believed it to be; None: unknown.
        wanted: What the page should hold.
        author: Whom our writes are signed by.
        keep_edits: What a person made of our blocks stays, unless the log itself changes there.
        maker: Who made the page, so that the log's text on a copy that we took over is ours; None: unknown.
    """
    expected = _Expected(
        contents=frozenset(_contents((*(known or ()), *wanted))),
        targets=frozenset(_contents(wanted)),
        by_id={entry.block_id: entry for entry in known or () if entry.block_id is not None},
        is_complete=known is not None and all(entry.block_id or entry.gone for entry in known),
        author=author,
        maker=maker,
        keep_edits=keep_edits,
    )
    mine = [
        (block, entry)
        for block in listing
        if expected.is_ours(block, entry := _entry(block, expected.contents))
    ]
    partner = partners(known or (), [entry for _, entry in mine])
    ours: list[OwnedBlock] = []
    places: dict[int, OwnedBlock] = {}
    for i, (block, entry) in enumerate(mine):
        was = partner.get(i)
        judged = expected.judge(block, entry, was)
        if judged is None:
            continue
        ours.append(judged)
        if was is not None:
            places[id(was)] = judged
    guests = len(ours) < len(listing)
    if keep_edits and known is not None:
        return Level(_as_left(known, ours, places, expected.targets), guests)
    return Level(tuple(ours), guests)


def _contents(outline: Outline) -> Iterator[_Content]:
    for entry in outline:
        yield entry.kind, entry.fingerprint
        yield from _contents(entry.children or ())


def _entry(listed: ListedBlock, contents: frozenset[_Content]) -> OwnedBlock:
    """Return the outline of a listed block, as we wrote it if a reader has changed it without adding a word.

    A reader may colour a whole paragraph, or add a column to a table, which leaves an empty cell in each row.
    """
    below = None if listed.has_children else ()
    block = listed.block
    if block is None:
        return OwnedBlock(listed.block_id, listed.kind, STRAY, below)
    # A file's caption is ours; code has one only when a person wrote it.
    holds = isinstance(block, Code) and listed.has_caption
    entry = OwnedBlock(listed.block_id, kind(block), fingerprint(block), below, holds=holds)
    if (entry.kind, entry.fingerprint) in contents:
        return entry
    others = (fingerprint(other) for other in _saying_no_more(block))
    return next(
        (replace(entry, fingerprint=each) for each in others if (entry.kind, each) in contents), entry
    )


def _saying_no_more(block: Block) -> Iterator[Block]:
    """Yield what a block may have been before a reader changed it without adding a word."""
    match block:
        case Paragraph():
            yield replace(block, muted=not block.muted)
        case TableRow(cells=(*cells, ())) if cells:
            shorter = TableRow(tuple(cells))
            yield shorter
            yield from _saying_no_more(shorter)
        case _:
            pass


def _as_left(
    known: Outline,
    ours: Sequence[OwnedBlock],
    places: Mapping[int, OwnedBlock],
    targets: frozenset[_Content],
) -> Outline:
    """Return our blocks in the order in which we wrote them, those included that a person deleted."""
    result = [
        places.get(id(entry)) or replace(entry, edit=None, gone=True)
        for entry in known
        if id(entry) in places or (entry.kind, entry.fingerprint) in targets
    ]
    before: OwnedBlock | None = None
    for entry in ours:
        if not any(entry is each for each in result):
            at = next((i for i, each in enumerate(result) if each is before), -1)
            result.insert(at + 1, entry)
        before = entry
    return tuple(result)
