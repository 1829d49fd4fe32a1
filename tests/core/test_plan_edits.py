"""The planner, where a person has been at our blocks: her words first, and nothing of hers is deleted."""

from dataclasses import replace

import pytest

from sync.names import BlockId, Digest, Key, PageId
from sync.page.blocks import Block, Bullet, Divider, Paragraph, Run
from sync.page.draft import PageDraft, properties_fingerprint
from sync.page.fingerprint import fingerprint
from sync.planning.actions import After, AppendBlocks, DeleteBlock, ListBlocks, Plan, SaveWords, UpdateBlock
from sync.planning.outline import Edit, OwnedBlock, edited, owned
from sync.planning.page_state import Synced
from sync.planning.plan import plan
from sync.planning.progress import Overwritten, landed, overwritten

X, Y, Z = BlockId("x"), BlockId("y"), BlockId("z")
HERS = Edit("hers", sure=True)


def text(words: str) -> Paragraph:
    """Return a paragraph."""
    return Paragraph((Run(words),))


def draft(*body: Block) -> PageDraft:
    """Return a draft of this body."""
    return PageDraft(key=Key("log.md"), content_hash=Digest("0" * 64), icon="📄", properties={}, body=body)


def planned(wanted: PageDraft, *have: OwnedBlock) -> Plan:
    """Return the plan for a page whose properties are as they should be."""
    return plan(wanted, Synced(PageId("page"), properties_fingerprint(wanted), have))


def stray(block_id: BlockId, edit: Edit) -> OwnedBlock:
    """Return a paragraph of ours that a person has changed."""
    return OwnedBlock(block_id, "paragraph", "stray", edit=edit)


def test_her_words_go_first() -> None:
    """They are saved on the block that is about to say something else."""
    assert planned(draft(text("ours")), stray(X, HERS)) == (
        SaveWords(X, "hers", sure=True),
        UpdateBlock(X, text("ours")),
    )


def test_her_words_outlive_their_block() -> None:
    """They are saved on the page when the block goes, together with those below it."""
    child = stray(Y, Edit("below", sure=False))
    gone = replace(owned(Bullet((Run("old"),)), X), children=(child,), edit=HERS)
    assert planned(draft(), gone) == (
        SaveWords(None, "below", sure=False),
        SaveWords(None, "hers", sure=True),
        DeleteBlock(X),
    )


@pytest.mark.parametrize("words", ["", "  \n", "ours"])
def test_what_is_no_loss_is_not_saved(words: str) -> None:
    """Empty words, and what will stand there anyway."""
    assert planned(draft(text("ours")), stray(X, Edit(words, sure=True))) == (UpdateBlock(X, text("ours")),)


@pytest.mark.parametrize("wanted", [draft(), draft(text("ours"))])
def test_words_that_were_not_read_are_read_first(wanted: PageDraft) -> None:
    """After a restart only the mark of an edit is left: nothing is written before the level is listed."""
    assert planned(wanted, stray(X, Edit(None, sure=True))) == (ListBlocks(None),)


def test_what_holds_something_of_hers_is_emptied() -> None:
    """The block stays, empty, and ours below it go; after that there is nothing left to do."""
    child = owned(text("ours below"), Y)
    host = replace(owned(Bullet((Run("old"),)), X), children=(child,), holds=True)
    wanted = draft()
    state = Synced(PageId("page"), properties_fingerprint(wanted), (host,))
    actions = plan(wanted, state)
    assert actions == (UpdateBlock(X, Bullet(())), DeleteBlock(Y))
    for action in actions:
        assert isinstance(action, UpdateBlock | DeleteBlock)
        state = landed(state, action, draft=wanted)
    assert plan(wanted, state) == ()


def test_what_cannot_be_emptied_stays() -> None:
    """A divider with a comment says nothing anyway."""
    assert planned(draft(), replace(owned(Divider(), X), holds=True)) == ()


def test_a_host_of_a_host_is_not_deleted() -> None:
    """What hangs two levels below keeps both blocks above it."""
    child = replace(owned(Bullet((Run("b"),)), Y), holds=True)
    top = replace(owned(Bullet((Run("a"),)), X), children=(child,))
    assert planned(draft(), top) == (UpdateBlock(X, Bullet(())), UpdateBlock(Y, Bullet(())))


def test_below_a_block_to_delete_all_ids_are_known() -> None:
    """Otherwise nobody could ask whether comments hang there."""
    unlisted = replace(owned(Bullet((Run("a"),)), X), children=(owned(text("b")),))
    assert planned(draft(), unlisted) == (ListBlocks(X),)


def test_what_she_deleted_is_no_anchor_and_not_made_again() -> None:
    """Neither kept, changed below, nor removed; what the log says anew there comes behind what is left."""
    first, second = owned(text("first"), X), replace(owned(text("second"), Y), gone=True)
    assert planned(draft(text("first"), text("second")), first, second) == ()
    assert planned(draft(text("first")), first, second) == ()
    assert planned(draft(text("first"), text("new")), first, second) == (
        AppendBlocks(None, After(X), (text("new"),)),
    )
    assert planned(draft(text("first"), text("second"), text("third")), first, second) == (
        AppendBlocks(None, After(X), (text("third"),)),
    )


def test_edits_are_seen_at_any_depth() -> None:
    """A page shows an edit when one of its blocks does."""
    child = stray(Y, HERS)
    assert edited((replace(owned(text("a"), X), children=(child,)),))
    assert edited((replace(owned(text("a"), X), gone=True),))
    assert not edited((owned(text("a"), X),))
    assert not edited(None)


def test_the_levels_to_read_before_writing() -> None:
    """Where something is changed or deleted, and all of what is below a block that goes."""
    leaf = owned(text("leaf"), Z)
    middle = replace(owned(Bullet((Run("m"),)), Y), children=(leaf,))
    top = replace(owned(Bullet((Run("t"),)), X), children=(middle,))
    assert list(overwritten((UpdateBlock(Z, text("new")),), (top,))) == [Overwritten(Y, (Z,), 1)]
    assert list(overwritten((UpdateBlock(X, Bullet(())),), (top,))) == [Overwritten(None, (X,), 1)]
    assert list(overwritten((DeleteBlock(X),), (top,))) == [
        Overwritten(None, (X,), 1),
        Overwritten(X, (), 1, whole=True),
        Overwritten(Y, (), 1, whole=True),
    ]
    assert list(overwritten((AppendBlocks(None, After(X), (text("n"),)),), (top,))) == []


def test_an_update_settles_an_edit() -> None:
    """What was written over is no edit any more."""
    wanted = draft(text("ours"))
    state = Synced(PageId("page"), properties_fingerprint(wanted), (stray(X, HERS),))
    after = landed(state, UpdateBlock(X, text("ours")), draft=wanted)
    assert after.outline == (OwnedBlock(X, "paragraph", fingerprint(text("ours"))),)
