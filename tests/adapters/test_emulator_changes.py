"""What the built-in Notion takes as a change to a page or a block, and what it refuses whole."""

from typing import Any

import pytest

from sync.notion.emulator import Emulator
from tests.worlds.emulated import notion_with
from tests.worlds.request_blocks import block, status, table, text


@pytest.fixture
def emulator() -> Emulator:
    """An emulator with an empty table."""
    return notion_with()


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
