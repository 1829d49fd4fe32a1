"""Tell our blocks from Jen's where a level of a page was listed, and what she made of ours. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sync.names import BlockId
from sync.notion.model import Author, ListedBlock
from sync.page.blocks import Block, Code, Paragraph, TableRow
from sync.page.fingerprint import fingerprint, kind
from sync.planning.outline import Edit, Outline, OwnedBlock, partners

STRAY = "stray"
"""The fingerprint of what a person made of a block and is not to stay: it equals none of ours."""


@dataclass(frozen=True, slots=True)
class Level:
    """The children of a page or block, as they were listed.

    Attributes:
        ours: Our blocks, in the order of the page.
        guests: Others' blocks are there too.
    """

    ours: Outline
    guests: bool


def recognise(
    listing: Sequence[ListedBlock],
    known: Outline | None,
    *,
    wanted: Outline,
    author: Author,
    keep_edits: bool,
) -> Level:
    """Tell our blocks from others', and what a person made of ours.

    A block is ours by its id, or by its author. A token that acts for a person signs her blocks and ours
    alike; then only what has the content that we wrote, or are about to write, is taken for ours.

    Args:
        listing: The level as Notion lists it.
        known: The level as we believed it to be; None: unknown.
        wanted: What the page should hold.
        author: Whom our writes are signed by.
        keep_edits: What a person made of our blocks stays, unless the log itself changes there.
    """
    contents = frozenset(_contents((*(known or ()), *wanted)))
    targets = frozenset(_contents(wanted))
    believed = {entry.block_id: entry for entry in known or () if entry.block_id is not None}
    complete = known is not None and all(entry.block_id or entry.gone for entry in known)
    mine = [
        (block, entry)
        for block in listing
        if _is_ours(
            block, entry := _entry(block, contents), believed, contents, author=author, complete=complete
        )
    ]
    partner = partners(known or (), [entry for _, entry in mine])
    ours: list[OwnedBlock] = []
    places: dict[int, OwnedBlock] = {}
    for i, (block, entry) in enumerate(mine):
        was = partner.get(i)
        judged = _judged(block, entry, was, targets, author=author, keep_edits=keep_edits)
        if judged is None:
            continue
        ours.append(judged)
        if was is not None:
            places[id(was)] = judged
    guests = len(ours) < len(listing)
    if keep_edits and known is not None:
        return Level(_as_left(known, ours, places, targets), guests)
    return Level(tuple(ours), guests)


_Content = tuple[str, str]


def _contents(outline: Outline) -> Iterator[_Content]:
    for entry in outline:
        yield entry.kind, entry.fingerprint
        yield from _contents(entry.children or ())


def _entry(listed: ListedBlock, contents: frozenset[_Content]) -> OwnedBlock:
    """Return a block as if it were ours, where a reader has added no word.

    The colour of a whole paragraph is a mark; a column added to a table leaves an empty cell in each row.
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
    """Yield what the block may have been before a reader did something to it that adds no word."""
    match block:
        case Paragraph():
            yield replace(block, muted=not block.muted)
        case TableRow(cells=(*cells, ())) if cells:
            shorter = TableRow(tuple(cells))
            yield shorter
            yield from _saying_no_more(shorter)
        case _:
            pass


def _is_ours(
    block: ListedBlock,
    entry: OwnedBlock,
    believed: Mapping[BlockId, OwnedBlock],
    contents: frozenset[_Content],
    *,
    author: Author,
    complete: bool,
) -> bool:
    known = believed.get(block.block_id)
    if known is not None:
        # Turned into another type it is the work of whoever turned it, and ours is made anew.
        return known.kind.partition(":")[0] == entry.kind.partition(":")[0]
    as_written = (entry.kind, entry.fingerprint) in contents
    if block.created_by == author.user_id and not author.is_person:
        # What we once let go stays another's: turned into another type, or fetched back from the trash.
        return as_written or not complete or block.last_edited_by == author.user_id
    return as_written and block.created_by in {author.user_id, author.owner_id}


def _judged(
    block: ListedBlock,
    entry: OwnedBlock,
    believed: OwnedBlock | None,
    targets: frozenset[_Content],
    *,
    author: Author,
    keep_edits: bool,
) -> OwnedBlock | None:
    """Say what a person made of a block of ours, judged by what we wrote there; else by the last hand.

    What is to stay, and stands where we do not know what we wrote, is hers from then on.
    """
    others = block.last_edited_by != author.user_id and not author.is_person
    was = STRAY if believed is None else believed.fingerprint
    if entry.fingerprint == was != STRAY or (entry.kind, entry.fingerprint) in targets:
        return entry
    if believed is None and not others:
        return entry
    edit = Edit(block.words, sure=others and bool(block.last_edited_by))
    if not keep_edits:
        return replace(entry, fingerprint=STRAY, edit=edit)
    return None if was == STRAY else replace(entry, fingerprint=was, edit=edit)


def _as_left(
    known: Outline,
    ours: Sequence[OwnedBlock],
    places: Mapping[int, OwnedBlock],
    targets: frozenset[_Content],
) -> Outline:
    """Return our blocks in our own order, with the places of those that a person deleted."""
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
