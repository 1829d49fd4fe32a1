"""The database as people change it under a running daemon."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from sync.errors import AccessLost
from sync.names import Property
from sync.notion.emulator import Emulator, EmulatorTransport
from sync.notion.limiter import Lane
from sync.page.draft import Link, Links
from tests.worlds.emulated import notion_with, source_of
from tests.worlds.gateways import draft, gateway_to

LIVE = Lane.LIVE
DRAFT = draft()


def _rows(notion: Emulator) -> list[dict[str, Any]]:
    return [page["properties"] for page in notion.dump()]


async def test_what_is_added_later_is_found_when_it_is_to_be_written() -> None:
    """By a gateway that has read the schema before, for one request; a page without it costs none more."""
    notion = notion_with()
    links = replace(DRAFT, properties={**DRAFT.properties, Property.PATTERNS: Links((Link("P-1", ""),))})
    async with gateway_to(notion) as gateway:
        await gateway.connect()
        notion.human.add_property(source_of(notion), "Patterns", "rich_text")
        notion.journal.clear()
        await gateway.create_page(DRAFT, [], lane=LIVE)
        assert len(notion.journal) == 1
        page = await gateway.create_page(links, [], lane=LIVE)
        assert len(notion.journal) == 3
        await gateway.update_page(page.page_id, links, lane=LIVE)
        assert len(notion.journal) == 4
    assert sorted(row["Patterns"] or "" for row in _rows(notion)) == ["", "P-1"]


@pytest.mark.parametrize("name", ["Outcome", "Log Path", "Name", "Content Hash"])
async def test_a_renamed_property_stays_bound(name: str) -> None:
    """A rename while the daemon runs is noticed where it matters, and nothing is lost or added."""
    notion = notion_with()
    async with gateway_to(notion) as gateway:
        ids = (await gateway.connect()).schema.ids
        await gateway.create_page(DRAFT, [], lane=LIVE)
        notion.human.rename_property(source_of(notion), name, "Anders")
        (row,) = await gateway.find(DRAFT.key, lane=LIVE)
        assert (row.title, row.content_hash) == ("X-1", DRAFT.content_hash)
        await gateway.update_page(row.page_id, DRAFT, lane=LIVE)
    async with gateway_to(notion, ids=ids) as restarted:
        assert (await restarted.connect()).added == ()
        assert len(await restarted.find(DRAFT.key, lane=LIVE)) == 1


@pytest.mark.parametrize("kind", ["rich_text", "multi_select", "number", "date", "checkbox", "people"])
async def test_a_retyped_property_is_bound_again(kind: str) -> None:
    """When a property changes its type under us, the schema is read once and the page still goes in."""
    notion = notion_with()
    async with gateway_to(notion) as gateway:
        await gateway.connect()
        notion.human.retype_property(source_of(notion), "Outcome", kind)
        before = len(notion.journal.entries)
        await gateway.create_page(DRAFT, [], lane=LIVE)
        assert len(notion.journal.entries) == before + 3
        await gateway.create_page(DRAFT, [], lane=LIVE)
        assert len(notion.journal.entries) == before + 4
    assert len(_rows(notion)) == 2


async def test_a_deleted_property_is_left_out_and_not_made_again() -> None:
    """A column that Jen deletes while the daemon runs stays deleted; the pages go on without it."""
    notion = notion_with()
    async with gateway_to(notion) as gateway:
        await gateway.connect()
        notion.human.delete_property(source_of(notion), "Outcome")
        page = await gateway.create_page(DRAFT, [], lane=LIVE)
        await gateway.update_page(page.page_id, DRAFT, lane=LIVE)
        assert any("Outcome" in warning for warning in gateway.warnings)
    assert "Outcome" not in _rows(notion)[0]


async def test_a_deleted_key_stops_everything() -> None:
    """Without the key no page could be found again: nothing more is written, and the error names it."""
    notion = notion_with()
    async with gateway_to(notion) as gateway:
        await gateway.connect()
        notion.human.delete_property(source_of(notion), "Log Path")
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
    async with gateway_to(notion, transport=transport) as gateway:
        await gateway.create_page(DRAFT, [], lane=LIVE)
        assert len(await gateway.find(DRAFT.key, lane=LIVE)) == 1
        assert any(sentence.rstrip(".") in warning for warning in gateway.warnings)
        assert gateway.requests[LIVE] == 3 + 1 + 1 + 1 + 1
    (page,) = notion.workspace.data_sources[source_of(notion)].rows
    values = notion.workspace.pages[page].values
    names = {
        column.name
        for column in notion.workspace.data_sources[source_of(notion)].properties
        if values.get(column.id)
    }
    assert names & {"Outcome", "Type", "Tools"} == left
