"""The rarer paths of the built-in Notion: users, comments on blocks, subpages, uploads, numbers, ids."""

from datetime import timedelta
from typing import Any

import pytest

from sync.notion.emulator import AI_TRACES, Emulator, HttpRequest
from tests.worlds.clock import Clock
from tests.worlds.emulated import source_of


def text(content: str) -> list[dict[str, Any]]:
    """Return rich text of one run."""
    return [{"text": {"content": content}}]


@pytest.fixture
def clock() -> Clock:
    """A clock that stands."""
    return Clock()


@pytest.fixture
def emulator(clock: Clock) -> Emulator:
    """An emulator with three rows that have a number and a date."""
    made = Emulator(clock=clock)
    made.create_database(
        properties={
            "Name": {"title": {}},
            "N": {"number": {}},
            "D": {"date": {}},
            "S": {"status": {}},
            "M": {"multi_select": {}},
            "Seen": {"last_edited_time": {}},
            "By": {"created_by": {}},
        }
    )
    for number, day in ((1, "2026-01-01"), (2, "2026-01-09"), (None, None)):
        properties = {
            "Name": {"title": text(str(number))},
            "N": {"number": number},
            "D": {"date": day and {"start": day}},
            "M": {"multi_select": [{"name": "a"}] if number else []},
        }
        body = {"parent": {"data_source_id": source_of(made)}, "properties": properties}
        assert made.ask("POST", "pages", body).status == 200
    return made


def found(emulator: Emulator, condition: dict[str, Any]) -> list[str]:
    """Return the titles that a filter finds, in order."""
    body = {"filter": condition, "sorts": [{"property": "Name", "direction": "ascending"}]}
    answer = emulator.ask("POST", f"data_sources/{source_of(emulator)}/query", body)
    assert answer.status == 200, answer.body
    return [row["properties"]["Name"]["title"][0]["plain_text"] for row in answer.json()["results"]]


CONDITIONS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "number": ({"property": "N", "number": {"greater_than": 1}}, ["2"]),
    "no number": ({"property": "N", "number": {"is_empty": True}}, ["None"]),
    "date equals": ({"property": "D", "date": {"equals": "2026-01-01"}}, ["1"]),
    "past week": ({"property": "D", "date": {"past_week": {}}}, ["2"]),
    "no date": ({"property": "D", "date": {"is_empty": True}}, ["None"]),
    "some date": ({"property": "D", "date": {"is_not_empty": True}}, ["1", "2"]),
    "status": ({"property": "S", "status": {"equals": "Not started"}}, ["1", "2", "None"]),
    "without": ({"property": "M", "multi_select": {"does_not_contain": "a"}}, ["None"]),
    "seen": (
        {"property": "Seen", "last_edited_time": {"on_or_before": "2026-01-10T12:00:00Z"}},
        ["1", "2", "None"],
    ),
    "edited": ({"timestamp": "last_edited_time", "last_edited_time": {"before": "2026-01-10"}}, []),
}


@pytest.mark.parametrize("case", CONDITIONS)
def test_numbers_dates_and_states_are_filtered(emulator: Emulator, case: str) -> None:
    """Conditions on these columns let through exactly the rows that meet them."""
    condition, expected = CONDITIONS[case]
    assert found(emulator, condition) == expected


@pytest.mark.parametrize("column", ["N", "D", "S", "M", "Seen", "By"])
def test_every_column_sorts(emulator: Emulator, column: str) -> None:
    """Ascending and descending give all rows, and empty values do not break the order."""
    for direction in ("ascending", "descending"):
        body = {"sorts": [{"property": column, "direction": direction}]}
        answer = emulator.ask("POST", f"data_sources/{source_of(emulator)}/query", body)
        assert len(answer.json()["results"]) == 3


@pytest.mark.parametrize("column", ["Seen", "By"])
def test_what_notion_keeps_itself_is_not_written(emulator: Emulator, column: str) -> None:
    """A write to a column of Notion's own is refused."""
    kind = {"Seen": "last_edited_time", "By": "created_by"}[column]
    page = emulator.dump()[0]["id"]
    assert emulator.ask("PATCH", f"pages/{page}", {"properties": {column: {kind: "x"}}}).status == 400


def test_users_are_the_connection_and_jen(emulator: Emulator) -> None:
    """`me` is the bot; Jen is a person with a name."""
    ws = emulator.workspace
    me = emulator.ask("GET", "users/me").json()
    assert (me["id"], me["type"]) == (ws.bot, "bot")
    assert emulator.ask("GET", f"users/{ws.bot}").json()["id"] == ws.bot
    assert emulator.ask("GET", f"users/{ws.jen}").json()["name"] == "Jen"


def test_comments_on_blocks_are_listed_page_by_page(emulator: Emulator) -> None:
    """A block's comments are its own; cursors join to the whole, and serve no other list."""
    page = emulator.dump()[0]["id"]
    block = emulator.human.add_block(page, "hers")
    for n in range(3):
        body = {"parent": {"block_id": block}, "rich_text": text(str(n))}
        made = emulator.ask("POST", "comments", body).json()
        assert made["parent"] == {"type": "block_id", "block_id": block}
    first = emulator.ask("GET", f"comments?block_id={block}&page_size=2").json()
    rest = emulator.ask("GET", f"comments?block_id={block}&start_cursor={first['next_cursor']}").json()
    said = [c["rich_text"][0]["plain_text"] for c in first["results"] + rest["results"]]
    assert (said, rest["has_more"]) == (["0", "1", "2"], False)
    assert emulator.ask("GET", f"comments?block_id={page}&start_cursor={first['next_cursor']}").status == 400
    assert emulator.ask("GET", f"comments/{made['id']}").json()["rich_text"] == made["rich_text"]


REMARKS: dict[str, tuple[int, dict[str, Any]]] = {
    "empty": (400, {"rich_text": []}),
    "markdown": (400, {"markdown": "x"}),
    "two places": (400, {"rich_text": text("x"), "discussion_id": AI_TRACES}),
    "too long": (400, {"rich_text": text("x" * 2001)}),
}


@pytest.mark.parametrize("case", REMARKS)
def test_a_comment_says_something_somewhere(emulator: Emulator, case: str) -> None:
    """Empty, too long or misplaced comments are refused."""
    status, body = REMARKS[case]
    page = emulator.dump()[0]["id"]
    assert emulator.ask("POST", "comments", {"parent": {"page_id": page}, **body}).status == status
    assert emulator.dump()[0]["comments"] == []


def test_comments_that_are_not_there_are_404(emulator: Emulator) -> None:
    """An unknown discussion or comment is not found, and a list needs to know of what."""
    body = {"discussion_id": AI_TRACES, "rich_text": text("x")}
    assert emulator.ask("POST", "comments", body).status == 404
    assert emulator.ask("DELETE", f"comments/{AI_TRACES}").status == 404
    assert emulator.ask("GET", "comments").status == 400


def test_a_page_under_a_page_has_a_title_only(emulator: Emulator) -> None:
    """It reads with its parent; other properties are unknown; the trash of its parent is its own."""
    parent = emulator.dump()[0]["id"]
    body: dict[str, Any] = {"parent": {"page_id": parent}, "properties": {"title": {"title": text("below")}}}
    made = emulator.ask("POST", "pages", body).json()
    assert made["parent"] == {"type": "page_id", "page_id": parent}
    assert made["properties"]["title"]["title"][0]["plain_text"] == "below"
    wrong = {**body, "properties": {"N": {"number": 1}}}
    assert emulator.ask("POST", "pages", wrong).status == 400
    emulator.human.trash_page(parent)
    assert emulator.ask("PATCH", f"pages/{made['id']}", {"icon": None}).status == 400
    assert emulator.ask("POST", "pages", body).status == 400


PARENTS: dict[str, tuple[int, dict[str, Any]]] = {
    "database": (200, {"database_id": AI_TRACES}),
    "workspace": (400, {"type": "workspace", "workspace": True}),
    "none": (400, {}),
    "two": (400, {"database_id": AI_TRACES, "page_id": AI_TRACES}),
    "lie": (400, {"type": "page_id", "database_id": AI_TRACES}),
    "absent": (404, {"data_source_id": AI_TRACES}),
    "malformed": (400, {"data_source_id": "x"}),
}


@pytest.mark.parametrize("case", PARENTS)
def test_a_page_needs_one_true_parent(emulator: Emulator, case: str) -> None:
    """A connection makes no page at the top of a workspace, and a wrong parent makes none at all."""
    status, parent = PARENTS[case]
    assert emulator.ask("POST", "pages", {"parent": parent}).status == status
    assert len(emulator.dump()) == (4 if status == 200 else 3)


def test_a_database_may_get_a_second_table(emulator: Emulator) -> None:
    """Then it lists both, and as a parent of pages it no longer says which."""
    second = emulator.human.add_data_source(AI_TRACES, "Other")
    listed = emulator.ask("GET", f"databases/{AI_TRACES}").json()["data_sources"]
    assert [source["id"] for source in listed] == [source_of(emulator), second]
    assert emulator.ask("POST", "pages", {"parent": {"database_id": AI_TRACES}}).status == 400
    assert emulator.ask("POST", "pages", {"parent": {"data_source_id": second}}).status == 200


def test_erased_content_is_gone_from_the_listing(emulator: Emulator) -> None:
    """`erase_content` empties the page in one request."""
    page = emulator.dump()[0]["id"]
    emulator.human.add_block(page, "hers")
    assert emulator.ask("PATCH", f"pages/{page}", {"erase_content": True}).status == 200
    assert emulator.ask("GET", f"blocks/{page}/children").json()["results"] == []


def sent(emulator: Emulator, upload: str, body: bytes, *, kind: str = "text/plain") -> int:
    """Send the part of an upload and return the status."""
    form = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
        b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body + b"\r\n--b--\r\n"
    )
    headers = {
        "authorization": f"Bearer {emulator.access.token}",
        "notion-version": "2026-03-11",
        "content-type": "multipart/form-data; boundary=b",
    }
    answer = emulator.handle(
        HttpRequest("POST", f"/v1/file_uploads/{upload}/send", "", headers, form)
    ).response
    assert answer is not None
    return answer.status


def test_an_upload_is_sent_once_and_attached_within_the_hour(emulator: Emulator, clock: Clock) -> None:
    """Empty, of another type, twice or too late is refused."""
    body = {"filename": "a.txt", "content_type": "text/plain"}
    upload = emulator.ask("POST", "file_uploads", body).json()["id"]
    assert sent(emulator, upload, b"") == 400
    assert sent(emulator, upload, b"x", kind="image/png") == 400
    assert sent(emulator, upload, b"x") == 200
    assert sent(emulator, upload, b"x") == 400
    page = emulator.dump()[0]["id"]
    block = {"file": {"type": "file_upload", "file_upload": {"id": upload}, "caption": text("whole log")}}
    path = f"blocks/{page}/children"
    assert emulator.ask("PATCH", path, {"children": [block]}).status == 200
    clock.now += timedelta(hours=1, seconds=1)
    assert emulator.ask("PATCH", path, {"children": [block]}).status == 400
    assert emulator.ask("GET", f"file_uploads/{upload}").json()["status"] == "expired"


UPLOADS: dict[str, dict[str, Any]] = {
    "no extension": {"filename": "README"},
    "markdown": {"filename": "a.md"},
    "another type": {"filename": "a.txt", "content_type": "application/json"},
    "many parts": {"mode": "multi_part", "filename": "a.txt"},
    "unknown key": {"name": "a.txt"},
    "no name": {"filename": None},
    "no type": {"filename": "a.txt", "content_type": None},
}


@pytest.mark.parametrize("case", UPLOADS)
def test_an_upload_that_cannot_be_is_refused(emulator: Emulator, case: str) -> None:
    """A name without a known extension, several parts, nulls and unknown keys make no upload."""
    assert emulator.ask("POST", "file_uploads", UPLOADS[case]).status == 400


def test_a_part_may_have_20_mib(emulator: Emulator) -> None:
    """One byte more is 413."""
    first, second = (
        emulator.ask("POST", "file_uploads", {"filename": "a.txt"}).json()["id"] for _ in range(2)
    )
    whole = b"x" * (20 * 1024 * 1024)
    assert sent(emulator, first, whole) == 200
    assert sent(emulator, second, whole + b"x") == 413


@pytest.mark.parametrize(
    ("identity", "status"),
    [
        (AI_TRACES, 200),
        (AI_TRACES.replace("-", ""), 200),
        (AI_TRACES.upper(), 200),
        ("00000000-0000-0000-0000-000000000000", 404),
        ("9272e7a6-91ab-9c50-b5b9-b28cc2f41f3d", 400),
        ("9272e7a6-91ab-4c50-c5b9-b28cc2f41f3d", 400),
        ("9272e7a691ab-4c50-b5b9-b28cc2f41f3d", 400),
        ("AI-Traces-9272e7a691ab4c50b5b9b28cc2f41f3d", 400),
    ],
)
def test_an_id_is_a_well_formed_uuid(emulator: Emulator, identity: str, status: int) -> None:
    """Dashes and case are free; version and variant are checked; the nil id is well formed and absent."""
    assert emulator.ask("GET", f"databases/{identity}").status == status


def test_an_equation_and_a_link_read_back(emulator: Emulator) -> None:
    """Inline equations and links keep their form; a mention is refused by this stand-in."""
    page = emulator.dump()[0]["id"]
    items = [
        {"type": "equation", "equation": {"expression": "a^2"}},
        {"text": {"content": "x", "link": {"url": "https://a.b"}}},
    ]
    body = {"children": [{"paragraph": {"rich_text": items}}]}
    made = emulator.ask("PATCH", f"blocks/{page}/children", body).json()["results"][0]
    read = made["paragraph"]["rich_text"]
    assert [run["plain_text"] for run in read] == ["a^2", "x"]
    assert read[1]["href"] == read[1]["text"]["link"]["url"] == "https://a.b"
    mention = {"mention": {"user": {"id": emulator.workspace.jen}}, "type": "mention"}
    body = {"children": [{"paragraph": {"rich_text": [mention]}}]}
    assert emulator.ask("PATCH", f"blocks/{page}/children", body).status == 400
