"""Every limit on a page's body in the built-in Notion: the last that fits, the first that does not."""

from typing import Any

import pytest

from sync.notion.emulator import Emulator, HttpRequest
from sync.notion.emulator.rules.languages import LANGUAGES
from tests.worlds.emulated import notion_with
from tests.worlds.request_blocks import block, bullets, status, table, text


@pytest.fixture
def emulator() -> Emulator:
    """An emulator with an empty table."""
    return notion_with()


FITS: dict[str, Any] = {
    "text": [block("paragraph", "x" * 2000)],
    "text in UTF-16": [block("paragraph", "😀" * 1000)],
    "runs": [{"paragraph": {"rich_text": text("x") * 100}}],
    "blocks": [block("paragraph")] * 100,
    "no blocks": [],
    "children": [block("quote", children=[block("paragraph")] * 100)],
    "elements": [block("toggle", children=[block("paragraph")] * 99)] * 10,
    "depth": [bullets(2)],
    "table": [table(2, 2, 2)],
    "table below": [block("toggle", children=[table(1, 1)])],
    "link": [{"paragraph": {"rich_text": text("x", link={"url": "https://a.b/" + "x" * 1988})}}],
    "expression": [{"equation": {"expression": "x" * 1000}}],
    "toggle heading": [block("heading_2", is_toggleable=True, children=[block("paragraph")])],
    "empty children": [block("paragraph", children=[])],
    "plain_text": [{"paragraph": {"rich_text": [{"text": {"content": "x"}, "plain_text": "x"}]}}],
    "mail": [{"paragraph": {"rich_text": text("x", link={"url": "mailto:a@b.c"})}}],
}
OVER: dict[str, Any] = {
    "text": [block("paragraph", "x" * 2001)],
    "text in UTF-16": [block("paragraph", "😀" * 1000 + "x")],
    "runs": [{"paragraph": {"rich_text": text("x") * 101}}],
    "blocks": [block("paragraph")] * 101,
    "children": [block("quote", children=[block("paragraph")] * 101)],
    "elements": [block("toggle", children=[block("paragraph")] * 99)] * 10 + [block("paragraph")],
    "depth": [bullets(3)],
    "empty children too deep": [
        block("quote", children=[block("quote", children=[block("quote", children=[])])])
    ],
    "table without rows": [table(2)],
    "row too short": [table(2, 2, 1)],
    "row too long": [table(2, 3)],
    "table too deep": [block("toggle", children=[block("toggle", children=[table(1, 1)])])],
    "row without table": [{"table_row": {"cells": [text("x")]}}],
    "paragraph in a table": [{"table": {"table_width": 1, "children": [block("paragraph")]}}],
    "width 0": [{"table": {"table_width": 0, "children": [{"table_row": {"cells": []}}]}}],
    "link": [{"paragraph": {"rich_text": text("x", link={"url": "https://a.b/" + "x" * 1989})}}],
    "script link": [{"paragraph": {"rich_text": text("x", link={"url": "javascript:alert(1)"})}}],
    "relative link": [{"paragraph": {"rich_text": text("x", link={"url": "docs/a.md"})}}],
    "link of a type": [{"paragraph": {"rich_text": text("x", link={"type": "url", "url": "https://a.b"})}}],
    "link to port 0": [{"paragraph": {"rich_text": text("x", link={"url": "https://a.b:0/"})}}],
    "link to no port": [{"paragraph": {"rich_text": text("x", link={"url": "https://a.b:99999/"})}}],
    "link to an empty label": [{"paragraph": {"rich_text": text("x", link={"url": "https://a..b/"})}}],
    "expression": [{"equation": {"expression": "x" * 1001}}],
    "language": [block("code", language="zig")],
    "no language": [block("code")],
    "children of code": [block("code", language="bash", children=[])],
    "children of a divider": [{"divider": {"children": []}}],
    "children of a plain heading": [block("heading_2", children=[block("paragraph")])],
    "colour": [block("paragraph", color="magenta")],
    "unknown key": [block("paragraph", checked=True)],
    "read-only key": [{**block("paragraph"), "id": "x"}],
    "href": [{"paragraph": {"rich_text": [{"text": {"content": "x"}, "href": None}]}}],
    "two types": [{**block("paragraph"), **block("quote")}],
    "wrong type": [{"type": "quote", "paragraph": {"rich_text": []}}],
    "unknown type": [block("heading_7")],
    "no emoji": [block("callout", icon={"type": "emoji", "emoji": "x"})],
    "NUL": [block("paragraph", "a\0b")],
    "not a list": block("paragraph"),
    "null colour": [block("paragraph", color=None)],
    "null content": [{"paragraph": None}],
    "annotation": [{"paragraph": {"rich_text": [{"text": {"content": "x"}, "annotations": {"bold": 1}}]}}],
}


@pytest.mark.parametrize("case", FITS)
def test_what_just_fits_is_taken(emulator: Emulator, case: str) -> None:
    """A body at the limit makes the page."""
    assert status(emulator, children=FITS[case]) == 200


@pytest.mark.parametrize("case", OVER)
def test_what_is_over_is_refused_whole(emulator: Emulator, case: str) -> None:
    """A body over the limit makes nothing: no page, no block."""
    assert status(emulator, children=OVER[case]) == 400


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_of_the_list_is_taken(emulator: Emulator, language: str) -> None:
    """The closed list of languages is whole."""
    assert status(emulator, children=[block("code", language=language)]) == 200


@pytest.mark.parametrize(
    ("emoji", "fits"),
    [
        ("✅", 1),
        ("⚠️", 1),
        ("👩‍💻", 1),
        ("🇨🇭", 1),
        ("1️⃣", 1),
        ("✅✅", 0),
        ("中", 0),
        ("a", 0),
        ("", 0),
        ("‍", 0),
    ],
)
def test_an_icon_is_one_emoji(emulator: Emulator, emoji: str, fits: int) -> None:
    """Joined, coloured and flag emojis are one; two, a letter or nothing is none."""
    source = next(iter(emulator.workspace.data_sources))
    body = {"parent": {"data_source_id": source}, "icon": {"type": "emoji", "emoji": emoji}}
    assert emulator.ask("POST", "pages", body).status == (200 if fits else 400)


def test_a_body_over_the_edge_s_limit_never_reaches_notion(emulator: Emulator) -> None:
    """500,000 bytes pass, one more gets the edge's 413: HTML, no request id."""
    head = {
        "authorization": f"Bearer {emulator.access.token}",
        "notion-version": "2026-03-11",
        "content-type": "application/json",
    }
    for extra, expected in ((0, 400), (1, 413)):
        body = b"{" + b" " * (500_000 - 2 + extra) + b"}"
        answer = emulator.handle(HttpRequest("POST", "/v1/pages", "", head, body)).response
        assert answer is not None
        assert answer.status == expected
        assert ("x-notion-request-id" in answer.headers) == (expected == 400)
