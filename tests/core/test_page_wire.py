from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.page.blocks import (
    Attachment,
    Block,
    Bullet,
    Callout,
    Code,
    Divider,
    Heading,
    Numbered,
    Paragraph,
    Quote,
    Run,
    Style,
    Table,
    TableRow,
    ToDo,
    children,
)
from sync.page.fingerprint import fingerprint, kind
from sync.page.limits import MAX_TEXT, utf16_length
from sync.page.richtext import normalised
from sync.page.wire import decode_block, decode_rich_text, encode_block, encode_rich_text, encode_update

styles = st.builds(
    Style, bold=st.booleans(), italic=st.booleans(), strikethrough=st.booleans(), code=st.booleans()
)
words = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8), st.just("👩\u200d💻 x" * 900)
)
runs = st.builds(Run, words, styles, st.sampled_from([None, "https://example.com/a", "mailto:a@example.com"]))
texts = st.lists(runs, max_size=6).map(normalised)
rows = st.builds(TableRow, st.tuples(texts, texts))


def with_children(below: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    """Make blocks that hold others."""
    inside = st.lists(below, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Paragraph, texts, inside, st.booleans()),
        st.builds(Bullet, texts, inside),
        st.builds(Numbered, texts, inside),
        st.builds(ToDo, texts, st.booleans(), inside),
        st.builds(Quote, texts, inside),
        st.builds(Callout, texts, st.just("⚠️"), inside),
    )


leaves = st.one_of(
    st.builds(Heading, st.integers(1, 4), texts),
    st.builds(Code, texts, st.sampled_from(["python", "plain text"])),
    st.just(Divider()),
    rows,
    st.builds(Table, st.just(2), st.lists(rows, min_size=1, max_size=3).map(tuple)),
)
blocks = st.recursive(leaves, with_children, max_leaves=6)


def answered(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return a block as Notion answers it: defaults filled in, equal neighbours merged, no children."""
    name = payload["type"]
    content = {field: value for field, value in payload[name].items() if field != "children"}
    if "rich_text" in content:
        content["rich_text"] = answered_text(content["rich_text"])
    if "cells" in content:
        content["cells"] = [answered_text(cell) for cell in content["cells"]]
    defaults: dict[str, Any] = (
        {} if name in {"divider", "table", "table_row", "code"} else {"color": "default"}
    )
    if name == "code":
        defaults = {"caption": []}
    return {"object": "block", "id": "b", "has_children": False, "type": name, name: {**defaults, **content}}


def answered_text(items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rich text as Notion answers it: `[2000, 1]` comes back as one item of 2,001."""
    merged: list[dict[str, Any]] = []
    for item in items:
        looks = dict.fromkeys(("bold", "italic", "strikethrough", "underline", "code"), False)
        looks |= item.get("annotations", {})
        content, link = item["text"]["content"], item["text"].get("link")
        last = merged[-1] if merged else None
        if last and last["annotations"] == {**looks, "color": "default"} and last["text"]["link"] == link:
            last["text"]["content"] += content
        else:
            merged.append(
                {
                    "type": "text",
                    "text": {"content": content, "link": link},
                    "annotations": {**looks, "color": "default"},
                    "plain_text": content,
                    "href": link and link["url"],
                }
            )
    return merged


def own(block: Block) -> Block:
    """Return a block without what is below it."""
    match block:
        case Table():
            return Table(block.width, ())
        case Paragraph():
            return Paragraph(block.text, muted=block.muted)
        case ToDo():
            return ToDo(block.text, block.checked)
        case Callout():
            return Callout(block.text, block.icon)
        case Bullet() | Numbered() | Quote():
            return type(block)(block.text)
        case Heading() | Code() | Divider() | TableRow() | Attachment():
            return block


@given(blocks)
def test_what_notion_answers_is_what_we_sent(block: Block) -> None:
    """A block read back equals the one written, in value, kind and fingerprint."""
    back = decode_block(answered(encode_block(block)))
    assert back == own(block)
    assert back is not None
    assert (kind(back), fingerprint(back)) == (kind(block), fingerprint(block))


@given(blocks)
def test_items_fit(block: Block) -> None:
    """No text item is longer than Notion takes, and none is empty."""
    for item in all_items(encode_block(block)):
        assert 0 < utf16_length(item["text"]["content"]) <= MAX_TEXT
        assert item.keys() <= {"type", "text", "annotations"}
        assert item["text"].get("link", {"url": ""}) is not None
        assert all(item.get("annotations", {"bold": True}).values())


def all_items(payload: object) -> list[Any]:
    """Return every rich text item in a request."""
    match payload:
        case {"text": {"content": str()}}:
            return [payload]
        case dict():
            return [item for value in payload.values() for item in all_items(value)]
        case list():
            return [item for value in payload for item in all_items(value)]
        case _:
            return []


@given(blocks)
def test_children_travel_nested(block: Block) -> None:
    """Children are inside their parent's content, in order; without any the field is left out."""
    payload = encode_block(block)
    below = payload[payload["type"]].get("children", [])
    assert below == [encode_block(child) for child in children(block)]
    assert ("children" in payload[payload["type"]]) == bool(children(block))


@given(blocks)
def test_an_update_never_touches_children(block: Block) -> None:
    """An update holds the block's own content only; a table's width cannot be changed."""
    payload = encode_update(block)
    content = payload[payload["type"]]
    assert payload.keys() == {"type", payload["type"]}
    assert not content.keys() & {"children", "table_width"}


@given(blocks)
def test_an_update_makes_the_block_equal(block: Block) -> None:
    """A block of the same kind, whatever was on it, equals ours after the update."""
    payload = encode_update(block)
    name = payload["type"]
    there = {"color": "red", "table_width": 2, "language": "go", "checked": True}
    back = decode_block(answered({"type": name, name: {**there, **payload[name]}}))
    assert back is not None
    assert fingerprint(back) == fingerprint(block)


@given(blocks, blocks)
def test_fingerprints_tell_blocks_apart(one: Block, other: Block) -> None:
    """Two blocks have the same fingerprint exactly when they look the same."""
    assert (fingerprint(one) == fingerprint(other)) == (own(one) == own(other))


def test_cutting_runs_does_not_change_the_fingerprint() -> None:
    """Runs that a reader cannot tell apart are one."""
    assert fingerprint(Paragraph((Run("a"), Run(""), Run("b")))) == fingerprint(Paragraph((Run("ab"),)))


def test_kinds_are_stable() -> None:
    """The state store keeps these words."""
    table = Table(3, (TableRow(((), (), ())),))
    samples = (Paragraph(()), Heading(4, ()), Bullet(()), Numbered(()), ToDo((), checked=False), Quote(()))
    others = (Callout((), "⚠️"), Code((), "go"), Divider(), table, table.rows[0])
    assert [kind(block) for block in (*samples, *others)] == [
        *("paragraph", "heading_4", "bulleted_list_item", "numbered_list_item", "to_do", "quote"),
        *("callout", "code", "divider", "table:3", "table_row"),
    ]
    assert fingerprint(Paragraph((Run("a"),))) == "e6000e36ea6c963da690"


def test_the_shape_of_a_block() -> None:
    """The JSON is the one that Notion's types ask for, with nothing that could be left out."""
    text = (Run("plain "), Run("bold", Style(bold=True), "https://example.com"))
    assert encode_block(Paragraph(text, (Divider(),), muted=True)) == {
        "object": "block",
        "type": "paragraph",
        "paragraph": {
            "rich_text": [
                {"type": "text", "text": {"content": "plain "}},
                {
                    "type": "text",
                    "text": {"content": "bold", "link": {"url": "https://example.com"}},
                    "annotations": {"bold": True},
                },
            ],
            "color": "gray",
            "children": [{"object": "block", "type": "divider", "divider": {}}],
        },
    }


def test_the_shape_of_a_table() -> None:
    """A table has its first row as header, and its rows travel with it."""
    assert encode_block(Table(1, (TableRow(((),)),))) == {
        "object": "block",
        "type": "table",
        "table": {
            "table_width": 1,
            "has_column_header": True,
            "has_row_header": False,
            "children": [{"object": "block", "type": "table_row", "table_row": {"cells": [[]]}}],
        },
    }


TEXT = {"type": "text", "text": {"content": "x", "link": None}}


@pytest.mark.parametrize(
    "payload",
    [
        {"object": "block", "id": "b"},
        {"type": "image", "image": {"type": "external", "external": {"url": "https://example.com/x.png"}}},
        {"type": "unsupported", "unsupported": {"block_type": "button"}},
        {"type": "toggle", "toggle": {"rich_text": [TEXT], "color": "default"}},
        {
            "type": "paragraph",
            "paragraph": {"rich_text": [{"type": "equation", "equation": {"expression": "x"}}]},
        },
        {
            "type": "paragraph",
            "paragraph": {"rich_text": [{"type": "mention", "mention": {}, "plain_text": "@J"}]},
        },
        {"type": "table_row", "table_row": {"cells": [[TEXT], [{"type": "mention", "mention": {}}]]}},
        {"type": "callout", "callout": {"rich_text": [TEXT], "icon": {"type": "external", "external": {}}}},
    ],
)
def test_what_we_never_write_is_told(payload: Mapping[str, Any]) -> None:
    """A block that we cannot have written is not mistaken for one of ours."""
    assert decode_block(payload) is None


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("paragraph", {"rich_text": [TEXT], "color": "pink"}),
        ("heading_1", {"rich_text": [TEXT], "color": "gray"}),
        ("paragraph", {"rich_text": [{**TEXT, "annotations": {"underline": True}}]}),
        ("paragraph", {"rich_text": [{**TEXT, "annotations": {"color": "red"}}]}),
        ("paragraph", {"rich_text": [{**TEXT, "annotations": {"color": "yellow_background"}}, TEXT]}),
    ],
)
def test_the_marks_of_a_reader_are_no_change(kind: str, content: Mapping[str, Any]) -> None:
    """What Jen colours, highlights or underlines says the same as before."""
    plain = {"rich_text": [TEXT] * len(content["rich_text"]), "color": "default"}
    marked, ours = decode_block({"type": kind, kind: content}), decode_block({"type": kind, kind: plain})
    assert marked is not None
    assert marked == ours


def test_what_belongs_to_jen_is_not_compared() -> None:
    """A caption or a toggle that she adds does not make a block differ from ours."""
    code = {"rich_text": [TEXT], "language": "go", "caption": [TEXT]}
    assert decode_block({"type": "code", "code": code}) == Code((Run("x"),), "go")
    heading = {"rich_text": [TEXT], "is_toggleable": True, "color": "default"}
    assert decode_block({"type": "heading_2", "heading_2": heading}) == Heading(2, (Run("x"),))


@given(texts)
def test_rich_text_survives(text: tuple[Run, ...]) -> None:
    """Text sent and read back is the same text."""
    assert decode_rich_text(answered_text(encode_rich_text(text))) == text
