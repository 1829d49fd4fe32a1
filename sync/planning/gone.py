"""What a person deleted of a page and is to stay away, as long as the log says it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sync.page.blocks import Block
from sync.page.fingerprint import fingerprint, kind
from sync.planning.align import Insert, Keep, Remove, Step, align
from sync.planning.outline import Outline, OwnedBlock


def without_gone(owned: Outline, wanted: Sequence[Block]) -> tuple[Outline, Sequence[Block]]:
    """Return what stands on one level of a page, and what should, both without what a person deleted there.

    What is gone has no place among the blocks that are there, so new ones may land on either side of it. As
    many blocks of a content are left out as were deleted, and never one that is there.
    """
    gone = Counter((entry.kind, entry.fingerprint) for entry in owned if entry.gone)
    if not gone:
        return owned, wanted
    there = tuple(entry for entry in owned if not entry.gone)
    contents = [(kind(block), fingerprint(block)) for block in wanted]
    missing = Counter(contents)
    missing.subtract((entry.kind, entry.fingerprint) for entry in there)
    left_out: set[int] = set()
    for place in (*_paired_with_gone(align(owned, wanted)), *reversed(range(len(wanted)))):
        content = contents[place]
        if place not in left_out and min(gone[content], missing[content]) > 0:
            left_out.add(place)
            gone[content] -= 1
            missing[content] -= 1
    return there, tuple(block for place, block in enumerate(wanted) if place not in left_out)


def _paired_with_gone(steps: Sequence[Step]) -> Iterator[int]:
    """Yield the places of the wanted blocks whose order makes them those that were deleted."""
    place = 0
    for step in steps:
        match step:
            case Keep(owned=OwnedBlock(gone=True), changed=False):
                yield place
                place += 1
            case Keep() | Insert():
                place += 1
            case Remove():
                pass
