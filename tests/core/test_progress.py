"""What is known after a request: what is unknown stays unknown until it is read."""

import pytest

from sync.names import BlockId, Digest, Key, PageId
from sync.page.blocks import Bullet, Paragraph, Run
from sync.page.draft import PageDraft, properties_fingerprint
from sync.planning.actions import AppendBlocks, DeleteBlock, End, UpdateBlock, UpdateProperties
from sync.planning.outline import Outline, OwnedBlock, owned
from sync.planning.page_state import Synced
from sync.planning.progress import Change, landed

DRAFT = PageDraft(key=Key("a.md"), content_hash=Digest("0"), icon="📄", properties={}, body=())
NEW = Paragraph((Run("new"),))
PARENT = BlockId("parent")


def _page(outline: Outline | None) -> Synced:
    return Synced(PageId("page"), None, outline)


def _list(children: Outline | None) -> OwnedBlock:
    return OwnedBlock(PARENT, "bulleted_list_item", "f", children)


@pytest.mark.parametrize(
    "action",
    [
        AppendBlocks(None, End(), (NEW,)),
        AppendBlocks(PARENT, End(), (NEW,)),
        UpdateBlock(PARENT, Bullet((Run("x"),))),
        DeleteBlock(PARENT),
    ],
)
def test_a_change_tells_nothing_of_a_page_that_was_not_read(action: Change) -> None:
    """One block written to a page of unknown blocks does not make it a page of one block."""
    after = landed(_page(None), action, draft=DRAFT, ids=[BlockId("new")])
    assert after == _page(None)


def test_the_properties_are_known_once_they_are_written() -> None:
    """Whether or not the blocks are known."""
    after = landed(_page(None), UpdateProperties(), draft=DRAFT)
    assert after == Synced(PageId("page"), properties_fingerprint(DRAFT), None)


def test_an_append_tells_nothing_of_a_level_that_was_not_read() -> None:
    """The children of a block stay unknown when only the new ones among them are known."""
    action = AppendBlocks(PARENT, End(), (NEW,))
    after = landed(_page((_list(None),)), action, draft=DRAFT, ids=[BlockId("new")])
    assert after == _page((_list(None),))
    known = landed(_page((_list(()),)), action, draft=DRAFT, ids=[BlockId("new")])
    assert known == _page((_list((owned(NEW, BlockId("new")),)),))


@pytest.mark.parametrize("ids", [[], ["1"], ["1", "2", "3"]])
def test_an_append_without_an_id_for_each_block_must_be_read(ids: list[str]) -> None:
    """Where Notion does not name every new block, the level is unknown."""
    action = AppendBlocks(None, End(), (NEW, NEW))
    after = landed(_page((_list(()),)), action, draft=DRAFT, ids=[BlockId(each) for each in ids])
    assert after == _page(None)
