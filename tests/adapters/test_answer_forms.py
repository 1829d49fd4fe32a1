"""What the types of Notion's answers allow beside the usual form is understood, or said to be what it is."""

from typing import Any

import pytest

from sync.errors import AccessLost, Ambiguous, Transient
from sync.notion.emulator import Emulator, Fault, FaultKind
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.page.blocks import Run, Table, TableRow
from sync.page.fingerprint import fingerprint
from tests.worlds.gateways import draft, gateway_to, words
from tests.worlds.rewritten import FORMS, Answer, Rewritten, with_ids

LIVE = Lane.LIVE


def _partial(kind: str, answer: Answer) -> Answer:
    """Return an object as Notion tells it to a connection that may not read content."""
    if answer["object"] == "list":
        return {**answer, "results": [_partial(kind, item) for item in answer["results"]]}
    return {"object": kind, "id": answer["id"]} if answer["object"] == kind else answer


@pytest.mark.parametrize("form", FORMS)
async def test_an_id_is_the_same_in_any_form(notion: Emulator, gateway: Gateway, form: str) -> None:
    """Pages, blocks and accounts are told by one id, whichever way an answer writes it."""
    wire = Rewritten(notion, lambda _, answer: with_ids(FORMS[form], answer))
    async with gateway_to(notion, transport=wire) as other:
        usual, unusual = await gateway.connect(), await other.connect()
        assert (usual.database_id, usual.data_source_id) == (unusual.database_id, unusual.data_source_id)
        made = await other.create_page(draft(), [words("One")], lane=LIVE)
        (row,) = await gateway.find(draft().key, lane=LIVE)
        assert made.page_id == row.page_id
        assert await other.find(draft().key, lane=LIVE) == (row,)
        assert await other.retrieve_page(row.page_id, lane=LIVE) == row
        assert await other.list_children(row.page_id, lane=LIVE) == await gateway.list_children(
            row.page_id, lane=LIVE
        )
        assert await other.me(lane=LIVE) == await gateway.me(lane=LIVE)


@pytest.mark.parametrize("form", FORMS)
async def test_a_page_that_was_made_after_all_is_named_by_its_id(notion: Emulator, form: str) -> None:
    """The id that a failure tells of is the page's own too, whichever way it is written."""

    def told(_: object, answer: Answer) -> Answer:
        return with_ids(FORMS[form], answer)

    async with gateway_to(notion, transport=Rewritten(notion, told)) as gateway:
        await gateway.connect()
        notion.faults.add(Fault(kind=FaultKind.UNAVAILABLE_SAVED, method="POST", path="^/v1/pages$"))
        with pytest.raises(Ambiguous) as caught:
            await gateway.create_page(draft(), [], lane=LIVE)
        assert [caught.value.committed_page] == [page["id"] for page in notion.dump()]


async def test_a_width_is_a_number_however_it_is_written(notion: Emulator) -> None:
    """A table that is as we left it is recognised as such when its width comes as 2.0."""
    table = Table(2, (TableRow(((Run("a"),), (Run("b"),))),))

    def widened(_: object, answer: Answer) -> Answer:
        for block in answer.get("results", ()):
            if block.get("type") == "table":
                block["table"]["table_width"] = float(block["table"]["table_width"])
        return answer

    async with gateway_to(notion, transport=Rewritten(notion, widened)) as gateway:
        page = await gateway.create_page(draft(), [table], lane=LIVE)
        ((listed,), _) = await gateway.list_children(page.page_id, lane=LIVE)
        assert listed.block is not None
        assert fingerprint(listed.block) == fingerprint(table)


async def test_a_block_that_does_not_say_whether_it_holds_others_is_not_believed(notion: Emulator) -> None:
    """What stands below a block is never taken for nothing because the answer is silent."""

    def silent(_: object, answer: Answer) -> Answer:
        for block in answer.get("results", ()):
            block.pop("has_children", None)
        return answer

    async with gateway_to(notion, transport=Rewritten(notion, silent)) as gateway:
        page = await gateway.create_page(draft(), [words("One")], lane=LIVE)
        with pytest.raises(Transient):
            await gateway.list_children(page.page_id, lane=LIVE)


async def test_a_page_is_made_where_notion_tells_no_more_than_its_id(notion: Emulator) -> None:
    """A connection that may not read is told the id of the page it made, and no more is needed."""
    wire = Rewritten(notion, lambda _, answer: _partial("page", answer))
    async with gateway_to(notion, transport=wire) as gateway:
        made = await gateway.create_page(draft(), [], lane=LIVE)
    async with gateway_to(notion) as gateway:
        (row,) = await gateway.find(draft().key, lane=LIVE)
        assert (made.page_id, made.url) == (row.page_id, "")


async def test_a_connection_that_may_not_read_is_told_so(notion: Emulator) -> None:
    """Where Notion tells of the database that it is there and no more, the capability is named."""
    wire = Rewritten(notion, lambda _, answer: _partial("database", answer))
    async with gateway_to(notion, transport=wire) as gateway:
        with pytest.raises(AccessLost, match="capabilities to read"):
            await gateway.connect()


async def test_rows_that_may_not_be_read_are_no_rows_of_others(notion: Emulator, gateway: Gateway) -> None:
    """Where Notion tells of a page that it is there and no more, none is made beside it: it may be ours."""
    await gateway.create_page(draft(), [], lane=LIVE)
    wire = Rewritten(notion, lambda _, answer: _partial("page", answer))
    async with gateway_to(notion, transport=wire) as other:
        with pytest.raises(AccessLost, match="capabilities to read"):
            await other.find(draft().key, lane=LIVE)


@pytest.mark.parametrize("configured", ["text", ["text"], None, 5, {"options": 5}, {}])
async def test_a_type_of_property_that_is_not_known_yet_is_left_alone(
    notion: Emulator, configured: object
) -> None:
    """However Notion describes a type that it adds one day, the properties beside it are used as ever."""

    def extended(_: object, answer: Answer) -> Answer:
        if answer["object"] == "data_source":
            answer["properties"]["New"] = {"id": "new", "name": "New", "type": "new", "new": configured}
        return answer

    async with gateway_to(notion, transport=Rewritten(notion, extended)) as gateway:
        await gateway.connect()
        page = await gateway.create_page(draft(), [], lane=LIVE)
        assert (await gateway.retrieve_page(page.page_id, lane=LIVE)).key == draft().key


@pytest.mark.parametrize("options", [[{"id": "x", "color": "red"}], ["x"], None])
async def test_an_option_without_a_name_is_none(notion: Emulator, options: object) -> None:
    """However the options of a person's property are told, the properties beside it are used as ever."""

    def extended(_: object, answer: Answer) -> Answer:
        if answer["object"] == "data_source":
            hers = {"id": "hers", "name": "Hers", "type": "status", "status": {"options": options}}
            answer["properties"]["Hers"] = hers
        return answer

    async with gateway_to(notion, transport=Rewritten(notion, extended)) as gateway:
        page = await gateway.create_page(draft(), [], lane=LIVE)
        assert (await gateway.retrieve_page(page.page_id, lane=LIVE)).key == draft().key


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"Log Path": {"id": "a", "name": "Log Path", "type": "rich_text", "rich_text": {}}},
        {"Name": "title"},
        {"Name": {"type": "title", "title": {}}},
        {"Name": {"id": "title"}},
    ],
)
async def test_half_a_table_is_none_of_notions(notion: Emulator, properties: dict[str, Any]) -> None:
    """A table without its title, or with a property of no type, is an answer to ask for again."""

    def cut(_: object, answer: Answer) -> Answer:
        return {**answer, "properties": properties} if answer["object"] == "data_source" else answer

    async with gateway_to(notion, transport=Rewritten(notion, cut)) as gateway:
        with pytest.raises(Transient):
            await gateway.connect()
