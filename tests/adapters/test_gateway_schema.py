"""The database as people made it: what is there is used, what is missing added, what cannot be is told."""

import pytest

from sync.errors import AccessLost
from sync.names import Property
from sync.notion.emulator import AI_TRACES, Emulator, Fault, FaultKind
from sync.notion.limiter import Lane
from sync.notion.schema import LATER
from tests.worlds.emulated import notion_with, source_of
from tests.worlds.gateways import draft, gateway_to

LIVE = Lane.LIVE
DRAFT = draft()


async def test_a_new_database_gets_its_properties_once() -> None:
    """The first connection adds what is missing; the next one finds it and adds nothing."""
    notion = notion_with()
    async with gateway_to(notion) as gateway:
        connection = await gateway.connect()
        assert set(connection.added) == {each.value for each in Property} - {"title", *LATER}
        assert connection.title == "AI Traces"
        assert connection.warnings == ()
        again = await gateway.connect()
        assert again.added == ()
        assert again.schema.ids == connection.schema.ids


async def test_the_id_of_the_data_source_is_taken_too() -> None:
    """Who pastes the data source's id instead of the database's gets the same database."""
    notion = notion_with()
    async with gateway_to(notion, database=source_of(notion)) as gateway:
        connection = await gateway.connect()
        assert (connection.database_id, connection.data_source_id) == (AI_TRACES, source_of(notion))


async def test_properties_of_any_type_are_adapted_to() -> None:
    """Whatever types a person chose, the page goes in; what does not fit is left out with a warning."""
    notion = notion_with(
        Type="rich_text",
        Outcome="multi_select",
        Summary="url",
        Tools="select",
        Has_Issues="select",
        ENV="number",
    )
    async with gateway_to(notion) as gateway:
        connection = await gateway.connect()
        await gateway.create_page(DRAFT, [], lane=LIVE)
        assert len(await gateway.find(DRAFT.key, lane=LIVE)) == 1
        assert Property.ENV in connection.schema.unusable
        assert len([warning for warning in gateway.warnings if "Summary" in warning or "ENV" in warning]) == 2


async def test_nothing_is_added_when_that_is_not_wanted() -> None:
    """Without leave to manage the schema only what is there is used, and the rest is warned about."""
    notion = notion_with(Log_Path="rich_text", Content_Hash="rich_text")
    async with gateway_to(notion, manage_schema=False) as gateway:
        connection = await gateway.connect()
        await gateway.create_page(DRAFT, [], lane=LIVE)
        assert connection.added == ()
        assert len(connection.warnings) == len(Property) - len(LATER) - 3
        (row,) = await gateway.find(DRAFT.key, lane=LIVE)
        assert row.content_hash == DRAFT.content_hash


async def test_without_a_key_nothing_is_written() -> None:
    """A database in which no page could be found again is not written to; the error says what to add."""
    notion = notion_with(Log_Path="number")
    async with gateway_to(notion, manage_schema=False) as gateway:
        with pytest.raises(AccessLost, match="Log Path"):
            await gateway.create_page(DRAFT, [], lane=LIVE)
    assert notion.dump() == []


async def test_a_key_of_another_type_gets_a_neighbour() -> None:
    """Jen's own Log Path stays hers; ours stands beside it under another name."""
    notion = notion_with(Log_Path="url")
    async with gateway_to(notion) as gateway:
        connection = await gateway.connect()
        assert connection.schema.bound[Property.LOG_PATH].name == "Log Path (ai-traces)"
        await gateway.create_page(DRAFT, [], lane=LIVE)
        assert len(await gateway.find(DRAFT.key, lane=LIVE)) == 1
    async with gateway_to(notion) as gateway:
        assert (await gateway.connect()).added == ()


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_connection_without_access_says_what_to_do(status: int) -> None:
    """Token, capability or sharing: each is access lost with the next step, also at the first connection."""
    notion = notion_with()
    notion.faults.add(Fault(kind=FaultKind.ACCESS, status=status, count=0))
    async with gateway_to(notion) as gateway:
        with pytest.raises(AccessLost) as caught:
            await gateway.connect()
        assert caught.value.hint


async def test_a_schema_that_may_not_be_changed_is_used_as_it_is() -> None:
    """When adding properties is forbidden, those that are there serve, and a warning says so."""
    notion = notion_with(Log_Path="rich_text")
    notion.faults.add(Fault(kind=FaultKind.ACCESS, status=403, method="PATCH", path="data_sources"))
    async with gateway_to(notion) as gateway:
        connection = await gateway.connect()
        assert any("could not be added" in warning for warning in connection.warnings)
        await gateway.create_page(DRAFT, [], lane=LIVE)
        assert len(await gateway.find(DRAFT.key, lane=LIVE)) == 1


async def test_a_database_in_the_trash_is_access_lost() -> None:
    """Nothing is written into the trash."""
    notion = notion_with()
    async with gateway_to(notion) as gateway:
        notion.workspace.databases[AI_TRACES].in_trash = True
        with pytest.raises(AccessLost):
            await gateway.connect()


def _second_source(notion: Emulator, name: str) -> str:
    """Give AI Traces a second data source, before its own."""
    other = notion.create_database(name, database_id="00000000-0000-4000-8000-00000000000a")
    (identity,) = other.data_sources
    notion.workspace.data_sources[identity].database = AI_TRACES
    notion.workspace.databases[AI_TRACES].data_sources.insert(0, identity)
    return identity


@pytest.mark.parametrize(("name", "warned"), [("Archive", False), ("AI Traces", True)])
async def test_one_of_several_data_sources_is_chosen(name: str, warned: bool) -> None:
    """The one named like the database is used; when that is not clear, the first, with a warning."""
    notion = notion_with()
    own = source_of(notion)
    other = _second_source(notion, name)
    async with gateway_to(notion) as gateway:
        connection = await gateway.connect()
        assert connection.data_source_id == (other if warned else own)
        assert any("data sources" in warning for warning in connection.warnings) == warned


async def test_a_view_of_another_database_says_where_to_go() -> None:
    """A database without rows of its own cannot be used; the error says which one to share."""
    notion = notion_with()
    notion.workspace.databases[AI_TRACES].data_sources.clear()
    async with gateway_to(notion) as gateway:
        with pytest.raises(AccessLost, match="original"):
            await gateway.connect()


async def test_an_id_of_nothing_is_a_set_up_error() -> None:
    """An id that Notion does not take, or does not know, is never a fault of a log."""
    for wrong in ("no-id", "00000000-0000-4000-8000-0000000000ff"):
        async with gateway_to(notion_with(), database=wrong) as gateway:
            with pytest.raises(AccessLost) as caught:
                await gateway.connect()
            assert caught.value.hint
