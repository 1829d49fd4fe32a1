"""No text is lost or changed in the built-in Notion."""

from itertools import pairwise
from typing import Any, TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from sync.notion.emulator import Emulator

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
