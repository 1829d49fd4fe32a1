"""What we wrote to a page, block by block: ids and fingerprints, none of the text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TypeAlias

from sync.names import BlockId
from sync.page.blocks import Block, children
from sync.page.fingerprint import fingerprint, kind


@dataclass(frozen=True, slots=True)
class OwnedBlock:
    """A block that the daemon wrote.

    Attributes:
        block_id: Its id in Notion; None when it travelled with a create and was never listed.
        kind: What cannot change in place, such as `paragraph` or `table:3`.
        fingerprint: Of its own content, without children.
        children: Ours below it, in order; None: unknown.
    """

    block_id: BlockId | None
    kind: str
    fingerprint: str
    children: "Outline | None" = ()


Outline: TypeAlias = tuple[OwnedBlock, ...]


def owned(block: Block, block_id: BlockId | None = None) -> OwnedBlock:
    """Return the outline of one block as it was sent."""
    return OwnedBlock(block_id, kind(block), fingerprint(block), outline_of(children(block)))


def outline_of(blocks: Sequence[Block]) -> Outline:
    """Return the outline of blocks as they were sent: without ids."""
    return tuple(owned(block) for block in blocks)


def same(left: Outline | None, right: Outline | None) -> bool:
    """Tell whether two outlines stand for equal content, whatever the ids; unknown equals nothing."""
    if left is None or right is None or len(left) != len(right):
        return False
    return all(
        a.kind == b.kind and a.fingerprint == b.fingerprint and same(a.children, b.children)
        for a, b in zip(left, right, strict=True)
    )


def listed(known: Outline | None, listing: Sequence[OwnedBlock]) -> Outline:
    """Return one level as Notion lists it, keeping what was known of the blocks below.

    Args:
        known: The level as we believed it to be; None: unknown.
        listing: Our blocks in the order of the page, with ids; `children` is None where there are some.
    """
    partner = _partners(known or (), listing)
    return tuple(
        entry
        if entry.children is not None or (believed := partner.get(index)) is None
        else replace(entry, children=believed.children)
        for index, entry in enumerate(listing)
    )


def _partners(known: Outline, listing: Sequence[OwnedBlock]) -> Mapping[int, OwnedBlock]:
    """Match what is listed with what was known: by id, else by equal content in the same order."""
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
    for a, b, size in matcher.get_matching_blocks():
        matched.update({rest[b + k]: unlisted[a + k] for k in range(size)})
    return matched


def find(outline: Outline, block_id: BlockId) -> OwnedBlock | None:
    """Return the block of this id, at whatever depth."""
    for entry in outline:
        if entry.block_id == block_id:
            return entry
        below = find(entry.children or (), block_id)
        if below is not None:
            return below
    return None


def replaced(outline: Outline, block_id: BlockId, new: Sequence[OwnedBlock]) -> Outline:
    """Put other entries where one block is, at whatever depth; none to remove it."""
    result: list[OwnedBlock] = []
    for entry in outline:
        if entry.block_id == block_id:
            result.extend(new)
        elif entry.children:
            result.append(replace(entry, children=replaced(entry.children, block_id, new)))
        else:
            result.append(entry)
    return tuple(result)
