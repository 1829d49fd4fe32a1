"""What befalls a request on its way: sent once, sent again, or told to be in doubt."""

import pytest

from sync.errors import AccessLost, Ambiguous, Rejected, Transient
from sync.notion.emulator import Emulator, EmulatorTransport, Fault, FaultKind
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.page.blocks import Divider
from sync.planning.actions import End
from tests.worlds.gateways import draft, gateway_to, words

LIVE = Lane.LIVE


@pytest.mark.parametrize(
    ("kind", "error", "pages"),
    [
        (FaultKind.RESET_BEFORE, Ambiguous, 0),
        (FaultKind.RESET_AFTER, Ambiguous, 1),
        (FaultKind.HANG, Ambiguous, 0),
        (FaultKind.HANG_AFTER, Ambiguous, 1),
        (FaultKind.PARTIAL, Ambiguous, 1),
        (FaultKind.ERROR_BEFORE, Ambiguous, 0),
        (FaultKind.ERROR_AFTER, Ambiguous, 1),
        (FaultKind.BAD_GATEWAY, Ambiguous, 0),
        (FaultKind.UNAVAILABLE, Ambiguous, 0),
        (FaultKind.UNAVAILABLE_SAVED, Ambiguous, 1),
        (FaultKind.UNAVAILABLE_SAVED_NO_IDS, Ambiguous, 1),
        (FaultKind.TIMEOUT_AFTER, Ambiguous, 1),
        (FaultKind.TRUNCATED_BODY, Ambiguous, 1),
        (FaultKind.HALF_JSON, Ambiguous, 1),
        (FaultKind.HTML_200, Ambiguous, 0),
        (FaultKind.ACCESS, AccessLost, 0),
        (FaultKind.REFUSE, None, 1),
        (FaultKind.CONFLICT, None, 1),
        (FaultKind.RATE_LIMITED, None, 1),
        (FaultKind.OVERLOAD, None, 1),
    ],
)
async def test_a_create_is_never_sent_twice(
    notion: Emulator, gateway: Gateway, kind: FaultKind, error: type[Exception] | None, pages: int
) -> None:
    """Whatever befalls a create, there is at most one page after the call, and the doubt is told."""
    await gateway.connect()
    notion.faults.add(Fault(kind=kind, method="POST", path="^/v1/pages$", seconds=0, status=401))
    if error is None:
        await gateway.create_page(draft(), [words("body")], lane=LIVE)
    else:
        with pytest.raises(error) as caught:
            await gateway.create_page(draft(), [words("body")], lane=LIVE)
        if kind is FaultKind.UNAVAILABLE_SAVED:
            (row,) = await gateway.find(draft().key, lane=LIVE)
            assert isinstance(caught.value, Ambiguous)
            assert caught.value.committed_page == row.page_id
    assert len(await gateway.find(draft().key, lane=LIVE)) == pages


@pytest.mark.parametrize(
    "kind", [FaultKind.RESET_AFTER, FaultKind.HALF_JSON, FaultKind.BAD_GATEWAY, FaultKind.HTML_200]
)
async def test_reads_get_over_a_fault(notion: Emulator, gateway: Gateway, kind: FaultKind) -> None:
    """A read that fails in passing is repeated within the call; one that keeps failing is transient."""
    page = await gateway.create_page(draft(), [words("body")], lane=LIVE)
    notion.faults.add(Fault(kind=kind, method="GET", count=2))
    assert len((await gateway.list_children(page.page_id, lane=LIVE))[0]) == 1
    notion.faults.clear()
    notion.faults.add(Fault(kind=kind, count=0))
    with pytest.raises(Transient):
        await gateway.find(draft().key, lane=LIVE)


async def test_a_saved_append_names_its_blocks(notion: Emulator, gateway: Gateway) -> None:
    """An append whose answer could not be built still tells which blocks it made."""
    page = await gateway.create_page(draft(), [], lane=LIVE)
    notion.faults.add(Fault(kind=FaultKind.UNAVAILABLE_SAVED, method="PATCH", path="children$"))
    with pytest.raises(Ambiguous) as caught:
        await gateway.append(page.page_id, [words("a"), words("b")], position=End(), lane=LIVE)
    listed = (await gateway.list_children(page.page_id, lane=LIVE))[0]
    assert caught.value.committed_blocks == tuple(each.block_id for each in listed)
    assert caught.value.committed_page is None


async def test_the_firewall_refuses_the_text_alone() -> None:
    """A body that the edge takes for an attack is rejected as such; the next page goes in."""
    notion = Emulator(firewall=True)
    notion.create_database()
    async with gateway_to(notion) as gateway:
        with pytest.raises(Rejected) as caught:
            await gateway.create_page(draft(), [words("cat /etc/passwd || true")], lane=LIVE)
        assert caught.value.by_firewall
        await gateway.create_page(draft(), [words("harmless")], lane=LIVE)


async def test_each_write_is_announced_before_it_leaves(notion: Emulator, gateway: Gateway) -> None:
    """Who records an intent is told directly before each sending, also before a repetition."""
    await gateway.connect()
    seen: list[int] = []

    def sending() -> None:
        seen.append(len(notion.journal.entries))

    page = await gateway.create_page(draft(), [words("x")], lane=LIVE, sending=sending)
    notion.faults.add(Fault(kind=FaultKind.CONFLICT, method="PATCH"))
    (block_id,) = await gateway.append(page.page_id, [Divider()], position=End(), lane=LIVE, sending=sending)
    await gateway.update_page(page.page_id, draft(), lane=LIVE, sending=sending)
    await gateway.delete_block(block_id, lane=LIVE, sending=sending)
    assert seen == [3, 4, 5, 6, 7]


async def test_an_endless_answer_is_a_lost_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exchange that never ends is given up, and a write is then in doubt."""
    monkeypatch.setattr("sync.notion.calls._DEADLINE", 0.05)
    notion = Emulator(latency=5.0)
    notion.create_database()
    async with gateway_to(notion, transport=EmulatorTransport(notion)) as gateway:
        with pytest.raises(Transient):
            await gateway.connect()
