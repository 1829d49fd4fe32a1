"""Jen's views, as Notion takes them: whatever types the properties have, each is made once or left out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sync.errors import AccessLost, Ambiguous
from sync.names import Property
from sync.notion.calls import Calls, open_calls
from sync.notion.client import http_client
from sync.notion.connect import Wanted, connect
from sync.notion.emulator import (
    AI_TRACES,
    DEMO_TOKEN,
    Capability,
    Emulator,
    EmulatorTransport,
    Fault,
    FaultKind,
)
from sync.notion.error_answers import ENDED
from sync.notion.onboarding.view_requests import make_view, names_of_views
from sync.notion.onboarding.views import NAMES, Unbuildable, WantedView, views
from tests.worlds.emulated import notion_with

WANTED = Wanted(database=AI_TRACES, names={}, ids={}, manage_schema=True)
KINDS = ("select", "status", "multi_select", "rich_text", "checkbox", "date", "number", "url", "people")
USED = (Property.TYPE, Property.TIMESTAMP, Property.OUTCOME, Property.SEVERITY, Property.TOOLS)


@asynccontextmanager
async def _calls(notion: Emulator) -> AsyncIterator[Calls]:
    async with http_client(transport=EmulatorTransport(notion)) as http:
        yield open_calls(http, token=DEMO_TOKEN, base_url="https://notion.test", per_minute=1e6, settle=ENDED)


async def _made(notion: Emulator) -> tuple[WantedView | Unbuildable, ...]:
    """Make every view that can be made, and return them all."""
    async with _calls(notion) as calls:
        connection = await connect(calls, WANTED)
        found = views(connection.schema)
        for view in found:
            if isinstance(view, WantedView):
                await make_view(
                    calls,
                    view,
                    database_id=connection.database_id,
                    data_source_id=connection.data_source_id,
                )
        buildable = tuple(view.name for view in found if isinstance(view, WantedView))
        assert await names_of_views(calls, AI_TRACES) == buildable
    return found


async def test_a_new_database_gets_all_five() -> None:
    """With the properties that we add, each view is made, under the name that it is known by."""
    found = await _made(notion_with())
    assert tuple(view.name for view in found) == NAMES
    assert all(isinstance(view, WantedView) for view in found)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ours", USED)
async def test_a_view_fits_the_types_that_a_person_chose(ours: Property, kind: str) -> None:
    """Notion takes each view that is offered, and one that cannot be says which property is in its way."""
    for view in await _made(notion_with(**{ours.value: kind})):
        if isinstance(view, Unbuildable):
            assert ours.value in view.reason


FAILURES = NAMES.index("This week's failures")


@pytest.mark.parametrize("type_kind", ["select", "multi_select", "rich_text"])
@pytest.mark.parametrize("outcome_kind", ["select", "multi_select", "rich_text"])
async def test_the_failures_of_the_week_are_found(type_kind: str, outcome_kind: str) -> None:
    """The filter lets through failed executions and exceptions of this week, and nothing else."""
    notion = notion_with(Type=type_kind, Outcome=outcome_kind)
    view = (await _made(notion))[FAILURES]
    assert isinstance(view, WantedView)
    now = datetime.now(UTC)
    (source,) = notion.workspace.data_sources
    rows = {
        "failed": ("Execution", "Failed", now),
        "exception": ("Exception", "", now),
        "fine": ("Execution", "Success", now),
        "partial": ("Execution", "Partial", now),
        "old": ("Execution", "Failed", now - timedelta(days=60)),
    }
    for title, (kind, outcome, when) in rows.items():
        page = notion.human.add_page(source, title)
        notion.human.set_property(page, "Type", _value(type_kind, kind))
        notion.human.set_property(page, "Outcome", _value(outcome_kind, outcome))
        notion.human.set_property(page, "Timestamp", {"date": {"start": when.isoformat()}})
    answer = notion.ask("POST", f"data_sources/{source}/query", {"filter": view.filter}).json()
    found = {page["properties"]["Name"]["title"][0]["plain_text"] for page in answer["results"]}
    assert found == {"failed", "exception"}


def _value(kind: str, text: str) -> dict[str, Any]:
    match kind:
        case "select":
            return {"select": {"name": text} if text else None}
        case "multi_select":
            return {"multi_select": [{"name": text}] if text else []}
        case _:
            return {"rich_text": [{"text": {"content": text}}] if text else []}


async def test_many_views_are_all_listed() -> None:
    """A list that takes several answers is read to its end."""
    notion = notion_with()
    (source,) = notion.workspace.data_sources
    names = [f"Jen's {number}" for number in range(130)]
    for name in names:
        body = {"database_id": AI_TRACES, "data_source_id": source, "name": name, "type": "table"}
        notion.ask("POST", "views", body)
    async with _calls(notion) as calls:
        assert sorted(await names_of_views(calls, AI_TRACES)) == sorted(names)


@pytest.mark.parametrize("missing", [Capability.INSERT, Capability.UPDATE])
async def test_a_connection_that_may_not_make_views_is_told(missing: Capability) -> None:
    """Without one of the two capabilities that a view needs, access is lost, with the next step."""
    notion = notion_with()
    async with _calls(notion) as calls:
        connection = await connect(calls, WANTED)
        notion.access.capabilities.remove(missing)
        view = views(connection.schema)[0]
        assert isinstance(view, WantedView)
        with pytest.raises(AccessLost) as caught:
            await make_view(calls, view, database_id=AI_TRACES, data_source_id=connection.data_source_id)
        assert caught.value.hint


async def test_a_lost_answer_is_never_repeated() -> None:
    """Whether the view was made is then unknown; the names tell."""
    notion = notion_with()
    async with _calls(notion) as calls:
        connection = await connect(calls, WANTED)
        notion.faults.add(Fault(kind=FaultKind.RESET_AFTER, method="POST", path="views"))
        view = views(connection.schema)[0]
        assert isinstance(view, WantedView)
        with pytest.raises(Ambiguous):
            await make_view(calls, view, database_id=AI_TRACES, data_source_id=connection.data_source_id)
        assert await names_of_views(calls, AI_TRACES) == (view.name,)
