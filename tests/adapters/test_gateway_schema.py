"""The database as people made it, and as they change it under a running daemon."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest

from sync.errors import AccessLost
from sync.names import Digest, Key, Property
from sync.notion.calls import open_calls
from sync.notion.client import http_client
from sync.notion.connect import Wanted
from sync.notion.emulator import AI_TRACES, DEMO_TOKEN, Emulator, EmulatorTransport, Fault, FaultKind
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.notion.refusals import ENDED
from sync.notion.schema import LATER
from sync.page.draft import Choice, Choices, Flag, Link, Links, Moment, PageDraft, Text
from tests.worlds.emulated import notion_with

LIVE = Lane.LIVE
DRAFT = PageDraft(
    key=Key("2026-01-10-x.md"),
    content_hash=Digest("a" * 64),
    icon="✅",
    properties={
        Property.TITLE: Text("X-1"),
        Property.TYPE: Choice("Execution"),
        Property.TIMESTAMP: Moment(None),
        Property.OUTCOME: Choice("Success"),
        Property.SUMMARY: Text("What was done"),
        Property.TOOLS: Choices(("git", "npm")),
        Property.HAS_ISSUES: Flag(ticked=True),
    },
    body=(),
)


@asynccontextmanager
async def _gateway(
    notion: Emulator,
    *,
    names: Mapping[Property, str] | None = None,
    ids: Mapping[Property, str] | None = None,
    manage_schema: bool = True,
    database: str = AI_TRACES,
    transport: EmulatorTransport | None = None,
) -> AsyncIterator[Gateway]:
    wanted = Wanted(database=database, names=names or {}, ids=ids or {}, manage_schema=manage_schema)
    async with http_client(transport=transport or EmulatorTransport(notion)) as http:
        yield Gateway(
            open_calls(http, token=DEMO_TOKEN, base_url="https://notion.test", per_minute=1e6, settle=ENDED),
            wanted,
        )


def _source(notion: Emulator) -> str:
    (source,) = notion.workspace.data_sources
    return source


def _rows(notion: Emulator) -> list[dict[str, Any]]:
    return [page["properties"] for page in notion.dump()]


async def test_a_new_database_gets_its_properties_once() -> None:
    """The first connection adds what is missing; the next one finds it and adds nothing."""
    notion = notion_with()
    async with _gateway(notion) as gateway:
        connection = await gateway.connect()
        assert set(connection.added) == {each.value for each in Property} - {"title", *LATER}
        assert connection.title == "AI Traces"
        assert connection.warnings == ()
        again = await gateway.connect()
        assert again.added == ()
        assert again.schema.ids == connection.schema.ids


async def test_what_is_added_later_is_found_when_it_is_to_be_written() -> None:
    """By a gateway that has read the schema before, for one request; a page without it costs none more."""
    notion = notion_with()
    links = replace(DRAFT, properties={**DRAFT.properties, Property.PATTERNS: Links((Link("P-1", ""),))})
    async with _gateway(notion) as gateway:
        await gateway.connect()
        notion.human.add_property(_source(notion), "Patterns", "rich_text")
        notion.journal.clear()
        await gateway.create_page(DRAFT, [], lane=LIVE)
        assert len(notion.journal) == 1
        page = await gateway.create_page(links, [], lane=LIVE)
        assert len(notion.journal) == 3
        await gateway.update_page(page.page_id, links, lane=LIVE)
        assert len(notion.journal) == 4
    assert sorted(row["Patterns"] or "" for row in _rows(notion)) == ["", "P-1"]


async def test_the_id_of_the_data_source_is_taken_too() -> None:
    """Who pastes the data source's id instead of the database's gets the same database."""
    notion = notion_with()
    async with _gateway(notion, database=_source(notion)) as gateway:
        connection = await gateway.connect()
        assert (connection.database_id, connection.data_source_id) == (AI_TRACES, _source(notion))


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
    async with _gateway(notion) as gateway:
        connection = await gateway.connect()
        await gateway.create_page(DRAFT, [], lane=LIVE)
        assert len(await gateway.find(DRAFT.key, lane=LIVE)) == 1
        assert Property.ENV in connection.schema.unusable
        assert len([warning for warning in gateway.warnings if "Summary" in warning or "ENV" in warning]) == 2


async def test_nothing_is_added_when_that_is_not_wanted() -> None:
    """Without leave to manage the schema only what is there is used, and the rest is warned about."""
    notion = notion_with(Log_Path="rich_text", Content_Hash="rich_text")
    async with _gateway(notion, manage_schema=False) as gateway:
        connection = await gateway.connect()
        await gateway.create_page(DRAFT, [], lane=LIVE)
        assert connection.added == ()
        assert len(connection.warnings) == len(Property) - len(LATER) - 3
        (row,) = await gateway.find(DRAFT.key, lane=LIVE)
        assert row.content_hash == DRAFT.content_hash


async def test_without_a_key_nothing_is_written() -> None:
    """A database in which no page could be found again is not written to; the error says what to add."""
    notion = notion_with(Log_Path="number")
    async with _gateway(notion, manage_schema=False) as gateway:
        with pytest.raises(AccessLost, match="Log Path"):
            await gateway.create_page(DRAFT, [], lane=LIVE)
    assert notion.dump() == []


async def test_a_key_of_another_type_gets_a_neighbour() -> None:
    """Jen's own Log Path stays hers; ours stands beside it under another name."""
    notion = notion_with(Log_Path="url")
    async with _gateway(notion) as gateway:
        connection = await gateway.connect()
        assert connection.schema.bound[Property.LOG_PATH].name == "Log Path (ai-traces)"
        await gateway.create_page(DRAFT, [], lane=LIVE)
        assert len(await gateway.find(DRAFT.key, lane=LIVE)) == 1
    async with _gateway(notion) as gateway:
        assert (await gateway.connect()).added == ()


@pytest.mark.parametrize("name", ["Outcome", "Log Path", "Name", "Content Hash"])
async def test_a_renamed_property_stays_bound(name: str) -> None:
    """A rename while the daemon runs is noticed where it matters, and nothing is lost or added."""
    notion = notion_with()
    async with _gateway(notion) as gateway:
        ids = (await gateway.connect()).schema.ids
        await gateway.create_page(DRAFT, [], lane=LIVE)
        notion.human.rename_property(_source(notion), name, "Anders")
        (row,) = await gateway.find(DRAFT.key, lane=LIVE)
        assert (row.title, row.content_hash) == ("X-1", DRAFT.content_hash)
        await gateway.update_page(row.page_id, DRAFT, lane=LIVE)
    async with _gateway(notion, ids=ids) as restarted:
        assert (await restarted.connect()).added == ()
        assert len(await restarted.find(DRAFT.key, lane=LIVE)) == 1


@pytest.mark.parametrize("kind", ["rich_text", "multi_select", "number", "date", "checkbox", "people"])
async def test_a_retyped_property_is_bound_again(kind: str) -> None:
    """When a property changes its type under us, the schema is read once and the page still goes in."""
    notion = notion_with()
    async with _gateway(notion) as gateway:
        await gateway.connect()
        notion.human.retype_property(_source(notion), "Outcome", kind)
        before = len(notion.journal.entries)
        await gateway.create_page(DRAFT, [], lane=LIVE)
        assert len(notion.journal.entries) == before + 3
        await gateway.create_page(DRAFT, [], lane=LIVE)
        assert len(notion.journal.entries) == before + 4
    assert len(_rows(notion)) == 2


async def test_a_deleted_property_is_left_out_and_not_made_again() -> None:
    """A column that Jen deletes while the daemon runs stays deleted; the pages go on without it."""
    notion = notion_with()
    async with _gateway(notion) as gateway:
        await gateway.connect()
        notion.human.delete_property(_source(notion), "Outcome")
        page = await gateway.create_page(DRAFT, [], lane=LIVE)
        await gateway.update_page(page.page_id, DRAFT, lane=LIVE)
        assert any("Outcome" in warning for warning in gateway.warnings)
    assert "Outcome" not in _rows(notion)[0]


async def test_a_deleted_key_stops_everything() -> None:
    """Without the key no page could be found again: nothing more is written, and the error names it."""
    notion = notion_with()
    async with _gateway(notion) as gateway:
        await gateway.connect()
        notion.human.delete_property(_source(notion), "Log Path")
        with pytest.raises(AccessLost, match="Log Path"):
            await gateway.create_page(DRAFT, [], lane=LIVE)
        with pytest.raises(AccessLost, match="Log Path"):
            await gateway.find(DRAFT.key, lane=LIVE)
    assert _rows(notion) == []


class _Picky(EmulatorTransport):
    """Refuses one option, though the schema allows it."""

    sentence = ""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request that names the option by a refusal, every other as ever."""
        if request.method == "POST" and b"Success" in await request.aread():
            body = {"object": "error", "status": 400, "code": "validation_error", "message": self.sentence}
            return httpx.Response(400, json=body)
        return await super().handle_async_request(request)


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("Outcome is a property that is full.", {"Type", "Tools"}),
        ("A property cannot be written.", set[str]()),
    ],
)
async def test_a_property_that_notion_keeps_refusing_never_costs_the_page(
    sentence: str, left: set[str]
) -> None:
    """What is refused although the schema allows it is left out of that page, with a warning."""
    notion = notion_with()
    transport = _Picky(notion)
    transport.sentence = sentence
    async with _gateway(notion, transport=transport) as gateway:
        await gateway.create_page(DRAFT, [], lane=LIVE)
        assert len(await gateway.find(DRAFT.key, lane=LIVE)) == 1
        assert any(sentence.rstrip(".") in warning for warning in gateway.warnings)
        assert gateway.requests[LIVE] == 3 + 1 + 1 + 1 + 1
    (page,) = notion.workspace.data_sources[_source(notion)].rows
    values = notion.workspace.pages[page].values
    names = {
        column.name
        for column in notion.workspace.data_sources[_source(notion)].properties
        if values.get(column.id)
    }
    assert names & {"Outcome", "Type", "Tools"} == left


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_connection_without_access_says_what_to_do(status: int) -> None:
    """Token, capability or sharing: each is access lost with the next step, also at the first connection."""
    notion = notion_with()
    notion.faults.add(Fault(kind=FaultKind.ACCESS, status=status, count=0))
    async with _gateway(notion) as gateway:
        with pytest.raises(AccessLost) as caught:
            await gateway.connect()
        assert caught.value.hint


async def test_a_schema_that_may_not_be_changed_is_used_as_it_is() -> None:
    """When adding properties is forbidden, those that are there serve, and a warning says so."""
    notion = notion_with(Log_Path="rich_text")
    notion.faults.add(Fault(kind=FaultKind.ACCESS, status=403, method="PATCH", path="data_sources"))
    async with _gateway(notion) as gateway:
        connection = await gateway.connect()
        assert any("could not be added" in warning for warning in connection.warnings)
        await gateway.create_page(DRAFT, [], lane=LIVE)
        assert len(await gateway.find(DRAFT.key, lane=LIVE)) == 1


async def test_a_database_in_the_trash_is_access_lost() -> None:
    """Nothing is written into the trash."""
    notion = notion_with()
    async with _gateway(notion) as gateway:
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
    own = _source(notion)
    other = _second_source(notion, name)
    async with _gateway(notion) as gateway:
        connection = await gateway.connect()
        assert connection.data_source_id == (other if warned else own)
        assert any("data sources" in warning for warning in connection.warnings) == warned


async def test_a_view_of_another_database_says_where_to_go() -> None:
    """A database without rows of its own cannot be used; the error says which one to share."""
    notion = notion_with()
    notion.workspace.databases[AI_TRACES].data_sources.clear()
    async with _gateway(notion) as gateway:
        with pytest.raises(AccessLost, match="original"):
            await gateway.connect()


async def test_an_id_of_nothing_is_a_set_up_error() -> None:
    """An id that Notion does not take, or does not know, is never a fault of a log."""
    for wrong in ("no-id", "00000000-0000-4000-8000-0000000000ff"):
        async with _gateway(notion_with(), database=wrong) as gateway:
            with pytest.raises(AccessLost) as caught:
                await gateway.connect()
            assert caught.value.hint
