"""The outline of a page: what we wrote there, block by block, as ids and fingerprints without the text.

The only text it holds is what a person wrote into a block of ours, and that only until it is saved.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TypeAlias

from sync.names import BlockId
from sync.page.blocks import Block, children
from sync.page.fingerprint import fingerprint, kind


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person made of a block of ours.

    Attributes:
        words: What the block says now; None: it must be read again before it is overwritten.
        sure: Another person edited it last; if not, it may be our own text, changed by Notion.
    """

    words: str | None
    sure: bool


@dataclass(frozen=True, slots=True)
class OwnedBlock:
    """A block that the daemon wrote.

    Attributes:
        block_id: Its id in Notion; None when it was sent with a create and has never been listed.
        kind: What cannot be changed in place, such as `paragraph` or `table:3`.
        fingerprint: Of its own content, without its children.
        children: Our blocks below it, in order; None: unknown.
        edit: What a person made of it; None: nothing.
        holds: Other people's blocks or comments hang on it, so it is never deleted.
        gone: A person deleted it, and it is to stay away.
    """

    block_id: BlockId | None
    kind: str
    fingerprint: str
    children: "Outline | None" = ()
    edit: Edit | None = None
    holds: bool = False
    gone: bool = False


Outline: TypeAlias = tuple[OwnedBlock, ...]


def owned(block: Block, block_id: BlockId | None = None) -> OwnedBlock:
    """Return the outline of one block as it was sent."""
    return OwnedBlock(block_id, kind(block), fingerprint(block), outline_of(children(block)))


def outline_of(blocks: Sequence[Block]) -> Outline:
    """Return the outline of blocks as they were sent: without ids."""
    return tuple(owned(block) for block in blocks)


def same(left: Outline | None, right: Outline | None) -> bool:
    """Tell whether two outlines have equal content, whatever their ids; what is unknown equals nothing."""
    if left is None or right is None or len(left) != len(right):
        return False
    return all(
        a.kind == b.kind and a.fingerprint == b.fingerprint and same(a.children, b.children)
        for a, b in zip(left, right, strict=True)
    )


def listed(known: Outline | None, listing: Sequence[OwnedBlock]) -> Outline:
    """Return one level as Notion lists it, with what was known of the blocks below it.

    Args:
        known: The level as we believed it to be; None: unknown.
        listing: Our blocks in the order of the page, with ids; `children` is None where a block has some.
    """
    partner = partners(known or (), listing)
    return tuple(
        entry
        if entry.children is not None
        or (believed := partner.get(index)) is None
        or not (believed.children or believed.holds)  # then what is below was put there by somebody else
        else replace(entry, children=believed.children, holds=believed.holds)
        for index, entry in enumerate(listing)
    )


def partners(known: Outline, listing: Sequence[OwnedBlock]) -> Mapping[int, OwnedBlock]:
    """Match listed blocks with known ones, by id or else by equal content in the same order.

    Between two matches, as many blocks on either side match one by one where they are of one kind.
    """
    by_id = {entry.block_id: entry for entry in known if entry.block_id is not None}
    matched = {i: by_id[entry.block_id] for i, entry in enumerate(listing) if entry.block_id in by_id}
    rest = [i for i in range(len(listing)) if i not in matched]
    unlisted = [entry for entry in known if entry.block_id is None]
    matcher = SequenceMatcher(
        None,
        [(entry.kind, entry.fingerprint) for entry in unlisted],
        [(listing[i].kind, listing[i].fingerprint) for i in rest],
        autojunk=False,
    )
    for _, a, a_end, b, b_end in matcher.get_opcodes():
        if a_end - a == b_end - b:
            pairs = zip(rest[b:b_end], unlisted[a:a_end], strict=True)
            matched.update({i: entry for i, entry in pairs if entry.kind == listing[i].kind})
    return matched


def edited(outline: Outline | None) -> bool:
    """Tell whether a person's change or deletion of something of ours stands."""
    return any(entry.edit is not None or entry.gone or edited(entry.children) for entry in outline or ())


def find_block(outline: Outline, block_id: BlockId) -> OwnedBlock | None:
    """Return the block of this id, at whatever depth."""
    for entry in outline:
        if entry.block_id == block_id:
            return entry
        below = find_block(entry.children or (), block_id)
        if below is not None:
            return below
    return None


def replaced(outline: Outline, block_id: BlockId, new: Sequence[OwnedBlock]) -> Outline:
    """Return the outline with other entries in place of one block, at whatever depth; none remove it."""
    result: list[OwnedBlock] = []
    for entry in outline:
        if entry.block_id == block_id:
            result.extend(new)
        elif entry.children:
            result.append(replace(entry, children=replaced(entry.children, block_id, new)))
        else:
            result.append(entry)
    return tuple(result)


def ids_of(outline: Outline) -> Iterator[BlockId]:
    """Yield the known ids of blocks and of all blocks below them."""
    for entry in outline:
        if entry.block_id is not None and not entry.gone:
            yield entry.block_id
        yield from ids_of(entry.children or ())
