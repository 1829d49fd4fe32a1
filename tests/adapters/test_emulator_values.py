"""Every limit on a property's value in the built-in Notion: the last that fits, the first that does not."""

from typing import Any

import pytest

from sync.notion.emulator import Emulator
from tests.worlds.emulated import notion_with
from tests.worlds.request_blocks import status, text


@pytest.fixture
def emulator() -> Emulator:
    """An emulator with a column of every kind."""
    return notion_with(
        Text="rich_text",
        S="select",
        M="multi_select",
        St="status",
        D="date",
        C="checkbox",
        N="number",
        U="url",
        E="email",
    )


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
