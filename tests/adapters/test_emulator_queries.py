"""Queries of the built-in Notion: filters, order, pages of results and their end."""

from datetime import timedelta
from typing import Any, TypeAlias
from urllib.parse import quote, unquote

import pytest

from sync.notion.emulator import Emulator
from sync.notion.emulator.api import queries
from tests.worlds.clock import Clock
from tests.worlds.emulated import source_of

Json: TypeAlias = Any
"""Any JSON value; what a test picks from it says what it expects."""


@pytest.fixture
def clock() -> Clock:
    """A clock that stands."""
    return Clock()


@pytest.fixture
def emulator(clock: Clock) -> Emulator:
    """An emulator with three rows, made a minute apart."""
    made = Emulator(clock=clock)
    made.create_database(
        properties={
            "Name": {"title": {}},
            "Path": {"rich_text": {}},
            "Env": {"select": {}},
            "Tools": {"multi_select": {}},
            "When": {"date": {}},
            "Bad": {"checkbox": {}},
        }
    )
    rows = [
        ("a.md", "dev", ["git"], "2026-01-01", True),
        ("A.md", "prod", ["git", "Bash"], "2026-01-02T10:00:00Z", False),
        ("sub/b.md", None, [], None, False),
    ]
    for path, env, tools, when, bad in rows:
        properties = {
            "Name": {"title": [{"text": {"content": path}}]},
            "Path": {"rich_text": [{"text": {"content": path}}]},
            "Env": {"select": env and {"name": env}},
            "Tools": {"multi_select": [{"name": tool} for tool in tools]},
            "When": {"date": when and {"start": when}},
            "Bad": {"checkbox": bad},
        }
        body = {"parent": {"data_source_id": source_of(made)}, "properties": properties}
        assert made.ask("POST", "pages", body).status == 200
        clock.now += timedelta(minutes=1)
    return made


def titles(answer: dict[str, Any]) -> list[str]:
    """Return the titles of the rows found."""
    return [row["properties"]["Name"]["title"][0]["plain_text"] for row in answer["results"]]


def ask(emulator: Emulator, body: dict[str, Any], query: str = "") -> Json:
    """Send a query."""
    return emulator.ask("POST", f"data_sources/{source_of(emulator)}/query{query}", body)


FILTERS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "equals, any case": ({"property": "Path", "rich_text": {"equals": "a.md"}}, {"a.md", "A.md"}),
    "contains": ({"property": "Path", "rich_text": {"contains": "SUB/"}}, {"sub/b.md"}),
    "starts_with": ({"property": "Name", "title": {"starts_with": "a"}}, {"a.md", "A.md"}),
    "is_empty": ({"property": "Env", "select": {"is_empty": True}}, {"sub/b.md"}),
    "select": ({"property": "Env", "select": {"equals": "prod"}}, {"A.md"}),
    "one of": ({"property": "Env", "select": {"equals": ["prod", "dev"]}}, {"a.md", "A.md"}),
    "multi_select": ({"property": "Tools", "multi_select": {"contains": "Bash"}}, {"A.md"}),
    "checkbox": ({"property": "Bad", "checkbox": {"equals": True}}, {"a.md"}),
    "date": ({"property": "When", "date": {"on_or_after": "2026-01-02"}}, {"A.md"}),
    "timestamp": (
        {"timestamp": "created_time", "created_time": {"after": "2026-01-10T12:01:00Z"}},
        {"sub/b.md"},
    ),
    "and": (
        {
            "and": [
                {"property": "Path", "rich_text": {"equals": "a.md"}},
                {"or": [{"property": "Env", "select": {"equals": "prod"}}]},
            ]
        },
        {"A.md"},
    ),
}


@pytest.mark.parametrize("case", FILTERS)
def test_a_filter_finds_what_it_says(emulator: Emulator, case: str) -> None:
    """Each kind of condition lets through exactly the rows that meet it."""
    condition, expected = FILTERS[case]
    answer = ask(emulator, {"filter": condition})
    assert answer.status == 200, answer.body
    assert set(titles(answer.json())) == expected


BAD_BODIES: dict[str, dict[str, Any]] = {
    "unknown property": {"filter": {"property": "Nope", "rich_text": {"equals": "a"}}},
    "other type": {"filter": {"property": "Env", "rich_text": {"equals": "dev"}}},
    "unknown operator": {"filter": {"property": "Path", "rich_text": {"like": "a"}}},
    "empty": {"filter": {}},
    "too deep": {"filter": {"and": [{"or": [{"and": []}]}]}},
    "in_trash": {"in_trash": True},
    "archived": {"archived": False},
    "unknown key": {"limit": 5},
    "page_size 0": {"page_size": 0},
    "page_size 101": {"page_size": 101},
    "direction": {"sorts": [{"property": "Path", "direction": "up"}]},
    "sort by nothing": {"sorts": [{"direction": "ascending"}]},
    "strange cursor": {"start_cursor": "9272e7a6-91ab-4c50-b5b9-b28cc2f41f3d"},
}


@pytest.mark.parametrize("case", BAD_BODIES)
def test_a_query_that_makes_no_sense_is_refused(emulator: Emulator, case: str) -> None:
    """What Notion would not take is 400, never an empty result."""
    assert ask(emulator, BAD_BODIES[case]).status == 400


def test_sorts_order_the_rows(emulator: Emulator) -> None:
    """By property and by timestamp, both ways."""
    newest = ask(emulator, {"sorts": [{"timestamp": "created_time", "direction": "descending"}]})
    assert titles(newest.json()) == ["sub/b.md", "A.md", "a.md"]
    by_path = ask(emulator, {"sorts": [{"property": "Path", "direction": "ascending"}]})
    assert titles(by_path.json()) == ["A.md", "a.md", "sub/b.md"]


def test_pages_of_results_join_to_the_whole(emulator: Emulator) -> None:
    """Following the cursors gives every row once; a cursor of another query is refused."""
    seen: list[str] = []
    body: dict[str, Any] = {"page_size": 1}
    while True:
        answer = ask(emulator, body).json()
        seen += titles(answer)
        if not answer["has_more"]:
            break
        other = ask(emulator, {"page_size": 1, "start_cursor": answer["next_cursor"], "sorts": []})
        assert other.status == 400
        body = {"page_size": 1, "start_cursor": answer["next_cursor"]}
    assert sorted(seen) == ["A.md", "a.md", "sub/b.md"]
    assert answer["next_cursor"] is None


def test_trashed_rows_are_not_found(emulator: Emulator) -> None:
    """A query never answers with a row in the trash; a restored one is back."""
    page = emulator.dump()[0]["id"]
    emulator.human.trash_page(page)
    answer = ask(emulator, {"page_size": 2}).json()
    assert (len(answer["results"]), answer["has_more"]) == (2, False)
    emulator.human.restore_page(page)
    assert len(ask(emulator, {}).json()["results"]) == 3


def test_properties_are_filtered_by_name_or_plain_id(emulator: Emulator) -> None:
    """`filter_properties` takes names and ids; an id that was encoded once more than needed is unknown."""
    column = next(c for c in emulator.workspace.data_sources[source_of(emulator)].properties if "%" in c.id)
    for given in (quote(column.name), quote(unquote(column.id))):
        rows = ask(emulator, {}, f"?filter_properties={given}").json()["results"]
        assert {name for row in rows for name in row["properties"]} == {column.name}
    assert ask(emulator, {}, f"?filter_properties={quote(column.id)}").status == 400


def test_a_query_ends_at_its_cap(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the cap the last page says so, and has no next one."""
    assert "request_status" not in ask(emulator, {}).json()
    monkeypatch.setattr(queries, "RESULT_LIMIT", 2)
    answer = ask(emulator, {}).json()
    assert (len(answer["results"]), answer["has_more"]) == (2, False)
    assert answer["request_status"] == {
        "type": "incomplete",
        "incomplete_reason": "query_result_limit_reached",
    }


def test_an_index_can_lag(emulator: Emulator, clock: Clock) -> None:
    """With a lag a query does not find a row that was just made, and does once the lag is over."""
    emulator.workspace.index_lag = 90.0
    assert len(ask(emulator, {}).json()["results"]) == 2
    clock.now += timedelta(seconds=90)
    assert len(ask(emulator, {}).json()["results"]) == 3


def test_children_are_listed_page_by_page(emulator: Emulator) -> None:
    """Cursors of a block list join to the whole in order, and serve no other list."""
    first, second = (page["id"] for page in emulator.dump()[:2])
    blocks = [{"paragraph": {"rich_text": [{"text": {"content": str(n)}}]}} for n in range(5)]
    emulator.ask("PATCH", f"blocks/{first}/children", {"children": blocks})
    seen: list[str] = []
    cursor = ""
    while True:
        answer = emulator.ask("GET", f"blocks/{first}/children?page_size=2{cursor}").json()
        seen += [block["paragraph"]["rich_text"][0]["plain_text"] for block in answer["results"]]
        if not answer["has_more"]:
            break
        cursor = f"&start_cursor={answer['next_cursor']}"
        assert emulator.ask("GET", f"blocks/{second}/children?page_size=2{cursor}").status == 400
    assert seen == ["0", "1", "2", "3", "4"]
    assert emulator.ask("GET", f"blocks/{first}/children?foo=1").status == 400
