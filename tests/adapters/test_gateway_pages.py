"""Pages and blocks through the real client, against the Notion of our own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from sync.errors import AccessLost, PageGone, Rejected, Transient
from sync.names import Key
from sync.notion.calls import Calls
from sync.notion.emulator import AI_TRACES, Emulator
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.notion.model import Json
from sync.notion.request import Request
from sync.page.blocks import Block, Bullet, Code, Divider, Run, Table, TableRow
from sync.planning.actions import After, End, Start
from tests.worlds.gateways import draft, words

LIVE = Lane.LIVE


async def test_a_new_page_costs_one_request(notion: Emulator, gateway: Gateway) -> None:
    """Page, properties, icon and blocks arrive together, and the page is found by its exact key."""
    await gateway.connect()
    before = len(notion.journal.entries)
    page = await gateway.create_page(draft(), [words("hello"), Divider()], lane=LIVE)
    assert len(notion.journal.entries) == before + 1
    (row,) = await gateway.find(Key("2026-01-10-x.md"), lane=LIVE)
    assert (row.page_id, row.content_hash, row.title) == (page.page_id, "a" * 64, "X-1")
    assert row.created_by == row.last_edited_by == (await gateway.me(lane=LIVE)).user_id
    assert await gateway.find(Key("2026-01-10-X.md"), lane=LIVE) == ()
    assert await gateway.retrieve_page(page.page_id, lane=LIVE) == row


async def test_blocks_come_back_as_they_were_sent(gateway: Gateway) -> None:
    """Listing a page gives our own values back, in order, over any number of answers."""
    table = Table(2, (TableRow(((Run("a"),), (Run("b"),))),))
    blocks: list[Block] = [table, Code((Run("x = 1\n"),), "python"), *(words(str(n)) for n in range(95))]
    page = await gateway.create_page(draft(), blocks, lane=LIVE)
    await gateway.append(page.page_id, [Bullet((Run(str(n)),)) for n in range(30)], position=End(), lane=LIVE)
    listed = (await gateway.list_children(page.page_id, lane=LIVE))[0]
    assert [each.kind for each in listed] == [
        "table",
        "code",
        *["paragraph"] * 95,
        *["bulleted_list_item"] * 30,
    ]
    assert [each.block for each in listed[1:97]] == blocks[1:]
    (row,) = (await gateway.list_children(listed[0].block_id, lane=LIVE))[0]
    assert (row.block, listed[0].has_children) == (table.rows[0], True)


async def test_insertion_returns_the_new_blocks_only(gateway: Gateway) -> None:
    """Wherever blocks are inserted, the ids returned are theirs, though Notion lists what follows too."""
    page = await gateway.create_page(draft(), [words("1"), words("2")], lane=LIVE)
    first, _ = (await gateway.list_children(page.page_id, lane=LIVE))[0]
    behind = await gateway.append(
        page.page_id, [words("1a"), words("1b")], position=After(first.block_id), lane=LIVE
    )
    start = await gateway.append(page.page_id, [words("0")], position=Start(), lane=LIVE)
    end = await gateway.append(page.page_id, [words("3")], position=End(), lane=LIVE)
    listed = (await gateway.list_children(page.page_id, lane=LIVE))[0]
    assert [each.block for each in listed] == [words(text) for text in ("0", "1", "1a", "1b", "2", "3")]
    ids = [each.block_id for each in listed]
    assert (ids[0:1], ids[2:4], ids[5:6]) == (list(start), list(behind), list(end))


async def test_what_a_person_did_to_a_block_is_told_from_bad_content(
    notion: Emulator, gateway: Gateway
) -> None:
    """When Jen moves, turns or deletes a block, a write that relied on it is for looking again."""
    blocks: list[Block] = [words("1"), Bullet((Run("2"),)), words("3")]
    page = await gateway.create_page(draft(), blocks, lane=LIVE)
    first, second, third = (await gateway.list_children(page.page_id, lane=LIVE))[0]
    with pytest.raises(PageGone):
        await gateway.update_block(first.block_id, Bullet((Run("1"),)), lane=LIVE)
    notion.human.move_block(first.block_id, parent_id=second.block_id)
    with pytest.raises(PageGone):
        await gateway.append(page.page_id, [Divider()], position=After(first.block_id), lane=LIVE)
    notion.human.delete_block(third.block_id)
    with pytest.raises(PageGone):
        await gateway.append(page.page_id, [Divider()], position=After(third.block_id), lane=LIVE)
    with pytest.raises(PageGone):
        await gateway.update_block(third.block_id, words("x"), lane=LIVE)
    with pytest.raises(Rejected):
        await gateway.append(page.page_id, [Divider()] * 101, position=After(second.block_id), lane=LIVE)
    with pytest.raises(Rejected):
        await gateway.update_block(second.block_id, Bullet((Run("2"),) * 101), lane=LIVE)


async def test_a_block_that_notion_shows_in_part_only_is_asked_for_later(
    monkeypatch: pytest.MonkeyPatch, gateway: Gateway
) -> None:
    """Of such an answer it cannot be told what a refused write was about; it is no defect of ours."""
    page = await gateway.create_page(draft(), [words("1")], lane=LIVE)
    ((block,), _) = await gateway.list_children(page.page_id, lane=LIVE)
    send = Calls.send

    async def in_part(calls: Calls, request: Request, reading: Callable[[Json], Any], *, lane: Lane) -> Any:  # noqa: ANN401 - passed on as it is
        if request.method == "GET" and request.path == f"blocks/{block.block_id}":
            return await send(
                calls,
                request,
                lambda answer: reading({key: answer[key] for key in ("object", "id")}),
                lane=lane,
            )
        return await send(calls, request, reading, lane=lane)

    monkeypatch.setattr(Calls, "send", in_part)
    with pytest.raises(Transient):
        await gateway.update_block(block.block_id, Bullet((Run("1"),)), lane=LIVE)


async def test_a_block_changes_in_place_and_goes(gateway: Gateway) -> None:
    """An update keeps the block's id; deleting it twice is no failure."""
    page = await gateway.create_page(draft(), [words("old"), words("stays")], lane=LIVE)
    (block, _) = (await gateway.list_children(page.page_id, lane=LIVE))[0]
    await gateway.update_block(block.block_id, words("new"), lane=LIVE)
    (changed, _) = (await gateway.list_children(page.page_id, lane=LIVE))[0]
    assert (changed.block_id, changed.block) == (block.block_id, words("new"))
    await gateway.delete_block(block.block_id, lane=LIVE)
    await gateway.delete_block(block.block_id, lane=LIVE)
    (left,) = (await gateway.list_children(page.page_id, lane=LIVE))[0]
    assert left.block == words("stays")


async def test_properties_and_icon_change_in_one_request(notion: Emulator, gateway: Gateway) -> None:
    """An update of what is not the body is one request, and nothing else of the page changes."""
    page = await gateway.create_page(draft(), [words("body")], lane=LIVE)
    before = len(notion.journal.entries)
    await gateway.update_page(page.page_id, draft(digest="b", outcome="Failed"), lane=LIVE)
    assert len(notion.journal.entries) == before + 1
    assert (await gateway.retrieve_page(page.page_id, lane=LIVE)).content_hash == "b" * 64
    assert len((await gateway.list_children(page.page_id, lane=LIVE))[0]) == 1


async def test_a_page_goes_to_the_trash_and_back(gateway: Gateway) -> None:
    """A page in the trash is not found by its key, can be retrieved, takes no write, and comes back."""
    page = await gateway.create_page(draft(), [words("body")], lane=LIVE)
    await gateway.set_in_trash(page.page_id, in_trash=True, lane=LIVE)
    assert await gateway.find(draft().key, lane=LIVE) == ()
    assert (await gateway.retrieve_page(page.page_id, lane=LIVE)).in_trash
    with pytest.raises(PageGone):
        await gateway.append(page.page_id, [Divider()], position=End(), lane=LIVE)
    with pytest.raises(PageGone):
        await gateway.update_page(page.page_id, draft(), lane=LIVE)
    await gateway.set_in_trash(page.page_id, in_trash=False, lane=LIVE)
    (row,) = await gateway.find(draft().key, lane=LIVE)
    assert row.page_id == page.page_id


async def test_a_comment_arrives(notion: Emulator, gateway: Gateway) -> None:
    """A page and a block of it can be commented on."""
    page = await gateway.create_page(draft(), [words("body")], lane=LIVE)
    (block,) = (await gateway.list_children(page.page_id, lane=LIVE))[0]
    await gateway.comment(page.page_id, "on the page", on="page", lane=LIVE)
    await gateway.comment(block.block_id, "on the block", on="block", lane=LIVE)
    assert len(notion.workspace.comments) == 2


async def test_a_copied_page_is_found_behind_the_original(notion: Emulator, gateway: Gateway) -> None:
    """When somebody duplicates a page, both are found, the older one first."""
    page = await gateway.create_page(draft(), [], lane=LIVE)
    made = (await gateway.retrieve_page(page.page_id, lane=LIVE)).created_time
    notion.workspace.clock = lambda: made + timedelta(minutes=1)
    copy = notion.human.duplicate_page(page.page_id)
    assert [row.page_id for row in await gateway.find(draft().key, lane=LIVE)] == [page.page_id, copy]


async def test_a_page_is_gone_only_while_the_database_is_there(notion: Emulator, gateway: Gateway) -> None:
    """When the whole database is unshared, no page is said to be gone: access is lost."""
    page = await gateway.create_page(draft(), [words("body")], lane=LIVE)
    (block,) = (await gateway.list_children(page.page_id, lane=LIVE))[0]
    notion.human.unshare(AI_TRACES)
    with pytest.raises(AccessLost):
        await gateway.retrieve_page(page.page_id, lane=LIVE)
    with pytest.raises(AccessLost):
        await gateway.update_page(page.page_id, draft(), lane=LIVE)
    with pytest.raises(AccessLost):
        await gateway.delete_block(block.block_id, lane=LIVE)
    with pytest.raises(AccessLost):
        await gateway.find(draft().key, lane=LIVE)
    notion.human.share(AI_TRACES)
    notion.human.delete_page_forever(page.page_id)
    with pytest.raises(PageGone):
        await gateway.retrieve_page(page.page_id, lane=LIVE)
    with pytest.raises(PageGone):
        await gateway.update_block(block.block_id, words("x"), lane=LIVE)


async def test_content_over_a_limit_is_rejected_with_notions_words(gateway: Gateway) -> None:
    """What Notion cannot hold is rejected, not lost, and the error quotes Notion."""
    with pytest.raises(Rejected, match="100") as caught:
        await gateway.create_page(draft(), [Divider()] * 101, lane=LIVE)
    assert caught.value.status == 400


async def test_requests_are_counted_by_lane(gateway: Gateway) -> None:
    """Status can say what the requests were for."""
    await gateway.connect()
    await gateway.create_page(draft(), [], lane=Lane.BACKFILL)
    await gateway.find(draft().key, lane=Lane.CHECK)
    assert gateway.requests == {Lane.LIVE: 3, Lane.BACKFILL: 1, Lane.CHECK: 1}
    assert gateway.budget.used == gateway.requests
