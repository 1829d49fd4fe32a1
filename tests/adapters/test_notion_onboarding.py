"""What setup asks Notion: whose token, what is shared, and a database below a page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from sync.errors import AccessLost, Ambiguous, ConfigurationError, PageGone
from sync.names import PageId, Property
from sync.notion.calls import Calls, open_calls
from sync.notion.client import http_client
from sync.notion.connect import Wanted, survey
from sync.notion.emulator import AI_TRACES, DEMO_TOKEN, Emulator, EmulatorTransport, Fault, FaultKind
from sync.notion.error_answers import ENDED
from sync.notion.onboarding.founding import found_database, look_at_ground
from sync.notion.onboarding.sharing import shared_databases
from sync.notion.whoami import whoami

OTHER = "00000000-0000-4000-8000-00000000000a"


@asynccontextmanager
async def _calls(notion: Emulator, token: str = DEMO_TOKEN) -> AsyncIterator[Calls]:
    async with http_client(transport=EmulatorTransport(notion)) as http:
        yield open_calls(http, token=token, base_url="https://notion.test", per_minute=1e6, settle=ENDED)


async def test_a_token_tells_whose_it_is() -> None:
    """Name, workspace and the largest file come with the one request that needs nothing shared."""
    notion = Emulator()
    async with _calls(notion) as calls:
        bearer = await whoami(calls)
    assert (bearer.name, bearer.workspace, bearer.is_person) == ("AI Traces", "Jen OS", False)
    assert bearer.largest_file == 5 << 30
    assert len(notion.journal) == 1


async def test_a_wrong_token_is_access_lost() -> None:
    """It is the token that is wrong, not the database."""
    async with _calls(Emulator(), "ntn_other") as calls:
        with pytest.raises(AccessLost, match="token"):
            await whoami(calls)


async def test_only_what_is_shared_is_offered() -> None:
    """Databases that are not shared, or lie in the trash, are not there to choose from."""
    notion = Emulator()
    notion.create_database()
    notion.create_database("Tasks", database_id=OTHER)
    notion.create_database("Gone", database_id=OTHER[:-1] + "b")
    notion.human.trash_database(OTHER[:-1] + "b")
    async with _calls(notion) as calls:
        assert {each.title for each in await shared_databases(calls)} == {"AI Traces", "Tasks"}
        notion.human.unshare(OTHER)
        assert [each.database_id for each in await shared_databases(calls)] == [AI_TRACES]


async def test_a_database_with_several_tables_is_offered_once() -> None:
    """What a person chooses is a database, not a data source."""
    notion = Emulator()
    notion.create_database()
    notion.human.add_data_source(AI_TRACES, "Archive")
    async with _calls(notion) as calls:
        assert len(await shared_databases(calls)) == 1


async def test_a_new_database_has_every_property_from_the_start() -> None:
    """One request makes it; nothing is missing then, and the next look finds it."""
    notion = Emulator()
    page = notion.workspace.root
    async with _calls(notion) as calls:
        assert (await look_at_ground(calls, page)).database_id is None
        made = await found_database(calls, PageId(page), {Property.ENV: "Environment"})
        names = {Property.ENV: "Environment"}
        wanted = Wanted(database=made, names=names, ids={}, manage_schema=False)
        found = await survey(calls, wanted)
        assert (await look_at_ground(calls, page)).database_id == made
    assert found.title == "AI Traces"
    assert (set(found.schema.bound), found.schema.absent, found.schema.unusable) == (set(Property), {}, {})
    assert found.schema.bound[Property.ENV].name == "Environment"
    assert len(notion.journal.writes()) == 1


async def test_a_lost_answer_is_settled_by_a_look() -> None:
    """A database whose making was in doubt is found by the next look, so that no second one is made."""
    notion = Emulator()
    notion.faults.add(Fault(kind=FaultKind.RESET_AFTER, method="POST", path="databases"))
    async with _calls(notion) as calls:
        with pytest.raises(Ambiguous):
            await found_database(calls, PageId(notion.workspace.root), {})
        assert (await look_at_ground(calls, notion.workspace.root)).database_id is not None


async def test_a_page_full_of_blocks_is_looked_through() -> None:
    """The database may stand behind more blocks than one answer holds."""
    notion = Emulator()
    page = notion.workspace.root
    for number in range(205):
        notion.human.add_block(page, f"block {number}")
    async with _calls(notion) as calls:
        made = await found_database(calls, PageId(page), {})
        assert (await look_at_ground(calls, page)).database_id == made


async def test_a_page_that_cannot_be_seen_is_gone() -> None:
    """So is one in the trash: nothing is made there."""
    notion = Emulator()
    async with _calls(notion) as calls:
        with pytest.raises(PageGone):
            await look_at_ground(calls, OTHER)
        notion.human.trash_page(notion.workspace.root)
        with pytest.raises(PageGone):
            await look_at_ground(calls, notion.workspace.root)


async def test_a_look_adds_nothing() -> None:
    """A survey tells what is missing and leaves it missing."""
    notion = Emulator()
    notion.create_database()
    async with _calls(notion) as calls:
        found = await survey(calls, Wanted(database=AI_TRACES, names={}, ids={}, manage_schema=True))
    assert len(found.schema.absent) == len(Property) - 1
    assert notion.journal.writes() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("SSL_CERT_FILE", "/absent.pem"), ("HTTPS_PROXY", "ftp://proxy")],
)
def test_a_way_to_notion_that_cannot_be_used_is_a_matter_of_settings(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """Certificates that are not there, or a proxy of no address, are said with the variable to correct."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name.partition("_")[0]):
        http_client(transport=None)
