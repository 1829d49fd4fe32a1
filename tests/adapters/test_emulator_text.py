"""No text is lost or changed in the built-in Notion, and no request brings it down."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.notion.emulator import Emulator, HttpRequest

Json: TypeAlias = Any
"""Any JSON value; what a test picks from it says what it expects."""


words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
flags = st.fixed_dictionaries(
    {}, optional={"bold": st.booleans(), "code": st.booleans(), "italic": st.booleans()}
)
links = st.none() | st.just({"url": "https://example.com/a"})
runs = st.lists(
    st.builds(
        lambda c, a, link: {"text": {"content": c, "link": link}, "annotations": a}, words, flags, links
    ),
    max_size=4,
)
leaves = st.one_of(
    st.builds(lambda r: {"code": {"rich_text": r, "language": "plain text"}}, runs),
    st.builds(lambda r: {"heading_3": {"rich_text": r}}, runs),
    st.builds(
        lambda rows: {
            "table": {"table_width": 2, "children": [{"table_row": {"cells": list(row)}} for row in rows]}
        },
        st.lists(st.tuples(runs, runs), min_size=1, max_size=2),
    ),
)
nests = st.sampled_from(
    ["paragraph", "bulleted_list_item", "numbered_list_item", "to_do", "quote", "callout"]
)


def nested(below: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return blocks that hold others."""
    return st.builds(
        lambda kind, r, children: {kind: {"rich_text": r, "children": children}},
        nests,
        runs,
        st.lists(below, max_size=3),
    )


bodies = st.lists(st.one_of(leaves, nested(leaves)), max_size=4)


def sent_text(block: dict[str, Any]) -> list[str]:
    """Return the text of a block and of all below it, as it was sent."""
    ((_, content),) = block.items()
    cells = [joined(cell) for cell in content["cells"]] if "cells" in content else []
    own = "\t".join(cells) if cells else joined(content.get("rich_text", []))
    return [own, *(text for child in content.get("children", []) for text in sent_text(child))]


def joined(rich_text: list[dict[str, Any]]) -> str:
    """Return the text of rich text as it was sent."""
    return "".join(item["text"]["content"] for item in rich_text)


def kept_text(block: dict[str, Any]) -> list[str]:
    """Return the text of a dumped block and of all below it."""
    return [block["text"], *(text for child in block["children"] for text in kept_text(child))]


def read_text(emulator: Emulator, parent: str) -> list[str]:
    """Return the text below a page or block, read through the API."""
    texts: list[str] = []
    for block in emulator.ask("GET", f"blocks/{parent}/children").json()["results"]:
        content = block[block["type"]]
        cells = ["".join(run["plain_text"] for run in cell) for cell in content.get("cells", [])]
        own = (
            "\t".join(cells) if cells else "".join(run["plain_text"] for run in content.get("rich_text", []))
        )
        texts.append(own)
        if block["has_children"]:
            texts += read_text(emulator, block["id"])
    return texts


def looks(rich_text: list[dict[str, Any]]) -> list[tuple[str, Any, Any]]:
    """Return each character with its look and link."""
    return [
        (
            char,
            sorted(key for key, on in item.get("annotations", {}).items() if on is True),
            (item["text"].get("link") or {}).get("url"),
        )
        for item in rich_text
        for char in item["text"]["content"]
    ]


@given(bodies)
def test_what_was_sent_is_what_is_read(blocks: list[dict[str, Any]]) -> None:
    """The dump and the API both give back the text of every block, in order, character for character."""
    emulator = Emulator()
    emulator.create_database()
    source = next(iter(emulator.workspace.data_sources))
    answer = emulator.ask("POST", "pages", {"parent": {"data_source_id": source}, "children": blocks})
    assert answer.status == 200, answer.body
    sent = [text for block in blocks for text in sent_text(block)]
    page = emulator.dump()[0]
    assert [text for block in page["blocks"] for text in kept_text(block)] == sent
    assert read_text(emulator, page["id"]) == sent


@given(runs)
def test_looks_survive_the_merging_of_runs(rich_text: list[dict[str, Any]]) -> None:
    """Equal neighbours come back as one run, no run is empty, and every character keeps its look."""
    emulator = Emulator()
    emulator.create_database()
    source = next(iter(emulator.workspace.data_sources))
    body = {"parent": {"data_source_id": source}, "children": [{"paragraph": {"rich_text": rich_text}}]}
    page = emulator.ask("POST", "pages", body).json()["id"]
    block = emulator.ask("GET", f"blocks/{page}/children").json()["results"][0]
    read = block["paragraph"]["rich_text"]
    assert looks(read) == looks(rich_text)
    assert all(run["plain_text"] for run in read)
    assert all((a["annotations"], a["href"]) != (b["annotations"], b["href"]) for a, b in pairwise(read))


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


@given(st.binary(max_size=60), st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT"]), words)
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
