"""Decide the requests that make a page what it should be, from what is known of it."""

from collections.abc import Iterator, Sequence
from enum import Enum, auto
from itertools import chain
from typing import TypeAlias, assert_never

from sync.names import BlockId
from sync.page.batches import MAX_PROPERTY_BYTES, batches, count_blocks
from sync.page.blocks import Block, children
from sync.page.draft import PageDraft, properties_fingerprint
from sync.page.fingerprint import fingerprint
from sync.page.words import block_words, emptied
from sync.planning.actions import (
    Action,
    After,
    AppendBlocks,
    CreatePage,
    DeleteBlock,
    End,
    ListBlocks,
    LookUp,
    Plan,
    Position,
    SaveWords,
    Start,
    UpdateBlock,
    UpdateProperties,
)
from sync.planning.align import Insert, Keep, Remove, align
from sync.planning.gone import without_gone
from sync.planning.outline import Edit, Outline, OwnedBlock, outline_of, same
from sync.planning.page_state import Absent, PageState, Synced, Uncertain


class _Unsent(Enum):
    """What is wanted but too deep or too large for the requests of one plan: it is left for the next."""

    BELOW = auto()


_Due: TypeAlias = Action | _Unsent


def plan(draft: PageDraft, state: PageState) -> Plan:
    """Return the next requests that bring a page closer to its draft; none when it is as it should be.

    Where something must be read first, the plan consists of the reads alone, and a new plan is due when
    they are answered. The properties of an update come last: their content hash vouches for the body.

    Args:
        draft: The page as it should be.
        state: The page as far as it is known.
    """
    match state:
        case Absent():
            return _creation(draft)
        case Uncertain(page_id=None):
            return (LookUp(),)
        case Uncertain():
            return (ListBlocks(None),)
        case Synced(outline=None):
            return (ListBlocks(None),)
        case Synced(outline=outline):
            steps = tuple(_level(None, outline or (), draft.body))
            reads = tuple(dict.fromkeys(step for step in steps if isinstance(step, ListBlocks)))
            if reads:
                return reads
            removals = tuple(step for step in steps if isinstance(step, DeleteBlock))
            others = tuple(step for step in steps if not isinstance(step, DeleteBlock | _Unsent))
            stale = state.properties != properties_fingerprint(draft) and _Unsent.BELOW not in steps
            return (*others, *removals, *((UpdateProperties(),) if stale else ()))
        case _:
            assert_never(state)


def _creation(draft: PageDraft) -> Plan:
    """Plan one create, and for what it cannot hold, appends at the end: the page is still ours alone."""
    first, *rest = tuple(batches(draft.body, reserved_bytes=MAX_PROPERTY_BYTES)) or ((),)
    return (CreatePage(first, hashed=True), *(AppendBlocks(None, End(), batch) for batch in rest))


def is_made_at_once(draft: PageDraft) -> bool:
    """Tell whether a single create makes the whole page and leaves nothing for later requests."""
    return plan(draft, Absent()) == (CreatePage(draft.body, hashed=True),)


def _level(above: OwnedBlock | None, owned: Outline, wanted: Sequence[Block]) -> Iterator[_Due]:
    """Plan the children of one block, or of the page when `above` is None, and all that is below them."""
    anchor: OwnedBlock | None = None
    run: list[Block] = []
    for step in (*align(*without_gone(owned, wanted)), None):
        if run and not isinstance(step, Insert):
            yield from _insertion(_id(above), anchor, run)
            run = []
        match step:
            case None:
                return
            case Insert(wanted=block):
                run.append(block)
            case Keep(owned=block) | Remove(owned=block):
                yield from _in_place(above, step)
                anchor = block
            case _:
                assert_never(step)


def _insertion(parent: BlockId | None, anchor: OwnedBlock | None, run: Sequence[Block]) -> Iterator[_Due]:
    position: Position = Start()
    if anchor is not None:
        if anchor.block_id is None:
            yield ListBlocks(parent)
            return
        position = After(anchor.block_id)
    # The last batch goes first: each one lands directly behind the anchor, before those already there.
    sent = tuple(batches(run, reserved_bytes=0))
    for batch in reversed(sent):
        yield AppendBlocks(parent, position, batch)
    if sum(map(count_blocks, chain(*sent))) < sum(map(count_blocks, run)):
        yield _Unsent.BELOW


def _in_place(above: OwnedBlock | None, step: Keep | Remove) -> Iterator[_Due]:
    owned = step.owned
    match step:
        case Keep(changed=False) if same(owned.children, outline_of(children(step.wanted))):
            return
        case _ if owned.block_id is None:
            yield ListBlocks(_id(above))
        case Remove():
            yield from _removal(above, owned)
        case Keep(wanted=wanted, changed=changed):
            if changed:
                yield from _saved(_id(above), owned, on=owned.block_id, instead=block_words(wanted))
                yield UpdateBlock(owned.block_id, wanted)
            if owned.children is None:
                yield ListBlocks(owned.block_id)
            else:
                yield from _level(owned, owned.children, children(wanted))
        case _:
            assert_never(step)


def _removal(above: OwnedBlock | None, owned: OwnedBlock) -> Iterator[Action]:
    """Delete a block; if something of other people's hangs on it or below it, only empty it."""
    below = owned.children
    if owned.gone:
        return
    if owned.block_id is None:
        yield ListBlocks(_id(above))
        return
    if below is None or any(child.block_id is None and not child.gone for child in below):
        yield ListBlocks(owned.block_id)
        return
    if not _holds(owned):
        inside = (*_removed(owned, below), *_saved(_id(above), owned, on=None, instead=""))
        yield from (action for action in inside if not isinstance(action, DeleteBlock))
        yield DeleteBlock(owned.block_id)
        return
    empty = emptied(owned.kind, within=above.kind if above else "")
    if empty is not None and fingerprint(empty) != owned.fingerprint:
        yield from _saved(_id(above), owned, on=owned.block_id, instead="")
        yield UpdateBlock(owned.block_id, empty)
    yield from _removed(owned, below)


def _removed(above: OwnedBlock, below: Outline) -> Iterator[Action]:
    for child in below:
        yield from _removal(above, child)


def _id(above: OwnedBlock | None) -> BlockId | None:
    return None if above is None else above.block_id


def _holds(owned: OwnedBlock) -> bool:
    return owned.holds or any(map(_holds, owned.children or ()))


def _saved(
    parent: BlockId | None, owned: OwnedBlock, *, on: BlockId | None, instead: str
) -> Iterator[Action]:
    """Save what a person made of a block, unless it is what will stand there in any case."""
    match owned.edit:
        case Edit(words=None):
            yield ListBlocks(parent)
        case Edit(words=str() as said, sure=sure) if said.strip() and said != instead:
            yield SaveWords(on, said, sure)
        case _:
            pass
