"""What Jen does in the built-in Notion shows in the API as her doing, and options behave as Notion's do."""

from datetime import timedelta
from typing import Any

import pytest

from sync.notion.emulator import AI_TRACES, Emulator
from tests.worlds.clock import Clock
from tests.worlds.emulated import source_of


@pytest.fixture
def clock() -> Clock:
    """A clock that stands."""
    return Clock()


@pytest.fixture
def emulator(clock: Clock) -> Emulator:
    """An emulator with one page, made five minutes ago."""
    made = Emulator(clock=clock)
    columns: dict[str, Any] = {
        "Name": {"title": {}},
        "Env": {"select": {}},
        "Text": {"rich_text": {}},
        "Tools": {"multi_select": {}},
    }
    made.create_database(properties=columns)
    text = [{"text": {"content": "one"}}]
    body = {
        "parent": {"data_source_id": source_of(made)},
        "properties": {
            "Env": {"select": {"name": "prod"}},
            "Text": {"rich_text": text},
            "Tools": {"multi_select": [{"name": "git"}, {"name": "Bash"}]},
        },
        "children": [
            {"paragraph": {"rich_text": text, "children": [{"quote": {"rich_text": text}}]}},
            {"code": {"rich_text": text, "language": "bash"}},
        ],
    }
    assert made.ask("POST", "pages", body).status == 200
    clock.now += timedelta(minutes=5)
    return made


def page_of(emulator: Emulator) -> dict[str, Any]:
    """Return its first page."""
    return emulator.dump()[0]


def test_an_edit_by_hand_marks_block_and_page(emulator: Emulator) -> None:
    """Her edit changes the block's and the page's time and editor, and keeps the block's id."""
    page = page_of(emulator)
    block = page["blocks"][0]["children"][0]["id"]
    emulator.human.edit_block(block, "hers")
    for path in (f"blocks/{block}", f"pages/{page['id']}"):
        answer = emulator.ask("GET", path).json()
        assert answer["last_edited_by"]["id"] == emulator.workspace.jen
        assert answer["last_edited_time"] == "2026-01-10T12:05:00.000Z"
        assert answer["created_by"]["id"] == emulator.workspace.bot
    assert page_of(emulator)["blocks"][0]["children"][0]["text"] == "hers"


def test_blocks_are_added_moved_and_deleted(emulator: Emulator) -> None:
    """Her blocks stand where she put them; what she deletes is gone from the listing and can come back."""
    page = page_of(emulator)
    first, second = (block["id"] for block in page["blocks"])
    added = emulator.human.add_block(page["id"], "hers", kind="quote", after=first)
    order = [block["id"] for block in page_of(emulator)["blocks"]]
    assert order == [first, added, second]
    emulator.human.move_block(second)
    assert [block["id"] for block in page_of(emulator)["blocks"]] == [second, first, added]
    emulator.human.move_block(added, parent_id=first)
    assert [block["id"] for block in page_of(emulator)["blocks"]] == [second, first]
    emulator.human.delete_block(first)
    assert [block["id"] for block in page_of(emulator)["blocks"]] == [second]
    emulator.human.restore_block(first)
    assert [block["id"] for block in page_of(emulator)["blocks"]] == [second, first]


def test_a_comment_is_no_edit(emulator: Emulator) -> None:
    """Her comment is listed on its block and does not change the page's times."""
    page = page_of(emulator)
    block = page["blocks"][0]["id"]
    emulator.human.comment(block, "why?")
    listed = emulator.ask("GET", f"comments?block_id={block}").json()["results"]
    assert [comment["rich_text"][0]["plain_text"] for comment in listed] == ["why?"]
    assert emulator.ask("GET", f"comments?block_id={page['id']}").json()["results"] == []
    assert emulator.ask("GET", f"pages/{page['id']}").json()["last_edited_by"]["id"] == emulator.workspace.bot


def test_trash_keeps_everything(emulator: Emulator) -> None:
    """A page that was trashed and restored has its blocks and comments as before."""
    before = page_of(emulator)
    emulator.human.comment(before["id"], "keep")
    emulator.human.trash_page(before["id"])
    assert page_of(emulator)["in_trash"] is True
    emulator.human.restore_page(before["id"])
    assert page_of(emulator) == {**before, "comments": ["keep"]}
    emulator.human.delete_page_forever(before["id"])
    assert emulator.dump() == []
    assert emulator.ask("GET", f"pages/{before['id']}").status == 404
    assert emulator.ask("GET", f"blocks/{before['blocks'][0]['id']}").status == 404


def test_a_duplicate_is_a_page_of_its_own(emulator: Emulator) -> None:
    """The copy has the same values and text under new ids, and changing it leaves the original alone."""
    original = page_of(emulator)
    copy = emulator.human.duplicate_page(original["id"])
    emulator.human.set_property(copy, "Tools", {"multi_select": []})
    shown = {page["id"]: page for page in emulator.dump()}
    assert shown[original["id"]]["properties"]["Tools"] == "git, Bash"
    assert shown[copy]["properties"] == {**original["properties"], "Tools": ""}
    texts = [[block["text"] for block in page["blocks"]] for page in shown.values()]
    assert texts[0] == texts[1]
    emulator.human.edit_block(shown[copy]["blocks"][0]["id"], "other")
    assert page_of(emulator)["blocks"][0]["text"] == "one"


def test_columns_are_renamed_converted_and_deleted(emulator: Emulator) -> None:
    """A renamed column keeps its id and values, a converted one its text, a deleted one is unknown."""
    source, page = source_of(emulator), page_of(emulator)["id"]
    before = emulator.ask("GET", f"data_sources/{source}").json()["properties"]
    emulator.human.rename_property(source, "Env", "Umgebung")
    emulator.human.retype_property(source, "Umgebung", "rich_text")
    emulator.human.retype_property(source, "Text", "select")
    emulator.human.retype_property(source, "Tools", "select")
    emulator.human.add_property(source, "Notes", "rich_text")
    after = emulator.ask("GET", f"data_sources/{source}").json()["properties"]
    assert after["Umgebung"]["id"] == before["Env"]["id"]
    assert page_of(emulator)["properties"] == {
        "Name": "", "Umgebung": "prod", "Text": "one", "Tools": "git  Bash", "Notes": "",
    }  # fmt: skip
    old = emulator.ask("PATCH", f"pages/{page}", {"properties": {"Env": {"rich_text": []}}})
    assert old.json()["message"] == "Env is not a property that exists."
    typed = emulator.ask("PATCH", f"pages/{page}", {"properties": {"Text": {"rich_text": []}}})
    assert typed.json()["message"] == "Text is expected to be select."
    emulator.human.delete_property(source, "Text")
    assert "Text" not in page_of(emulator)["properties"]


def test_option_lists_are_replaced(emulator: Emulator) -> None:
    """An option that is not in a new list is gone, also from the pages; another case is no other option."""
    source, page = source_of(emulator), page_of(emulator)["id"]
    lower = {"properties": {"Env": {"select": {"name": "PROD"}}}}
    answer = emulator.ask("PATCH", f"pages/{page}", lower).json()
    assert answer["properties"]["Env"]["select"]["name"] == "prod"
    columns = {"properties": {"Env": {"select": {"options": [{"name": "dev", "color": "blue"}]}}}}
    patched = emulator.ask("PATCH", f"data_sources/{source}", columns).json()
    assert [option["name"] for option in patched["properties"]["Env"]["select"]["options"]] == ["dev"]
    assert page_of(emulator)["properties"]["Env"] == ""


SCHEMAS: dict[str, tuple[int, dict[str, Any]]] = {
    "add": (200, {"New": {"rich_text": {}}}),
    "rename": (200, {"Env": {"name": "Other"}}),
    "by title id": (200, {"title": {"name": "Task"}}),
    "delete": (200, {"Env": None}),
    "delete unknown": (400, {"Nope": None}),
    "delete title": (400, {"Name": None}),
    "convert title": (400, {"Name": {"rich_text": {}}}),
    "second title": (400, {"New": {"title": {}}}),
    "rename onto another": (400, {"Env": {"name": "Text"}}),
    "rename unknown": (400, {"Nope": {"name": "Env2"}}),
    "101 options": (400, {"Env": {"select": {"options": [{"name": str(n)} for n in range(101)]}}}),
    "comma": (400, {"Env": {"select": {"options": [{"name": "a,b"}]}}}),
    "twice": (400, {"Env": {"select": {"options": [{"name": "a"}, {"name": "A"}]}}}),
    "two types": (400, {"New": {"rich_text": {}, "select": {}}}),
    "unknown type": (400, {"New": {"button": {}}}),
    "unknown key": (400, {"New": {"rich_text": {"colour": 1}}}),
}


@pytest.mark.parametrize("case", SCHEMAS)
def test_a_schema_change_is_whole_or_not_at_all(emulator: Emulator, case: str) -> None:
    """What is refused leaves every column as it was."""
    status, columns = SCHEMAS[case]
    path = f"data_sources/{source_of(emulator)}"
    before = emulator.ask("GET", path).json()["properties"]
    changed = emulator.ask("PATCH", path, {"properties": {"Extra": {"checkbox": {}}, **columns}})
    assert changed.status == status, changed.body
    after = emulator.ask("GET", path).json()["properties"]
    assert ("Extra" in after) == (status == 200)
    if status == 400:
        assert after == before


def test_a_trashed_database_takes_no_page(emulator: Emulator) -> None:
    """A database in the trash is still read and says so; a new page in it is refused."""
    emulator.human.trash_database(AI_TRACES)
    assert emulator.ask("GET", f"databases/{AI_TRACES}").json()["in_trash"] is True
    body = {"parent": {"data_source_id": source_of(emulator)}}
    assert emulator.ask("POST", "pages", body).status == 400


def test_any_block_of_hers_is_listed(emulator: Emulator) -> None:
    """A block of a type that the API cannot make reads as that type and cannot be changed through it."""
    page = page_of(emulator)["id"]
    made = emulator.human.add_raw_block(page, "unsupported", {"block_type": "button"})
    listed = emulator.ask("GET", f"blocks/{page}/children").json()["results"][-1]
    assert (listed["type"], listed["unsupported"]) == ("unsupported", {"block_type": "button"})
    assert emulator.ask("PATCH", f"blocks/{made}", {"unsupported": {"block_type": "x"}}).status == 400
    assert emulator.ask("DELETE", f"blocks/{made}").status == 200


def test_what_she_writes_has_every_field_of_its_type(emulator: Emulator) -> None:
    """A block that she adds, or turns into another type, reads like one of that type made by the API."""
    page, text = page_of(emulator)["id"], [{"text": {"content": "x"}}]
    for kind in ("paragraph", "heading_2", "to_do", "callout", "quote", "code", "toggle"):
        more = {"language": "plain text"} if kind == "code" else {}
        sent = {"children": [{kind: {"rich_text": text, **more}}]}
        ours = emulator.ask("PATCH", f"blocks/{page}/children", sent).json()["results"][0]
        added = emulator.human.add_block(page, "x", kind=kind)
        turned = emulator.human.add_block(page, "x")
        emulator.human.turn_into(turned, kind)
        for hers in (added, turned):
            assert emulator.ask("GET", f"blocks/{hers}").json()[kind] == ours[kind]


def test_views_are_changed_by_name_but_not_by_type(emulator: Emulator) -> None:
    """A view is renamed and configured; its type stays, a board needs its group, the last view stays."""
    source = source_of(emulator)
    body = {"database_id": AI_TRACES, "data_source_id": source, "name": "V", "type": "table"}
    view = emulator.ask("POST", "views", body).json()["id"]
    assert emulator.ask("PATCH", f"views/{view}", {"name": "W"}).json()["name"] == "W"
    assert emulator.ask("PATCH", f"views/{view}", {"type": "board"}).status == 400
    assert emulator.ask("POST", "views", {**body, "type": "board"}).status == 400
    assert emulator.ask("DELETE", f"views/{view}").status == 400
    grouped = {
        "type": "board",
        "group_by": {
            "type": "title",
            "property_id": "title",
            "group_by": "exact",
            "sort": {"type": "manual"},
        },
    }
    board = emulator.ask("POST", "views", {**body, "type": "board", "configuration": grouped})
    assert board.status == 200
    assert emulator.ask("DELETE", f"views/{view}").status == 200
    assert emulator.ask("GET", f"views/{view}").status == 404
