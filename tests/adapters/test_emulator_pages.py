"""What people see of the built-in Notion: everything that is there, and nothing that a log could inject."""

import re
from typing import Any, TypeAlias

import pytest

from sync.notion.emulator import Emulator
from sync.notion.emulator.screens.pages import Pages

Json: TypeAlias = Any
"""Any JSON value; what a test picks from it says what it expects."""


HOSTILE = "<script>alert(1)</script>\" onload='x' {{ 7 * 7 }} &amp;"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;&#34; onload=&#39;x&#39; {{ 7 * 7 }} &amp;amp;"


def text(content: str, **more: Json) -> list[dict[str, Any]]:
    """Return rich text of one run."""
    return [{"text": {"content": content}, **more}]


@pytest.fixture
def emulator() -> Emulator:
    """An emulator with three traces, one of them hostile."""
    made = Emulator()
    made.create_database(
        properties={
            "Name": {"title": {}},
            "Type": {"select": {}},
            "Timestamp": {"date": {}},
            "Outcome": {"select": {}},
            "Severity": {"select": {}},
            "Summary": {"rich_text": {}},
            "Tools": {"multi_select": {}},
            "Format Warnings": {"rich_text": {}},
        }
    )
    for title, kind, when, verdict in (
        ("T-1", "Execution", "2026-01-10T14:30:00+02:00", "Success"),
        ("T-2", "Exception", "2026-01-10T13:00:00Z", "critical"),
        (HOSTILE, "Execution", "2026-01-09", "Failed"),
    ):
        properties = {
            "Name": {"title": text(title)},
            "Type": {"select": {"name": kind}},
            "Timestamp": {"date": {"start": when}},
            "Outcome" if kind == "Execution" else "Severity": {"select": {"name": verdict}},
            "Summary": {"rich_text": text(f"About {title}")},
            "Tools": {"multi_select": [{"name": "git"}, {"name": "Bash"}]},
            "Format Warnings": {"rich_text": text("1:1 a\n2:1 b")},
        }
        source = next(iter(made.workspace.data_sources))
        answer = made.ask("POST", "pages", {"parent": {"data_source_id": source}, "properties": properties})
        assert answer.status == 200, answer.body
    return made


def shown(emulator: Emulator, path: str, query: str = "", *, status: int = 200) -> str:
    """Return the HTML of a page."""
    answer = Pages(emulator).answer("GET", path, query)
    assert answer.status == status
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    return answer.body.decode()


def order(page: str) -> list[str]:
    """Return the titles of a table in order."""
    return re.findall(r"<b>(T-\d|&lt;script)", page)


def test_the_table_shows_every_trace_newest_first(emulator: Emulator) -> None:
    """Rows are ordered by the moment they are about, whatever its offset; trashed ones are not shown."""
    assert order(shown(emulator, "/")) == ["T-2", "T-1", "&lt;script"]
    emulator.human.trash_page(next(page["id"] for page in emulator.dump() if page["title"] == "T-2"))
    assert order(shown(emulator, "/")) == ["T-1", "&lt;script"]


def test_the_table_is_filtered_by_type_and_text(emulator: Emulator) -> None:
    """Type and words narrow the rows; what is searched for stays in the box, escaped."""
    assert order(shown(emulator, "/", "type=Exception")) == ["T-2"]
    assert order(shown(emulator, "/", "q=about+t-1+GIT")) == ["T-1"]
    nothing = shown(emulator, "/", "q=%22%3E%3Cscript%3E")
    assert "Nothing matches." in nothing
    assert 'value="&#34;&gt;&lt;script&gt;"' in nothing


def test_nothing_of_a_log_becomes_markup(emulator: Emulator) -> None:
    """Hostile text shows as the text it is, in the table and on its page."""
    page = next(page["id"] for page in emulator.dump() if page["title"] == HOSTILE)
    emulator.human.add_block(page, HOSTILE)
    emulator.human.comment(page, HOSTILE)
    for html in (shown(emulator, "/"), shown(emulator, f"/trace/{page}")):
        assert ESCAPED in html
        assert "<script>alert" not in html


def test_a_trace_shows_all_its_blocks(emulator: Emulator) -> None:
    """Every block's text is on the page in the order of the body, lists as lists and tables as tables."""
    page = emulator.dump()[0]["id"]
    bullet = {"rich_text": text("bullet"), "children": [{"numbered_list_item": {"rich_text": text("below")}}]}
    children: list[dict[str, Any]] = [
        {"heading_2": {"rich_text": text("heading")}},
        {"bulleted_list_item": bullet},
        {"to_do": {"rich_text": text("todo"), "checked": True}},
        {"quote": {"rich_text": text("quoted")}},
        {"callout": {"rich_text": text("boxed")}},
        {"code": {"rich_text": text("  coded\n\tlines"), "language": "bash"}},
        {"divider": {}},
        {
            "table": {
                "table_width": 1,
                "has_column_header": True,
                "children": [{"table_row": {"cells": [text("cell")]}}],
            }
        },
        {
            "toggle": {
                "rich_text": text("toggled"),
                "children": [{"paragraph": {"rich_text": text("hidden")}}],
            }
        },
        {"equation": {"expression": "a^2"}},
        {"paragraph": {"rich_text": text("linked", annotations={"bold": True})}},
    ]
    children[-1]["paragraph"]["rich_text"][0]["text"]["link"] = {"url": "https://example.com"}
    assert emulator.ask("PATCH", f"blocks/{page}/children", {"children": children}).status == 200
    html = shown(emulator, f"/trace/{page}")
    words = [
        "heading",
        "bullet",
        "below",
        "todo",
        "quoted",
        "boxed",
        "coded\n\tlines",
        "cell",
        "toggled",
        "hidden",
        "a^2",
        "linked",
    ]
    places = [
        html.index(f">{word}<" if word == "cell" else word, html.index('class="body"')) for word in words
    ]
    assert places == sorted(places)
    assert "<th>cell</th>" in html
    assert '<a href="https://example.com" rel="noreferrer" class="bold">linked</a>' in html
    assert "💡" in html


def test_only_web_and_mail_addresses_are_links(emulator: Emulator) -> None:
    """A script behind a link, however it came there, stays text."""
    page = emulator.dump()[0]["id"]
    run = {"plain_text": "press", "annotations": {}, "href": "javascript:alert(1)"}
    emulator.human.add_raw_block(page, "paragraph", {"rich_text": [run]})
    html = shown(emulator, f"/trace/{page}")
    assert "press" in html
    assert "javascript:" not in html


def test_what_is_not_there_is_404(emulator: Emulator) -> None:
    """A strange path is a friendly 404; nothing is written here."""
    shown(emulator, "/trace/nope", status=404)
    assert Pages(emulator).answer("POST", "/", "").status == 405


def test_an_empty_database_says_what_to_do() -> None:
    """Without traces the page says how one appears."""
    emulator = Emulator()
    emulator.create_database()
    assert "No traces yet" in shown(emulator, "/")
