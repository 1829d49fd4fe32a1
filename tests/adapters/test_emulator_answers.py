"""What the built-in Notion answers, held against what Notion was recorded to answer."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from sync.notion.emulator import Emulator

Json: TypeAlias = Any
"""Any JSON value; what a test picks from it says what it expects."""


SHAPES: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "samples" / "shapes.json").read_text(encoding="utf-8")
)
COLUMNS: dict[str, Any] = {
    "Name": {"title": {}},
    "Text": {"rich_text": {}},
    "URL": {"url": {}},
    "Email": {"email": {}},
    "Phone": {"phone_number": {}},
}


def misfits(answer: Json, shape: Json, path: str = "") -> list[str]:
    """Return where an answer has other keys or types than the recording; null there may be anything."""
    if isinstance(shape, dict):
        if not isinstance(answer, dict):
            return [] if answer is None else [f"{path}: no object"]
        keys = [f"{path}.{key}: on one side only" for key in set(answer) ^ set(shape)]
        return keys + [
            m for key in set(answer) & set(shape) for m in misfits(answer[key], shape[key], f"{path}.{key}")
        ]
    if isinstance(shape, list):
        if not isinstance(answer, list):
            return [f"{path}: no array"]
        return [m for item in answer if shape for m in misfits(item, shape[0], f"{path}[]")]
    kinds = {bool: "bool", int: "number", float: "number", str: "string"}
    if shape == "null" or answer is None or kinds.get(type(answer)) == shape:
        return []
    return [f"{path}: {type(answer).__name__} instead of {shape}"]


def text(content: str) -> list[dict[str, Any]]:
    """Return rich text of one run."""
    return [{"type": "text", "text": {"content": content}}]


def paragraph(content: str) -> dict[str, Any]:
    """Return a paragraph block."""
    return {"type": "paragraph", "paragraph": {"rich_text": text(content)}}


@pytest.fixture
def emulator() -> Emulator:
    """An emulator whose clock stands."""
    made = Emulator(clock=lambda: datetime(2026, 1, 10, 14, 30, 59, 123456, tzinfo=UTC))
    made.create_database(properties=COLUMNS)
    return made


@pytest.fixture
def source(emulator: Emulator) -> str:
    """The id of its data source."""
    return next(iter(emulator.workspace.data_sources))


@pytest.fixture
def page(emulator: Emulator, source: str) -> dict[str, Any]:
    """A page with three paragraphs, as the create answered it."""
    answer = emulator.ask(
        "POST",
        "pages",
        {
            "parent": {"type": "data_source_id", "data_source_id": source},
            "properties": {
                "Name": {"title": text("John")},
                "Text": {"type": "rich_text", "rich_text": text("John Doe")},
                "URL": {"url": "https://john.doe.com"},
                "Email": {"email": "john@doe.com"},
                "Phone": {"phone_number": "123"},
            },
            "children": [paragraph("one"), paragraph("two"), paragraph("three")],
        },
    )
    assert answer.status == 200
    created: dict[str, Any] = answer.json()
    return created


def by_type(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with its properties by type, as the recordings are kept."""
    return {**answer, "properties": {value["type"]: value for value in answer["properties"].values()}}


def test_a_new_page_reads_as_recorded(page: dict[str, Any]) -> None:
    """The answer to a create has the recorded keys and types, and times are cut to the minute."""
    assert misfits(by_type(page), SHAPES["page"]) == []
    assert page["created_time"] == page["last_edited_time"] == "2026-01-10T14:30:00.000Z"


def test_a_query_reads_as_recorded(emulator: Emulator, source: str, page: dict[str, Any]) -> None:
    """A query's list and its rows have the recorded keys and types."""
    condition = {"property": "Text", "rich_text": {"equals": "John Doe"}}
    answer = emulator.ask("POST", f"data_sources/{source}/query", {"filter": condition}).json()
    rows = answer.pop("results")
    assert misfits(answer, SHAPES["query"]) == []
    assert [row["id"] for row in rows] == [page["id"]]
    assert misfits(by_type(rows[0]), SHAPES["row"]) == []


@pytest.mark.parametrize("kind", sorted(SHAPES["blocks"]))
def test_every_block_reads_as_recorded(emulator: Emulator, page: dict[str, Any], kind: str) -> None:
    """A block of each type that was recorded has the recorded keys and types."""
    required: dict[str, dict[str, Any]] = {
        "code": {"rich_text": text("x"), "language": "python"},
        "equation": {"expression": "x"},
        "embed": {"url": "https://example.com"},
        "table": {"table_width": 1, "children": [{"table_row": {"cells": [text("x")]}}]},
        "divider": {},
        "breadcrumb": {},
        "table_of_contents": {},
    }
    block = {"type": kind, kind: required.get(kind, {"rich_text": text("x")})}
    made = emulator.ask("PATCH", f"blocks/{page['id']}/children", {"children": [block]})
    assert made.status == 200, made.body
    read = emulator.ask("GET", f"blocks/{page['id']}/children?page_size=100").json()
    results = read.pop("results")
    assert misfits(read, SHAPES["children"]) == []
    assert misfits(results[-1], SHAPES["blocks"][kind]) == []


def test_an_append_after_a_block_answers_with_all_that_follows(
    emulator: Emulator, page: dict[str, Any]
) -> None:
    """New blocks come first, then every later sibling, as recorded."""
    first = emulator.ask("GET", f"blocks/{page['id']}/children").json()["results"][0]["id"]
    answer = emulator.ask(
        "PATCH",
        f"blocks/{page['id']}/children",
        {
            "children": [paragraph("new 1"), paragraph("new 2")],
            "position": {"type": "after_block", "after_block": {"id": first}},
        },
    ).json()
    results = answer.pop("results")
    assert misfits(answer, SHAPES["append"]) == []
    words = [block["paragraph"]["rich_text"][0]["plain_text"] for block in results]
    assert words == ["new 1", "new 2", "two", "three"]


@pytest.mark.parametrize(
    ("position", "order"),
    [
        (None, ["one", "two", "three", "new"]),
        ({"type": "end"}, ["one", "two", "three", "new"]),
        ({"type": "start"}, ["new", "one", "two", "three"]),
    ],
)
def test_an_append_lands_where_it_is_asked_to(
    emulator: Emulator, page: dict[str, Any], position: object, order: list[str]
) -> None:
    """Start, end and no position mean what they say."""
    body: dict[str, Any] = {"children": [paragraph("new")]} | ({"position": position} if position else {})
    assert emulator.ask("PATCH", f"blocks/{page['id']}/children", body).status == 200
    assert [block["text"] for block in emulator.dump()[0]["blocks"]] == order


def test_changed_and_deleted_blocks_read_as_recorded(emulator: Emulator, page: dict[str, Any]) -> None:
    """Update keeps the id; delete answers with the block in the trash, and the listing no longer has it."""
    block = emulator.ask("GET", f"blocks/{page['id']}/children").json()["results"][0]["id"]
    changed = emulator.ask("PATCH", f"blocks/{block}", {"paragraph": {"rich_text": text("new")}}).json()
    assert misfits(changed, SHAPES["block_update"]) == []
    assert (changed["id"], changed["paragraph"]["rich_text"][0]["plain_text"]) == (block, "new")
    gone = emulator.ask("DELETE", f"blocks/{block}").json()
    assert misfits(gone, SHAPES["block_delete"]) == []
    assert gone["in_trash"] is True
    left = emulator.ask("GET", f"blocks/{page['id']}/children").json()["results"]
    assert block not in [other["id"] for other in left]


def test_a_page_is_trashed_as_a_block_too(emulator: Emulator, page: dict[str, Any]) -> None:
    """DELETE on a page's id answers with the page as a child_page in the trash."""
    gone = emulator.ask("DELETE", f"blocks/{page['id']}").json()
    expected = {**SHAPES["trashed_page_as_block"], "parent": "null"}
    assert misfits({**gone, "parent": None}, expected) == []
    assert emulator.ask("GET", f"pages/{page['id']}").json()["in_trash"] is True


def test_databases_and_data_sources_read_as_recorded(emulator: Emulator, source: str) -> None:
    """A database and its data source have the recorded keys; a database's times carry milliseconds."""
    ws = emulator.workspace
    body = {
        "parent": {"type": "page_id", "page_id": ws.root},
        "title": text("DB"),
        "initial_data_source": {"properties": {"Title": {"type": "title", "title": {}}}},
    }
    made = emulator.ask("POST", "databases", body).json()
    assert misfits(made, SHAPES["database"]) == []
    assert made["created_time"] == "2026-01-10T14:30:59.123+00:00"
    recorded = SHAPES["data_source"]["properties"]
    columns: dict[str, Any] = {kind: {kind: {}} for kind in recorded if kind != "title"}
    assert emulator.ask("PATCH", f"data_sources/{source}", {"properties": columns}).status == 200
    read = emulator.ask("GET", f"data_sources/{source}").json()
    read["properties"] = {value["type"]: value for value in read["properties"].values()}
    assert misfits(read, SHAPES["data_source"]) == []


def test_options_read_as_recorded(emulator: Emulator, source: str, page: dict[str, Any]) -> None:
    """Chosen options carry id, name and colour; an unknown one was made on the way."""
    columns: dict[str, Any] = {"S": {"select": {}}, "M": {"multi_select": {}}}
    emulator.ask("PATCH", f"data_sources/{source}", {"properties": columns})
    values = {
        "S": {"select": {"name": "Blocked", "color": "red"}},
        "M": {"multi_select": [{"name": "Option 1"}]},
    }
    answer = by_type(emulator.ask("PATCH", f"pages/{page['id']}", {"properties": values}).json())
    for kind in ("select", "multi_select"):
        assert misfits(answer["properties"][kind], SHAPES["options"][kind]) == []
    assert answer["properties"]["select"]["select"]["color"] == "red"


def test_comments_read_as_recorded(emulator: Emulator, page: dict[str, Any]) -> None:
    """A comment and the list of comments have the recorded keys; a reply joins its discussion."""
    body = {"parent": {"page_id": page["id"]}, "rich_text": text("This is a test comment.")}
    made = emulator.ask("POST", "comments", body).json()
    assert misfits(made, SHAPES["comment"]) == []
    reply = emulator.ask(
        "POST", "comments", {"discussion_id": made["discussion_id"], "rich_text": text("yes")}
    )
    assert reply.json()["discussion_id"] == made["discussion_id"]
    listed = emulator.ask("GET", f"comments?block_id={page['id']}").json()
    assert misfits(listed, SHAPES["comments"]) == []
    assert len(listed["results"]) == 2


def test_views_read_as_recorded(emulator: Emulator, source: str) -> None:
    """A view has the recorded keys; the listing has stubs only."""
    database = emulator.workspace.data_sources[source].database
    body = {"database_id": database, "data_source_id": source, "name": "V", "type": "table"}
    made = emulator.ask("POST", "views", body).json()
    assert misfits(made, SHAPES["view"]) == []
    stubs = emulator.ask("GET", f"views?database_id={database}").json()["results"]
    assert stubs == [{"object": "view", "id": made["id"]}]


def test_refusals_read_as_recorded(emulator: Emulator, source: str) -> None:
    """Error bodies have the recorded keys and the recorded words."""
    texts = SHAPES["error_texts"]
    absent = "7855b161-f63e-4683-b7c7-8ca6e97ee266"
    lost = emulator.ask("GET", f"pages/{absent}")
    assert (lost.status, misfits(lost.json(), SHAPES["error_404"])) == (404, [])
    assert lost.json()["message"] == texts["page"].format(id=absent, connection="AI Traces")
    malformed = emulator.ask("GET", "pages/12345678-1234-1234-1234-123456789abc")
    assert (malformed.status, misfits(malformed.json(), SHAPES["error_400"])) == (400, [])
    assert malformed.json()["message"] == texts["path_uuid"]
    assert emulator.ask("GET", "invalid").json()["message"] == texts["url"]
    user = emulator.ask("GET", f"users/{absent}").json()
    assert user["message"] == texts["user"].format(id=absent)
    parent = {"data_source_id": source}
    unknown = emulator.ask("POST", "pages", {"parent": parent, "properties": {"Foo": {"rich_text": []}}})
    assert unknown.json()["message"] == texts["unknown_property"]
    emulator.access.token = None
    assert emulator.ask("GET", "users/me").json()["message"] == texts["unauthorized"]


def test_the_words_of_a_text_that_is_too_long(emulator: Emulator, source: str) -> None:
    """The refusal names the place, the limit and the length in UTF-16 units, as users report it."""
    code = {"rich_text": [*text("a"), *text("b"), *text("😀" + "x" * 1999)], "language": "bash"}
    body = {"parent": {"data_source_id": source}, "children": [{"type": "code", "code": code}]}
    assert emulator.ask("POST", "pages", body).json()["message"] == SHAPES["error_texts"]["too_long"]


def test_every_answer_carries_its_request_id(emulator: Emulator) -> None:
    """Notion's own answers have the request id in body and header, and a cf-ray."""
    answer = emulator.ask("GET", "users/me")
    assert answer.headers["x-notion-request-id"] == answer.json()["request_id"]
    assert re.fullmatch(r"[0-9a-f]{16}-EMU", answer.headers["cf-ray"])
