"""How our values meet whatever properties a person gave the database."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.names import Key, Property
from sync.notion.schema import LATER, Schema, bind, definitions, encode_values, missing
from sync.notion.values import LeftOut, adapt
from sync.page.draft import Choice, Choices, Flag, Moment, Text, Value
from sync.page.limits import utf16_length

TYPES = [
    "title",
    "rich_text",
    "number",
    "select",
    "multi_select",
    "status",
    "date",
    "people",
    "files",
    "checkbox",
    "url",
    "email",
    "phone_number",
    "formula",
    "relation",
    "rollup",
    "created_time",
    "created_by",
    "last_edited_time",
    "last_edited_by",
    "unique_id",
    "verification",
    "button",
]


def _property(kind: str, identity: str, options: tuple[str, ...] = ()) -> dict[str, Any]:
    content: dict[str, Any] = {"options": [{"name": name} for name in options]} if options else {}
    return {"id": identity, "type": kind, kind: content}


def _source(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"properties": {"Name": _property("title", "title")} | properties}


def _whole(names: Mapping[str, Any]) -> dict[str, Any]:
    held = {
        name: _property(next(iter(kind)), f"id-{name}") for name, kind in names.items() if "title" not in kind
    }
    return _source(**held)


def _bind(source: Mapping[str, Any], names: Mapping[Property, str] | None = None) -> Schema:
    return bind(source, names=names or {}, ids={})


def _text(payload: Mapping[str, Any], kind: str = "rich_text") -> str:
    return "".join(item["text"]["content"] for item in payload[kind])


def test_an_empty_database_gets_every_property() -> None:
    """All properties but the title are missing from a new database; once added, none is."""
    schema = _bind(_source())
    added = missing(schema)
    assert set(added) == {each.value for each in Property} - {"title", *LATER}
    assert set(missing(schema, demanded=LATER)) == {each.value for each in Property} - {"title"}
    assert [option["name"] for option in added["ENV"]["select"]["options"]] == ["dev", "stage", "prod"]
    assert added["Tools"] == {"multi_select": {}}
    full = _bind(_whole(definitions({})))
    assert missing(full) == {}
    assert set(full.bound) == set(Property)
    assert full.bound[Property.TITLE].name == "Name"


def test_names_of_this_database_are_used() -> None:
    """A configured name is looked for and added instead of the default one; another case is the same name."""
    source = _source(Env=_property("select", "e"), Pfad=_property("rich_text", "p"))
    schema = _bind(source, {Property.LOG_PATH: "Pfad", Property.RISK: "Risiko"})
    assert schema.bound[Property.LOG_PATH].id == "p"
    assert schema.bound[Property.ENV].id == "e"
    assert "Risiko" in missing(schema)
    assert "RISK" not in missing(schema)


def test_a_renamed_property_is_known_by_its_id() -> None:
    """Jen renames a column and nothing is added in its place; a name that was set on purpose goes first."""
    source = _source(
        **{"Where": _property("rich_text", "p%3Aq"), "Log Path": _property("rich_text", "other")}
    )
    ids = {Property.LOG_PATH: "p:q"}
    assert bind(source, names={}, ids=ids).bound[Property.LOG_PATH].name == "Where"
    named = bind(source, names={Property.LOG_PATH: "Log Path"}, ids=ids)
    assert named.bound[Property.LOG_PATH].id == "other"


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind not in {"rich_text", "title"}])
def test_the_key_is_never_inexact(kind: str) -> None:
    """A key property that would not give back what was written is left alone, and another one is added."""
    schema = _bind(_source(**{"Log Path": _property(kind, "k")}))
    assert "Log Path (ai-traces)" in missing(schema)
    again = _bind(
        _source(**{"Log Path": _property(kind, "k"), "Log Path (ai-traces)": _property("rich_text", "new")})
    )
    assert again.bound[Property.LOG_PATH].id == "new"


def test_one_property_carries_one_of_ours() -> None:
    """A title called like one of our properties, or a name given twice, is used once."""
    source = {"properties": {"Summary": _property("title", "title"), "Log Path": _property("rich_text", "k")}}
    schema = _bind(source, {Property.CONTENT_HASH: "Log Path"})
    assert schema.bound[Property.TITLE].name == "Summary"
    assert Property.SUMMARY in schema.unusable
    assert schema.bound[Property.LOG_PATH].id == "k"
    assert "Log Path (ai-traces)" in missing(schema)


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(
    "value",
    [Text("words"), Choice("Success"), Choices(("git", "npm")), Moment(date(2026, 1, 10)), Flag(ticked=True)],
)
def test_every_type_takes_a_value_or_says_why_not(kind: str, value: Value) -> None:
    """Whatever type a property has, each value is either JSON under that type or left out with a reason."""
    match adapt(value, kind, ()):
        case LeftOut(reason):
            assert reason
        case payload:
            assert list(payload) == [kind]
            json.dumps(payload)


NINE = datetime(2026, 1, 10, 9, 30, tzinfo=timezone(timedelta(hours=9)))
ODD = datetime(1900, 1, 1, tzinfo=timezone(timedelta(minutes=53, seconds=28)))


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (Choice("Success"), "select", {"name": "Success"}),
        (Choice(None), "select", None),
        (Choice(None), "status", None),
        (Choice("success"), "status", {"name": "SUCCESS"}),
        (Choice("Success"), "multi_select", [{"name": "Success"}]),
        (Choice(None), "multi_select", []),
        (Choices(("git", "npm")), "multi_select", [{"name": "git"}, {"name": "npm"}]),
        (Choices(("git", "Git", " ")), "multi_select", [{"name": "git"}]),
        (Choices(("git", "npm")), "select", {"name": "git"}),
        (Choices(()), "select", None),
        (Text("a, b\nc"), "select", {"name": "a; b c"}),
        (Text(""), "rich_text", []),
        (Text("https://x.test/a"), "url", "https://x.test/a"),
        (Text(""), "url", None),
        (Moment(NINE), "date", {"start": "2026-01-10T09:30:00+09:00"}),
        (Moment(NINE.replace(microsecond=120_000)), "date", {"start": "2026-01-10T09:30:00.120+09:00"}),
        (Moment(date(2026, 1, 10)), "date", {"start": "2026-01-10"}),
        (Moment(ODD), "date", {"start": ODD.astimezone(UTC).isoformat()}),
        (Moment(None), "date", None),
        (Flag(ticked=True), "checkbox", True),
        (Flag(ticked=False), "select", {"name": "No"}),
    ],
)
def test_values_by_type(value: Value, kind: str, expected: object) -> None:
    """Each value in the type it meets, as Notion takes it."""
    assert adapt(value, kind, ("SUCCESS", "Failed")) == {kind: expected}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Choice("Success"), "Success"),
        (Choices(("git", "npm")), "git, npm"),
        (Moment(NINE), "2026-01-10T09:30:00+09:00"),
        (Flag(ticked=True), "Yes"),
    ],
)
@pytest.mark.parametrize("kind", ["rich_text", "title"])
def test_text_takes_everything(value: Value, text: str, kind: str) -> None:
    """A text property shows any value in words."""
    adapted = adapt(value, kind, ())
    assert isinstance(adapted, Mapping)
    assert _text(adapted, kind) == text


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (Choice("Partial"), "status"),
        (Text("logs/x.md"), "url"),
        (Text("word"), "date"),
        (Text("word"), "checkbox"),
        (Moment(None), "multi_select"),
        (Text("word"), "email"),
        (Text("word"), "number"),
        (Text("word"), "formula"),
    ],
)
def test_what_does_not_fit_is_left_out(value: Value, kind: str) -> None:
    """A value that a type cannot hold is left out, with a reason that a person understands."""
    assert isinstance(adapt(value, kind, ("Success",)), LeftOut)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=9_000), st.integers(1, 60))
def test_text_is_split_and_never_too_long(text: str, times: int) -> None:
    """Runs hold at most 2,000 units, there are at most 100, and up to that nothing is lost."""
    whole = text * times
    adapted = adapt(Text(whole), "rich_text", ())
    assert isinstance(adapted, Mapping)
    runs = [item["text"]["content"] for item in adapted["rich_text"]]
    assert all(0 < utf16_length(run) <= 2_000 for run in runs)
    assert len(runs) <= 100
    assert "".join(runs) == whole or utf16_length(whole) > 190_000


@given(st.text(max_size=300))
def test_option_names_are_taken_by_notion(text: str) -> None:
    """No option has a comma, a line break or more than 100 units."""
    adapted = adapt(Text(text), "select", ())
    assert isinstance(adapted, Mapping)
    name = (adapted["select"] or {"name": "x"})["name"]
    assert name == " ".join(name.split())
    assert "," not in name
    assert 0 < utf16_length(name) <= 100


def test_encodes_by_id_and_reports_what_is_left_out() -> None:
    """Payload keys are ids, which survive renames; what did not fit is named by the property's name here."""
    source = _source(
        **{
            "Outcome": _property("status", "o%3A", ("Done",)),
            "ENV": _property("formula", "f"),
            "Log Path": _property("rich_text", "k"),
        }
    )
    schema = _bind(source)
    values: dict[Property, Value] = {
        Property.OUTCOME: Choice("Failed"),
        Property.ENV: Choice("dev"),
        Property.LOG_PATH: Text("a.md"),
    }
    encoded = encode_values(schema, values)
    assert list(encoded.payload) == ["k"]
    assert [ours for ours, _ in encoded.left_out] == [Property.OUTCOME]
    assert "Outcome" in encoded.left_out[0][1]
    assert Property.ENV in schema.unusable


def test_reads_the_key_by_id() -> None:
    """Key, hash and title are found by id, whatever the properties are called on the page now."""
    schema = _bind(
        _source(**{"Log Path": _property("rich_text", "a%3Ab"), "Content Hash": _property("rich_text", "h")})
    )

    def held(kind: str, identity: str, *texts: str) -> dict[str, Any]:
        return {"id": identity, "type": kind, kind: [{"plain_text": text} for text in texts]}

    read = schema.read(
        {
            "Pfad": held("rich_text", "a:b", "exceptions/", "x.md"),
            "T": held("title", "title", "X-1"),
            "N": {"id": "n"},
        }
    )
    assert (read.key, read.content_hash, read.title) == (Key("exceptions/x.md"), "", "X-1")
    assert schema.read({}).key is None
