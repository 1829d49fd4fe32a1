"""Every limit of the built-in Notion: the last value that fits, and the first that does not."""

from typing import Any, TypeAlias

import pytest

from sync.notion.emulator import Emulator, HttpRequest
from sync.notion.emulator.rules.languages import LANGUAGES

Json: TypeAlias = Any
"""Any JSON value; what a test picks from it says what it expects."""


def text(content: str, **more: Json) -> list[dict[str, Any]]:
    """Return rich text of one run."""
    return [{"text": {"content": content, **more}}]


def block(kind: str, content: str = "x", **more: Json) -> dict[str, Any]:
    """Return a block with text."""
    return {"type": kind, kind: {"rich_text": text(content), **more}}


def table(width: int, *rows: int) -> dict[str, Any]:
    """Return a table with rows of so many cells."""
    cells = [{"table_row": {"cells": [text("x")] * count}} for count in rows]
    return {"type": "table", "table": {"table_width": width, "children": cells}}


def bullets(depth: int) -> dict[str, Any]:
    """Return a bullet with so many levels below it."""
    if not depth:
        return block("bulleted_list_item")
    return block("bulleted_list_item", children=[bullets(depth - 1)])


@pytest.fixture
def emulator() -> Emulator:
    """An emulator with a column of every kind."""
    made = Emulator()
    made.create_database(
        properties={
            "Name": {"title": {}},
            "Text": {"rich_text": {}},
            "S": {"select": {}},
            "M": {"multi_select": {}},
            "St": {"status": {}},
            "D": {"date": {}},
            "C": {"checkbox": {}},
            "N": {"number": {}},
            "U": {"url": {}},
            "E": {"email": {}},
        }
    )
    return made


def status(emulator: Emulator, *, children: object = None, properties: object = None) -> int:
    """Make a page and return the status; what is refused must make nothing."""
    source = next(iter(emulator.workspace.data_sources))
    body: dict[str, Any] = {"parent": {"data_source_id": source}}
    if children is not None:
        body["children"] = children
    if properties is not None:
        body["properties"] = properties
    before = len(emulator.workspace.pages), len(emulator.workspace.blocks)
    answer = emulator.ask("POST", "pages", body)
    if answer.status != 200:
        assert before == (len(emulator.workspace.pages), len(emulator.workspace.blocks))
    return answer.status


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


TAKEN: dict[str, Any] = {
    "title": {"Name": {"title": text("x" * 2000) * 100}},
    "by id": {"title": {"title": text("x")}},
    "select": {"S": {"select": {"name": "x" * 100}}},
    "no select": {"S": {"select": None}},
    "options": {"M": {"multi_select": [{"name": str(n)} for n in range(100)]}},
    "status": {"St": {"status": {"name": "In progress"}}},
    "day": {"D": {"date": {"start": "2024-02-29"}}},
    "moment": {"D": {"date": {"start": "2026-01-10T14:30:00Z"}}},
    "zone": {"D": {"date": {"start": "2026-01-10T14:30:00", "time_zone": "Europe/Zurich"}}},
    "no date": {"D": {"date": None}},
    "url": {"U": {"url": "https://a.b/" + "x" * 1988}},
    "e-mail": {"E": {"email": "x" * 200}},
    "number": {"N": {"number": -1.5}},
}
REFUSED: dict[str, Any] = {
    "title": {"Name": {"title": text("x" * 2001)}},
    "runs": {"Text": {"rich_text": text("x") * 101}},
    "unknown": {"Nope": {"rich_text": []}},
    "other type": {"Text": {"select": {"name": "x"}}},
    "bare value": {"Text": "x"},
    "twice": {"Name": {"title": []}, "title": {"title": []}},
    "extra key": {"Text": {"rich_text": [], "name": "Text"}},
    "long option": {"S": {"select": {"name": "x" * 101}}},
    "comma": {"M": {"multi_select": [{"name": "a, b"}]}},
    "empty option": {"S": {"select": {"name": " "}}},
    "options": {"M": {"multi_select": [{"name": str(n)} for n in range(101)]}},
    "same option": {"M": {"multi_select": [{"name": "git"}, {"name": "Git"}]}},
    "null option": {"M": {"multi_select": [None]}},
    "new status": {"St": {"status": {"name": "Nope"}}},
    "bad day": {"D": {"date": {"start": "2025-02-29"}}},
    "bad moment": {"D": {"date": {"start": "2026-01-10 14:30"}}},
    "hour 25": {"D": {"date": {"start": "2026-01-10T25:30:00Z"}}},
    "offset and zone": {"D": {"date": {"start": "2026-01-10T14:30:00Z", "time_zone": "Europe/Zurich"}}},
    "bad zone": {"D": {"date": {"start": "2026-01-10T14:30:00", "time_zone": "Mars/Base"}}},
    "checkbox": {"C": {"checkbox": "true"}},
    "number": {"N": {"number": "1"}},
    "true number": {"N": {"number": True}},
    "url": {"U": {"url": "https://a.b/" + "x" * 1989}},
    "empty url": {"U": {"url": ""}},
    "e-mail": {"E": {"email": "x" * 201}},
}


@pytest.mark.parametrize("case", TAKEN)
def test_values_that_fit_are_taken(emulator: Emulator, case: str) -> None:
    """A property value at its limit makes the page."""
    assert status(emulator, properties=TAKEN[case]) == 200


@pytest.mark.parametrize("case", REFUSED)
def test_values_that_do_not_fit_are_refused(emulator: Emulator, case: str) -> None:
    """A property value over its limit makes nothing, not even an option."""
    source = next(iter(emulator.workspace.data_sources.values()))
    before = [dict(column.config) for column in source.properties]
    properties = {"S": {"select": {"name": "fresh"}}, **REFUSED[case]}
    assert status(emulator, properties=properties) == 400
    assert [dict(column.config) for column in source.properties] == before


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


PAGE_BODIES: dict[str, tuple[int, dict[str, Any]]] = {
    "archived": (400, {"archived": True}),
    "unknown key": (400, {"colour": "red"}),
    "template": (400, {"template": {"type": "none"}}),
    "cover": (400, {"cover": {"external": {"url": "https://a.b/c.png"}}}),
    "flag": (400, {"in_trash": "yes"}),
    "in_trash": (200, {"in_trash": True}),
    "icon off": (200, {"icon": None}),
}


@pytest.mark.parametrize("case", PAGE_BODIES)
def test_a_page_update_knows_its_keys(emulator: Emulator, case: str) -> None:
    """Keys of older versions and unknown ones are refused."""
    expected, body = PAGE_BODIES[case]
    assert status(emulator) == 200
    page = emulator.dump()[0]["id"]
    assert emulator.ask("PATCH", f"pages/{page}", body).status == expected


BLOCK_BODIES: dict[str, tuple[int, dict[str, Any]]] = {
    "text": (200, {"paragraph": {"rich_text": text("new")}}),
    "colour only": (200, {"paragraph": {"color": "red"}}),
    "other type": (400, {"quote": {"rich_text": text("new")}}),
    "type lie": (400, {"type": "quote", "paragraph": {"rich_text": text("new")}}),
    "children": (400, {"paragraph": {"rich_text": text("new"), "children": []}}),
    "archived": (400, {"archived": True}),
    "nothing": (400, {}),
    "too long": (400, {"paragraph": {"rich_text": text("x" * 2001)}}),
}


@pytest.mark.parametrize("case", BLOCK_BODIES)
def test_a_block_update_knows_its_keys(emulator: Emulator, case: str) -> None:
    """A block keeps its type, its children are not its content, and what is refused changes nothing."""
    expected, body = BLOCK_BODIES[case]
    assert status(emulator, children=[block("paragraph", "old")]) == 200
    made = emulator.dump()[0]["blocks"][0]["id"]
    assert emulator.ask("PATCH", f"blocks/{made}", body).status == expected
    if expected == 400:
        assert emulator.dump()[0]["blocks"][0]["text"] == "old"


def test_tables_keep_their_width(emulator: Emulator) -> None:
    """Rows are appended and changed only in the table's width, and the width itself never changes."""
    assert status(emulator, children=[table(2, 2)]) == 200
    made = emulator.dump()[0]["blocks"][0]
    row = made["children"][0]["id"]
    narrow, wide = ({"table_row": {"cells": [text("y")] * count}} for count in (1, 2))
    assert emulator.ask("PATCH", f"blocks/{made['id']}/children", {"children": [narrow]}).status == 400
    assert emulator.ask("PATCH", f"blocks/{made['id']}/children", {"children": [wide]}).status == 200
    assert emulator.ask("PATCH", f"blocks/{row}", narrow).status == 400
    assert emulator.ask("PATCH", f"blocks/{row}", wide).status == 200
    assert emulator.ask("PATCH", f"blocks/{made['id']}", {"table": {"table_width": 2}}).status == 400
    assert emulator.ask("PATCH", f"blocks/{made['id']}", {"table": {"has_row_header": True}}).status == 200


APPENDS: dict[str, tuple[int, dict[str, Any]]] = {
    "none": (400, {"children": []}),
    "after": (400, {"children": [block("paragraph")], "after": "9272e7a691ab4c50b5b9b28cc2f41f3d"}),
    "stranger": (
        400,
        {
            "children": [block("paragraph")],
            "position": {"type": "after_block", "after_block": {"id": "9272e7a691ab4c50b5b9b28cc2f41f3d"}},
        },
    ),
    "half a position": (400, {"children": [block("paragraph")], "position": {"type": "after_block"}}),
    "middle": (400, {"children": [block("paragraph")], "position": {"type": "middle"}}),
    "101": (400, {"children": [block("paragraph")] * 101}),
}


@pytest.mark.parametrize("case", APPENDS)
def test_an_append_knows_its_keys(emulator: Emulator, case: str) -> None:
    """Old keys, strange anchors and empty lists are refused, and nothing is appended."""
    expected, body = APPENDS[case]
    assert status(emulator) == 200
    page = emulator.dump()[0]["id"]
    assert emulator.ask("PATCH", f"blocks/{page}/children", body).status == expected
    assert emulator.dump()[0]["blocks"] == []


def test_nothing_is_appended_after_a_block_in_the_trash(emulator: Emulator) -> None:
    """An anchor that was trashed is no anchor."""
    assert status(emulator, children=[block("paragraph")]) == 200
    page = emulator.dump()[0]
    anchor = page["blocks"][0]["id"]
    emulator.human.delete_block(anchor)
    position = {"type": "after_block", "after_block": {"id": anchor}}
    body = {"children": [block("paragraph")], "position": position}
    assert emulator.ask("PATCH", f"blocks/{page['id']}/children", body).status == 400


def test_only_blocks_that_nest_take_children(emulator: Emulator) -> None:
    """An append below code, or below a heading that is no toggle, is refused; below a bullet it is taken."""
    kinds = [block("code", language="bash"), block("heading_1"), block("bulleted_list_item")]
    assert status(emulator, children=kinds) == 200
    made = [one["id"] for one in emulator.dump()[0]["blocks"]]
    body = {"children": [block("paragraph")]}
    assert [emulator.ask("PATCH", f"blocks/{one}/children", body).status for one in made] == [400, 400, 200]


def test_what_is_in_the_trash_cannot_be_changed(emulator: Emulator) -> None:
    """Neither a block nor a page in the trash, nor anything below it, takes a change until it is restored."""
    assert status(emulator, children=[block("toggle", children=[block("paragraph")])]) == 200
    page = emulator.dump()[0]
    toggle = page["blocks"][0]
    below = toggle["children"][0]["id"]
    change = {"paragraph": {"rich_text": text("new")}}
    assert emulator.ask("DELETE", f"blocks/{toggle['id']}").status == 200
    assert emulator.ask("DELETE", f"blocks/{toggle['id']}").status == 400
    assert emulator.ask("PATCH", f"blocks/{below}", change).status == 400
    assert emulator.ask("PATCH", f"blocks/{toggle['id']}", {"in_trash": False}).status == 200
    assert emulator.ask("PATCH", f"blocks/{below}", change).status == 200
    assert emulator.ask("PATCH", f"pages/{page['id']}", {"in_trash": True}).status == 200
    assert emulator.ask("PATCH", f"blocks/{below}", change).status == 400
    assert (
        emulator.ask("PATCH", f"blocks/{page['id']}/children", {"children": [block("paragraph")]}).status
        == 400
    )
    assert emulator.ask("PATCH", f"pages/{page['id']}", {"properties": {}}).status == 400
    assert emulator.ask("PATCH", f"pages/{page['id']}", {"in_trash": False}).status == 200
    assert emulator.dump()[0]["blocks"][0]["children"][0]["text"] == "new"
