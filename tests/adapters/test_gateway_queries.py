"""Reading all rows, however many there are and whatever happens meanwhile."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import chain
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.errors import AccessLost, Transient
from sync.names import Digest, Key, PageId, Property
from sync.notion import queries
from sync.notion.answers import NotNotion, read_cursor
from sync.notion.calls import Calls
from sync.notion.connect import Wanted
from sync.notion.emulator import AI_TRACES, Emulator, EmulatorTransport
from sync.notion.gateway import Gateway
from sync.notion.limiter import Lane
from sync.notion.onboarding.founding import look_at_ground
from sync.notion.onboarding.view_requests import names_of_views
from sync.page.draft import PageDraft, Text
from tests.worlds.clock import Clock
from tests.worlds.gateways import calls_to, gateway_to

START = Clock().now
CHECK = Lane.CHECK


def _source(notion: Emulator) -> str:
    (source,) = notion.workspace.data_sources
    return source


def _filled(count: int, *, per_minute: int) -> tuple[Emulator, Clock]:
    clock = Clock()
    notion = Emulator(clock=clock)
    notion.create_database()
    (source,) = notion.workspace.data_sources
    for number in range(count):
        clock.now = START + timedelta(minutes=number // per_minute)
        notion.human.add_page(source, str(number))
    return notion, clock


async def _titles(gateway: Gateway, **wanted: Any) -> list[list[int]]:  # noqa: ANN401 - the options of rows
    return [[int(row.title) for row in rows] async for rows in gateway.rows(lane=CHECK, **wanted)]


@pytest.mark.parametrize("newest_first", [True, False])
async def test_more_rows_than_one_query_gives(newest_first: bool) -> None:
    """Beyond Notion's 10,000 rows the next query takes over, and each row comes once."""
    notion, _ = _filled(10_250, per_minute=180)
    async with gateway_to(notion) as gateway:
        portions = await _titles(gateway, newest_first=newest_first)
        assert sorted(chain(*portions)) == list(range(10_250))
        firsts = [portion[0] // 180 for portion in portions if portion]
        assert firsts == sorted(firsts, reverse=newest_first)
        assert gateway.requests[CHECK] == len(portions) <= 100 + 5


async def test_a_minute_with_too_many_rows_is_no_silent_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    """When one minute holds more rows than a query gives, that is said, never taken for the end."""
    monkeypatch.setattr(queries, "QUERY_LIMIT", 200)
    notion, _ = _filled(200, per_minute=1_000)
    async with gateway_to(notion) as gateway:
        with pytest.raises(AccessLost, match="one minute"):
            await _titles(gateway, newest_first=True)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 420),
    st.integers(1, 90),
    st.sampled_from([100, 200, 300]),
    st.booleans(),
)
async def test_every_row_comes_once(count: int, per_minute: int, limit: int, newest_first: bool) -> None:
    """Whatever the number of rows, their density and the limit of a query: each row, once."""
    notion, _ = _filled(count, per_minute=per_minute)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "QUERY_LIMIT", limit)
        async with gateway_to(notion) as gateway:
            portions = await _titles(gateway, newest_first=newest_first)
    assert sorted(chain(*portions)) == list(range(count))


async def test_since_when_rows_are_wanted() -> None:
    """Only what was edited since a time is listed; to the minute, and rather one too many."""
    notion, clock = _filled(10, per_minute=1)
    ids = notion.workspace.data_sources[_source(notion)].rows
    async with gateway_to(notion) as gateway:
        await gateway.connect()  # adds the property that is edited
        clock.now = START + timedelta(hours=2, seconds=30)
        notion.human.set_property(ids[3], "Log Path", {"rich_text": [{"text": {"content": "x"}}]})
        edited = await _titles(gateway, newest_first=True, edited_since=clock.now)
        assert edited == [[3]]


async def test_a_forgotten_cursor_costs_one_request() -> None:
    """When Notion no longer knows a cursor, the listing goes on from the last row; none comes twice."""
    notion, _ = _filled(350, per_minute=30)
    transport = _Forgetful(notion)
    async with gateway_to(notion, transport=transport) as gateway:
        portions = await _titles(gateway, newest_first=False)
    assert sorted(chain(*portions)) == list(range(350))
    assert transport.forgotten == 1


class _Forgetful(EmulatorTransport):
    """Refuses the second cursor that it is shown."""

    forgotten = 0
    _cursors = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer the second request with a cursor by a refusal, every other as ever."""
        self._cursors += b"start_cursor" in await request.aread()
        if self._cursors == 2 and not self.forgotten:
            self.forgotten += 1
            body = {
                "object": "error",
                "status": 400,
                "code": "validation_error",
                "message": "Bad start_cursor.",
            }
            return httpx.Response(400, json=body)
        return await super().handle_async_request(request)


async def test_an_empty_database_is_one_request() -> None:
    """Nothing there is one answer with nothing in it."""
    notion, _ = _filled(0, per_minute=1)
    async with gateway_to(notion) as gateway:
        assert await _titles(gateway, newest_first=True) == [[]]
        assert gateway.requests[CHECK] == 1


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(["a.md", "A.md", "a.md ", "exceptions/a.md", "ä.md", "ä.md", "a.mdx"]), max_size=12
    )
)
async def test_a_key_finds_its_own_pages_only(paths: list[str]) -> None:
    """However Notion compares texts, only pages of exactly this key are found, the oldest first."""
    notion, clock = _filled(0, per_minute=1)
    async with gateway_to(notion) as gateway:
        made = []
        for path in paths:
            clock.now += timedelta(minutes=1)
            properties = {Property.TITLE: Text("x")}
            draft = PageDraft(
                key=Key(path), content_hash=Digest("a" * 64), icon="✅", properties=properties, body=()
            )
            made.append((path, (await gateway.create_page(draft, [], lane=CHECK)).page_id))
        for path in set(paths):
            found = [row.page_id for row in await gateway.find(Key(path), lane=CHECK)]
            assert found == [page_id for each, page_id in made if each == path]


async def test_a_key_longer_than_a_filter_is_found() -> None:
    """A path may be longer than the text of a filter; its page is found all the same, and only it."""
    notion, _ = _filled(0, per_minute=1)
    async with gateway_to(notion) as gateway:
        made = {}
        for end in ("a", "b"):
            key = Key(f"{'deep/' * 450}{end}.md")
            properties = {Property.TITLE: Text("x")}
            draft = PageDraft(
                key=key, content_hash=Digest("a" * 64), icon="✅", properties=properties, body=()
            )
            made[key] = (await gateway.create_page(draft, [], lane=CHECK)).page_id
        for key, page_id in made.items():
            assert [row.page_id for row in await gateway.find(key, lane=CHECK)] == [page_id]


class _Breaking(EmulatorTransport):
    """Ends every query at once, and says so."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a query with nothing, every other request as ever."""
        if not request.url.path.endswith("/query"):
            return await super().handle_async_request(request)
        ended = {"type": "incomplete", "incomplete_reason": "unheard_of"}
        answer = {"object": "list", "results": [], "has_more": False, "next_cursor": None}
        return httpx.Response(200, json={**answer, "request_status": ended})


async def test_a_list_that_notion_broke_off_is_asked_for_later() -> None:
    """It is nobody's fault and passes: no person is told to move pages, and none counts as absent."""
    notion, _ = _filled(3, per_minute=1)
    async with gateway_to(notion, transport=_Breaking(notion)) as gateway:
        with pytest.raises(Transient):
            await _titles(gateway, newest_first=True)


class _Circling(EmulatorTransport):
    """Gives every list one of a few cursors, again and again."""

    asked = 0

    def __init__(self, notion: Emulator, length: int) -> None:
        super().__init__(notion)
        self._length = length

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a list with nothing and a cursor, every other request as ever."""
        if not request.url.path.endswith(("/query", "/children", "/views")):
            return await super().handle_async_request(request)
        self.asked += 1
        cursor = f"cursor-{self.asked % self._length}"
        answer = {"object": "list", "results": [], "has_more": True, "next_cursor": cursor}
        return httpx.Response(200, json=answer)


_LISTS: dict[str, Callable[[Gateway, Calls, str], Awaitable[object]]] = {
    "rows": lambda gateway, _calls, _page: _titles(gateway, newest_first=True),
    "find": lambda gateway, _calls, _page: gateway.find(Key("a.md"), lane=CHECK),
    "children": lambda gateway, _calls, page: gateway.list_children(PageId(page), lane=CHECK),
    "ground": lambda _gateway, calls, page: look_at_ground(calls, page),
    "views": lambda _gateway, calls, _page: names_of_views(calls, AI_TRACES),
}


@pytest.mark.parametrize("length", [1, 2, 3])
@pytest.mark.parametrize("what", _LISTS)
async def test_a_list_that_goes_round_in_circles_ends_in_an_error(what: str, length: int) -> None:
    """It would be read for ever; nothing is asked beyond the first cursor that comes again."""
    notion, _ = _filled(1, per_minute=1)
    page = notion.human.add_page(_source(notion), "page")
    transport = _Circling(notion, length)
    async with calls_to(notion, transport=transport) as calls:
        gateway = Gateway(calls, Wanted(database=AI_TRACES, names={}, ids={}, manage_schema=True))
        with pytest.raises(Transient, match="for ever"):
            await _LISTS[what](gateway, calls, page)
    assert transport.asked == length + 1


def test_a_list_that_goes_on_says_where() -> None:
    """More to come, and not where: taken for the end, it would hide pages, which were then made twice."""
    assert read_cursor({"has_more": False, "next_cursor": None}) is None
    with pytest.raises(NotNotion):
        read_cursor({"has_more": True, "next_cursor": None})
