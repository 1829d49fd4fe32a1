"""Files through the real client, against the Notion of our own: uploaded, attached, refused, lost."""

import pytest

from sync.errors import AccessLost, Transient
from sync.names import Digest, Key, PageId, Property
from sync.notion.emulator import Emulator, Fault, FaultKind
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.notion.uploads import FileRefused
from sync.page.blocks import Attachment
from sync.page.draft import PageDraft, Text
from sync.page.fingerprint import fingerprint
from sync.planning.actions import End

LIVE = Lane.LIVE
NAME = "2026-01-10-x.md.txt"
CONTENT = "# A log\n\nwith ä and \x00 and\r\n--boundary--\n".encode() * 1_000


async def _no_wait(_: float) -> None:
    return


@pytest.fixture
async def page(gateway: Gateway) -> PageId:
    """Make an empty page."""
    draft = PageDraft(
        key=Key("x.md"),
        content_hash=Digest("a" * 64),
        icon="✅",
        properties={Property.TITLE: Text("X-1")},
        body=(),
    )
    return (await gateway.create_page(draft, (), lane=LIVE)).page_id


def held(notion: Emulator, upload: str) -> bytes | None:
    """Return what Notion has of an upload."""
    return notion.workspace.uploads[upload].content


async def test_a_file_arrives_byte_by_byte(notion: Emulator, gateway: Gateway) -> None:
    """Two requests; the content is what was sent, under its name, as text."""
    before = sum(gateway.requests.values())
    upload = await gateway.upload(NAME, CONTENT, lane=LIVE)
    assert sum(gateway.requests.values()) == before + 2
    assert held(notion, upload) == CONTENT
    assert notion.workspace.uploads[upload].filename == NAME
    assert notion.workspace.uploads[upload].content_type == "text/plain"


async def test_a_file_of_the_largest_size_arrives(notion: Emulator, gateway: Gateway) -> None:
    """20 MB in one part."""
    content = b"0123456789" * 2_000_000
    assert held(notion, await gateway.upload(NAME, content, lane=LIVE)) == content


async def test_an_attached_file_reads_back_as_ours(gateway: Gateway, page: PageId) -> None:
    """Its version is in the caption: the block equals the one written, and can be replaced in place."""
    block = Attachment(NAME, "ab" * 8, await gateway.upload(NAME, CONTENT, lane=LIVE))
    (block_id,) = await gateway.append(page, (block,), position=End(), lane=LIVE)
    ((listed,), _) = await gateway.list_children(page, lane=LIVE)
    assert listed.block == Attachment(NAME, "ab" * 8)
    assert listed.block is not None
    assert fingerprint(listed.block) == fingerprint(block)
    newer = Attachment(NAME, "cd" * 8, await gateway.upload(NAME, b"newer", lane=LIVE))
    await gateway.update_block(block_id, newer, lane=LIVE)
    ((listed,), _) = await gateway.list_children(page, lane=LIVE)
    assert listed.block_id == block_id
    assert listed.block == Attachment(NAME, "cd" * 8)
    assert fingerprint(listed.block) != fingerprint(block)


async def test_the_firewall_may_refuse_a_file(notion: Emulator, gateway: Gateway) -> None:
    """Its HTML is told apart, at both requests; the daemon goes on."""
    notion.firewall = True
    with pytest.raises(FileRefused) as refused:
        await gateway.upload(NAME, b"cat /etc/hosts", lane=LIVE)
    assert refused.value.by_firewall
    with pytest.raises(FileRefused) as refused:
        await gateway.upload("rm; rm -rf.txt", b"x", lane=LIVE)
    assert refused.value.by_firewall


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.md", b"x"), ("x", b"x"), ("y" * 900 + ".txt", b"x"), ("x.txt", b""), ("x.txt", b"x" * 21_000_000)],
)
async def test_what_notion_does_not_take_is_a_refusal_of_the_file(
    gateway: Gateway, name: str, content: bytes
) -> None:
    """Type, name, emptiness and size concern this file alone."""
    with pytest.raises(FileRefused) as refused:
        await gateway.upload(name, content, lane=LIVE)
    assert not refused.value.by_firewall


@pytest.mark.parametrize("status", [403, 404])
async def test_no_right_to_files_is_no_loss_of_access(
    notion: Emulator, gateway: Gateway, status: int
) -> None:
    """Pages can be written all the same."""
    notion.faults.add(Fault(kind=FaultKind.ACCESS, path="file_uploads", status=status))
    with pytest.raises(FileRefused):
        await gateway.upload(NAME, CONTENT, lane=LIVE)


async def test_a_revoked_token_is_a_loss_of_access(notion: Emulator, gateway: Gateway) -> None:
    """That concerns every log."""
    notion.access.token = None
    with pytest.raises(AccessLost):
        await gateway.upload(NAME, CONTENT, lane=LIVE)


LOST = (
    FaultKind.RESET_BEFORE,
    FaultKind.RESET_AFTER,
    FaultKind.HANG,
    FaultKind.HANG_AFTER,
    FaultKind.ERROR_AFTER,
    FaultKind.BAD_GATEWAY_AFTER,
    FaultKind.UNAVAILABLE_AFTER,
    FaultKind.HALF_JSON,
    FaultKind.HTML_200,
    FaultKind.TRUNCATED_BODY,
    FaultKind.CONFLICT,
    FaultKind.REFUSE,
)


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("kind", LOST)
async def test_a_lost_answer_costs_another_upload(
    notion: Emulator, gateway: Gateway, kind: FaultKind, nth: int
) -> None:
    """Whatever became of the first, what is returned holds the whole content."""
    notion.faults.add(Fault(kind=kind, path="file_uploads", nth=nth))
    assert held(notion, await gateway.upload(NAME, CONTENT, lane=LIVE)) == CONTENT


async def test_an_outage_is_an_outage(notion: Emulator, gateway: Gateway) -> None:
    """When no answer ever comes, the file is not to blame."""
    notion.faults.add(Fault(kind=FaultKind.RESET_AFTER, path="file_uploads", count=0))
    with pytest.raises(Transient):
        await gateway.upload(NAME, CONTENT, lane=LIVE)
