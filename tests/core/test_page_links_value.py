"""Links as the value of a property: what a reader sees, where they lead, and what counts as a change."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.names import Digest, Key, Property
from sync.notion.values import LeftOut, adapt
from sync.page.draft import (
    Link,
    Links,
    PageDraft,
    Text,
    is_as_left,
    is_written,
    narrowed,
    properties_fingerprint,
    vouched_fingerprint,
)
from sync.page.limits import MAX_ITEMS, MAX_TEXT, utf16_length

_TWO = Links((Link("P-1 · Slow feed", "https://notion.test/a"), Link("P-2 · Mail", "https://notion.test/a")))


def _draft(links: Links | None) -> PageDraft:
    return PageDraft(
        key=Key("a.md"),
        content_hash=Digest("0" * 64),
        icon="✅",
        properties={Property.TITLE: Text("a")} | ({} if links is None else {Property.PATTERNS: links}),
        body=(),
    )


def _runs(value: Links) -> list[dict[str, Any]]:
    adapted = adapt(value, "rich_text", ())
    assert not isinstance(adapted, LeftOut)
    return list(adapted["rich_text"])


def test_each_stands_on_a_line_of_its_own_and_leads_somewhere() -> None:
    """The lines between them lead nowhere."""
    assert (
        "".join(run["text"]["content"] for run in _runs(_TWO)) == _TWO.text == "P-1 · Slow feed\nP-2 · Mail"
    )
    assert [(run["text"].get("link") or {}).get("url") for run in _runs(_TWO)] == [
        "https://notion.test/a",
        None,
        "https://notion.test/a",
    ]


def test_what_is_no_address_is_text() -> None:
    """Notion would refuse the whole request for it."""
    (run,) = _runs(Links((Link("P-1", ""),)))
    assert run["text"]["content"] == "P-1"
    assert not run["text"].get("link")


@pytest.mark.parametrize(
    ("kind", "held"),
    [
        ("select", {"name": "P-1 · Slow feed"}),
        ("multi_select", [{"name": "P-1 · Slow feed"}, {"name": "P-2 · Mail"}]),
        ("url", "https://notion.test/a"),
    ],
)
def test_another_type_is_adapted_to(kind: str, held: object) -> None:
    """As every property of ours is; no links clear it."""
    assert adapt(_TWO, kind, ()) == {kind: held}
    assert adapt(Links(()), kind, ()) == {kind: [] if kind == "multi_select" else None}


def test_a_type_that_holds_no_words_is_left_out() -> None:
    """With a reason; the page goes in all the same."""
    assert isinstance(adapt(_TWO, "checkbox", ()), LeftOut)
    assert isinstance(adapt(_TWO, "date", ()), LeftOut)


@given(st.lists(st.builds(Link, st.text(max_size=3_000), st.text(max_size=40)), max_size=120))
def test_notion_holds_whatever_they_say(links: list[Link]) -> None:
    """No more items than it takes, none too long."""
    runs = _runs(Links(tuple(links)))
    assert len(runs) <= MAX_ITEMS
    assert all(0 < utf16_length(run["text"]["content"]) <= MAX_TEXT for run in runs)


def test_other_words_and_other_addresses_are_a_change() -> None:
    """The same ones are none; a page that says the words is known to be as we left it."""
    known = properties_fingerprint(_draft(_TWO))
    elsewhere = Links(tuple(Link(link.text, "https://notion.test/b") for link in _TWO.links))
    assert narrowed(_draft(_TWO), known).properties == {}
    assert narrowed(_draft(elsewhere), known).properties == {Property.PATTERNS: elsewhere}
    assert narrowed(_draft(Links(())), known).properties == {Property.PATTERNS: Links(())}
    assert is_as_left(known, Property.PATTERNS, _TWO.text)
    assert not is_as_left(known, Property.PATTERNS, "P-3")


def test_a_content_hash_does_not_vouch_for_them() -> None:
    """They are not made of the log."""
    assert vouched_fingerprint(_draft(_TWO)) == properties_fingerprint(_draft(None))
    assert not is_written(vouched_fingerprint(_draft(_TWO)), Property.PATTERNS, _TWO)
