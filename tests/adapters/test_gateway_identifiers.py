"""What a person may paste as the database's id."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.notion.identifiers import NotAnId, database_id

ID = "9272e7a6-91ab-4c50-b5b9-b28cc2f41f3d"
BARE = ID.replace("-", "")
VIEW = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    "pasted",
    [
        BARE,
        ID,
        ID.upper(),
        f"  {BARE}\n",
        f'"{BARE}"',
        f"https://www.notion.so/{BARE}?v={VIEW}",
        f"https://www.notion.so/jen/AI-Traces-{BARE}?v={VIEW}&pvs=4",
        f"https://notion.so/{ID}",
        f"https://www.notion.com/jen/{BARE}",
        f"https://app.notion.com/p/{BARE}?v={VIEW}",
        f"https://app.notion.com/p/jen/AI-Traces-{BARE}#{VIEW}",
        f"https://jen-os.notion.site/AI-Traces-{BARE}",
        f"https://jen-os.notion.site/AI-Traces-{ID.upper()}/",
        f"www.notion.so/AI%20Traces-{BARE}",
        f"notion://www.notion.so/{BARE}",
    ],
)
def test_ids_and_addresses_are_understood(pasted: str) -> None:
    """An id in any spelling and every form of Notion's addresses give the one canonical id."""
    assert database_id(pasted) == ID


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "AI Traces",
        f"ntn_{BARE}",
        f"secret_{BARE}abcdefghijk",
        f"x{BARE}",
        f"{BARE}0",
        f"https://www.notion.so/AI-Traces?v={BARE}",
        f"https://www.notion.so/jen?p={BARE}",
        f"https://www.notion.so/#{BARE}",
        f"https://example.org/{BARE}",
        f"https://notion.so.example.org/{BARE}",
        f"https://www.notion.so/{BARE}/settings",
        "https://[broken",
    ],
)
def test_anything_else_says_what_to_paste(pasted: str) -> None:
    """No id is made of a token, a view or a stranger's address; the error says what to paste."""
    with pytest.raises(NotAnId, match="Copy link") as caught:
        database_id(pasted)
    assert BARE not in str(caught.value)


@given(st.text(max_size=80))
def test_total_on_any_text(text: str) -> None:
    """Whatever is pasted, the answer is an id or a readable error."""
    with suppress(NotAnId):
        assert len(database_id(text)) == 36
