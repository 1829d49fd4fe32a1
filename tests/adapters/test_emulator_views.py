"""What the built-in Notion takes as a search and as the looks of a view, and what it refuses."""

from typing import Any

import pytest

from sync.notion.emulator import AI_TRACES, Emulator


@pytest.fixture
def notion() -> Emulator:
    """Give a database with a column of each type that a view cares for."""
    notion = Emulator()
    kinds = ("select", "multi_select", "status", "rich_text", "date", "checkbox", "number")
    notion.create_database(properties={"Name": {"title": {}}} | {kind: {kind: {}} for kind in kinds})
    return notion


def made(notion: Emulator, kind: str, **looks: Any) -> int:  # noqa: ANN401 - any JSON
    """Ask for a view and return the status; `{id:NAME}` stands for the id of a column."""
    (source,) = notion.workspace.data_sources.values()

    def filled(value: Any) -> Any:  # noqa: ANN401 - any JSON
        if isinstance(value, dict):
            return {key: filled(each) for key, each in value.items()}
        if isinstance(value, list):
            return [filled(each) for each in value]
        named = source.named(str(value)[1:]) if str(value).startswith("#") else None
        return named.id if named else value

    body = {"database_id": AI_TRACES, "data_source_id": source.id, "name": "V", "type": kind}
    return notion.ask("POST", "views", {**body, **filled(looks)}).status


def grouped(kind: str, column: str, **more: str) -> dict[str, Any]:
    """Return the configuration of a board."""
    return {
        "type": "board",
        "group_by": {"type": kind, "property_id": column, "sort": {"type": "manual"}, **more},
    }


GOOD: list[tuple[str, dict[str, Any]]] = [
    ("table", {}),
    ("table", {"filter": {"property": "select", "select": {"equals": "x"}}}),
    ("table", {"sorts": [{"property": "date", "direction": "descending"}]}),
    ("table", {"sorts": [{"timestamp": "created_time", "direction": "ascending"}]}),
    (
        "table",
        {"configuration": {"type": "table", "properties": [{"property_id": "#date", "visible": True}]}},
    ),
    ("board", {"configuration": grouped("select", "#select")}),
    ("board", {"configuration": grouped("multi_select", "#multi_select")}),
    ("board", {"configuration": grouped("status", "#status", group_by="option")}),
    ("board", {"configuration": grouped("text", "#rich_text", group_by="exact")}),
    ("calendar", {"configuration": {"type": "calendar", "date_property_id": "#date"}}),
]
BAD: list[tuple[str, dict[str, Any]]] = [
    ("table", {"filter": {"property": "absent", "select": {"equals": "x"}}}),
    ("table", {"filter": {"property": "select", "status": {"equals": "x"}}}),
    ("table", {"sorts": [{"property": "absent", "direction": "descending"}]}),
    ("table", {"sorts": [{"property": "date", "direction": "down"}]}),
    ("table", {"configuration": {"type": "board"}}),
    ("table", {"configuration": {"type": "table", "colour": "red"}}),
    ("table", {"configuration": {"type": "table", "properties": [{"property_id": "date"}]}}),
    ("table", {"configuration": {"type": "table", "properties": [{"property_id": "#date", "visible": 1}]}}),
    ("board", {}),
    ("board", {"configuration": {"type": "board"}}),
    ("board", {"configuration": grouped("select", "#status")}),
    ("board", {"configuration": grouped("status", "#status")}),
    ("board", {"configuration": grouped("status", "#status", group_by="colour")}),
    ("board", {"configuration": grouped("select", "#select", group_by="option")}),
    ("board", {"configuration": grouped("rich_text", "#rich_text")}),
    ("board", {"configuration": {"type": "board", "group_by": None}}),
    ("calendar", {"configuration": {"type": "calendar"}}),
    ("calendar", {"configuration": {"type": "calendar", "date_property_id": "#select"}}),
]


@pytest.mark.parametrize(("kind", "looks"), GOOD)
def test_a_view_looks_as_asked(notion: Emulator, kind: str, looks: dict[str, Any]) -> None:
    """What the official types allow is taken."""
    assert made(notion, kind, **looks) == 200


@pytest.mark.parametrize(("kind", "looks"), BAD)
def test_a_view_that_makes_no_sense_is_refused(notion: Emulator, kind: str, looks: dict[str, Any]) -> None:
    """A property that is not there, a type that does not fit or a key that does not exist is 400."""
    assert made(notion, kind, **looks) == 400


@pytest.mark.parametrize(
    "body",
    [
        {"query": 1},
        {"filter": {}},
        {"filter": {"property": "type", "value": "page"}},
        {"filter": {"property": "object", "value": "database"}},
        {"filter": {"in_trash": "yes"}},
        {"sort": {"timestamp": "created_time", "direction": "ascending"}},
        {"sort": {"timestamp": "last_edited_time"}},
        {"page_size": 101},
        {"start_cursor": "x"},
        {"filters": {}},
    ],
)
def test_a_search_that_makes_no_sense_is_refused(notion: Emulator, body: dict[str, Any]) -> None:
    """Whatever the official types do not allow is 400."""
    assert notion.ask("POST", "search", body).status == 400


def test_a_search_finds_pages_and_data_sources_by_title(notion: Emulator) -> None:
    """It ignores case, keeps to the kind and to the trash that are asked for, and comes in portions."""
    (source,) = notion.workspace.data_sources
    rows = [notion.human.add_page(source, f"Row {number}") for number in range(5)]
    notion.human.trash_page(rows[0])

    def found(**body: Any) -> list[str]:  # noqa: ANN401 - any JSON
        answer = notion.ask("POST", "search", body).json()
        ids = [each["id"] for each in answer["results"]]
        while answer["has_more"]:
            answer = notion.ask("POST", "search", {**body, "start_cursor": answer["next_cursor"]}).json()
            ids += [each["id"] for each in answer["results"]]
        return ids

    assert sorted(found(query="row ", page_size=2)) == sorted(rows[1:])
    assert found(query="ROW", filter={"property": "object", "value": "page", "in_trash": True}) == rows[:1]
    assert found(filter={"property": "object", "value": "data_source"}) == [source]
    assert source not in found(filter={"property": "object", "value": "page"})
    notion.human.unshare(AI_TRACES)
    assert found() == [notion.workspace.root]


def test_a_database_is_a_block_of_its_page(notion: Emulator) -> None:
    """It stands at the end of the page's blocks, as long as it is shared."""
    root = notion.workspace.root
    notion.human.add_block(root, "Above")
    kinds = [each["type"] for each in notion.ask("GET", f"blocks/{root}/children").json()["results"]]
    assert kinds == ["paragraph", "child_database"]
    notion.human.unshare(AI_TRACES)
    assert len(notion.ask("GET", f"blocks/{root}/children").json()["results"]) == 1


def test_what_is_set_to_nothing_reads_as_not_there(notion: Emulator) -> None:
    """A table that is not to be grouped says nothing of groups."""
    looks = {"configuration": {"type": "table", "group_by": None}}
    assert made(notion, "table", **looks) == 200
    (view,) = notion.workspace.views.values()
    assert notion.ask("GET", f"views/{view.id}").json()["configuration"] == {"type": "table"}


def test_of_a_deleted_view_no_more_than_a_stub_is_told(notion: Emulator) -> None:
    """The answer to a deletion names the view, where it was and its type."""
    for _ in range(2):
        assert made(notion, "table") == 200
    view = next(iter(notion.workspace.views))
    told = notion.ask("DELETE", f"views/{view}").json()
    assert told.keys() == {"object", "id", "parent", "type", "request_id"}
