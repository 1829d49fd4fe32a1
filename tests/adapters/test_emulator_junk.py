"""No request brings the built-in Notion down."""

import json
from collections.abc import Iterator
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.notion.emulator import Emulator, HttpRequest

Json: TypeAlias = Any
"""Any JSON value; what a test picks from it says what it expects."""

WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
JUNK: tuple[Any, ...] = (None, 0, 1.5, "x", [1], {"a": 1}, [[]], [{}], {"type": []}, {"id": {}})


def positions(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value inside a body, its own first."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from positions(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from positions(inner, (*path, place))


def replaced(value: Json, path: tuple[Any, ...], junk: object) -> Json:
    """Return a body with one value inside it replaced."""
    if not path:
        return junk
    if isinstance(value, dict):
        return {
            key: replaced(inner, path[1:], junk) if key == path[0] else inner for key, inner in value.items()
        }
    return [
        replaced(inner, path[1:], junk) if place == path[0] else inner for place, inner in enumerate(value)
    ]


def with_a_page() -> Emulator:
    """Return an emulator with one page of one block."""
    emulator = Emulator()
    columns = {"Name": "title", "S": "select", "M": "multi_select", "D": "date", "C": "checkbox"}
    emulator.create_database(properties={name: {kind: {}} for name, kind in columns.items()})
    source = next(iter(emulator.workspace.data_sources))
    seed = {"parent": {"data_source_id": source}, "children": [{"paragraph": {"rich_text": []}}]}
    assert emulator.ask("POST", "pages", seed).status == 200
    return emulator


VALID: list[tuple[str, str, dict[str, Any]]] = [
    (
        "POST",
        "pages",
        {
            "parent": {"type": "data_source_id", "data_source_id": "SOURCE"},
            "icon": {"type": "emoji", "emoji": "✅"},
            "properties": {
                "Name": {"title": [{"text": {"content": "x"}}]},
                "S": {"select": {"name": "a"}},
                "M": {"multi_select": [{"name": "a"}]},
                "D": {"date": {"start": "2026-01-10"}},
                "C": {"checkbox": True},
            },
            "children": [
                {
                    "object": "block",
                    "type": "to_do",
                    "to_do": {
                        "rich_text": [
                            {"type": "text", "text": {"content": "x", "link": {"url": "https://a.b"}}}
                        ],
                        "checked": False,
                        "children": [{"code": {"rich_text": [], "language": "bash"}}],
                    },
                },
                {"table": {"table_width": 1, "children": [{"table_row": {"cells": [[]]}}]}},
                {"file": {"type": "external", "external": {"url": "https://a.b/c.txt"}, "name": "c.txt"}},
            ],
        },
    ),
    (
        "POST",
        "data_sources/SOURCE/query",
        {
            "filter": {"and": [{"property": "S", "select": {"equals": "a"}}, {"or": []}]},
            "sorts": [{"property": "D", "direction": "ascending"}],
            "page_size": 5,
        },
    ),
    (
        "PATCH",
        "data_sources/SOURCE",
        {
            "title": [{"text": {"content": "x"}}],
            "properties": {
                "S": {"name": "T", "select": {"options": [{"name": "b", "color": "red"}]}},
                "New": {"status": {}},
            },
        },
    ),
    (
        "PATCH",
        "blocks/PAGE/children",
        {"children": [{"divider": {}}], "position": {"type": "after_block", "after_block": {"id": "BLOCK"}}},
    ),
    (
        "PATCH",
        "blocks/BLOCK",
        {"type": "paragraph", "paragraph": {"rich_text": [], "color": "red"}, "in_trash": False},
    ),
    ("POST", "comments", {"parent": {"block_id": "BLOCK"}, "rich_text": [{"text": {"content": "x"}}]}),
    (
        "POST",
        "views",
        {
            "database_id": "DATABASE",
            "data_source_id": "SOURCE",
            "name": "V",
            "type": "board",
            "configuration": {
                "type": "board",
                "group_by": {
                    "type": "title",
                    "property_id": "title",
                    "group_by": "exact",
                    "sort": {"type": "manual"},
                },
            },
        },
    ),
    ("POST", "file_uploads", {"mode": "single_part", "filename": "a.txt", "content_type": "text/plain"}),
]


def filled(text: str, emulator: Emulator) -> str:
    """Put true ids in place of the names."""
    database = next(iter(emulator.workspace.databases))
    page = emulator.dump()[0]
    names = {
        "SOURCE": next(iter(emulator.workspace.data_sources)),
        "PAGE": page["id"],
        "BLOCK": page["blocks"][0]["id"],
        "DATABASE": database,
    }
    for name, identity in names.items():
        text = text.replace(name, identity)
    return text


@pytest.mark.parametrize("valid", VALID, ids=lambda valid: f"{valid[0]} {valid[1]}")
def test_no_value_in_a_body_brings_it_down(valid: tuple[str, str, dict[str, Any]]) -> None:
    """With one value of a good body replaced by junk the answer is Notion's own; the good body is taken."""
    method, where, body = valid
    emulator = with_a_page()
    assert (
        emulator.ask(method, filled(where, emulator), json.loads(filled(json.dumps(body), emulator))).status
        == 200
    )
    for position in positions(body):
        for junk in JUNK:
            emulator = with_a_page()
            spoiled = replaced(body, position, junk)
            sent = json.loads(filled(json.dumps(spoiled), emulator))
            answer = emulator.ask(method, filled(where, emulator), sent)
            assert answer.status in {200, 400, 404}, (position, junk)
            assert emulator.dump()


@given(st.binary(max_size=60), st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT"]), WORDS)
def test_no_bytes_bring_it_down(body: bytes, method: str, path: str) -> None:
    """Any method, path and bytes are answered."""
    emulator = Emulator()
    head = {
        "authorization": "Bearer ntn_emulator",
        "notion-version": "2026-03-11",
        "content-type": "application/json",
    }
    for where in (f"/v1/{path}", "/v1/pages", "/v1/data_sources/x/query"):
        outcome = emulator.handle(HttpRequest(method, where, "page_size=x&start_cursor=", head, body))
        assert outcome.response is not None
        assert outcome.response.status in {400, 404}
