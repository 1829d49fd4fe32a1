"""The filters of a query: what they may say, and which pages they let through."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

from sync.notion.emulator.api.column_answers import property_value
from sync.notion.emulator.checks import Obj, array, boolean, member, number, obj, string
from sync.notion.emulator.model import DataSource, Page, PropertyDef
from sync.notion.emulator.refusals import expected, invalid, one_of, undefined, unwanted
from sync.notion.emulator.rules.rich_text import text_of
from sync.notion.emulator.workspace import Workspace

Test: TypeAlias = Callable[[Page], bool]
ValueTest: TypeAlias = Callable[[Any], bool]

_TEXT_KINDS = frozenset(("title", "rich_text", "url", "email", "phone_number"))
_DATE_KINDS = frozenset(("date", "created_time", "last_edited_time"))
_CHOICE_KINDS = frozenset(("select", "status"))
_DEEPEST = 2


def page_test(given: object, source: DataSource, *, ws: Workspace) -> Test:
    """Take a filter of the given data source."""
    return _group(given, "body.filter", source=source, ws=ws, depth=0)


def _group(given: object, path: str, *, source: DataSource, ws: Workspace, depth: int) -> Test:
    body = obj(given, path)
    for word, every in (("and", all), ("or", any)):
        if word in body:
            obj(body, path, allowed=(word,))
            if depth == _DEEPEST:
                raise unwanted(f"{path}.{word}", body[word])
            tests = [
                _group(part, f"{path}.{word}[{i}]", source=source, ws=ws, depth=depth + 1)
                for i, part in enumerate(array(body[word], f"{path}.{word}"))
            ]
            return lambda page, tests=tests, every=every: every(test(page) for test in tests)  # type: ignore[misc]
    if "timestamp" in body:
        return _timestamp(body, path, now=ws.clock())
    return _property(body, path, source=source, ws=ws)


def _timestamp(body: Obj, path: str, *, now: datetime) -> Test:
    which = body["timestamp"]
    if which not in ("created_time", "last_edited_time"):
        raise one_of(f"{path}.timestamp", ("created_time", "last_edited_time"), which)
    obj(body, path, allowed=("timestamp", "type", which))
    test = _moment_test(member(body, which, path), f"{path}.{which}", now=now)
    if which == "created_time":
        return lambda page: test(_minute(page.edits.made))
    return lambda page: test(_minute(page.edits.changed))


def _property(body: Obj, path: str, *, source: DataSource, ws: Workspace) -> Test:
    key = string(member(body, "property", path), f"{path}.property")
    column = ws.column(source, key)
    if column is None:
        raise invalid(f"Could not find property with name or id: {key}")
    kinds = [name for name in body if name not in {"property", "type"}]
    if len(kinds) != 1:
        raise (
            undefined(f"{path}.{column.kind}")
            if not kinds
            else unwanted(f"{path}.{kinds[1]}", body[kinds[1]])
        )
    kind = kinds[0]
    if kind != column.kind and not (kind == "rich_text" and column.kind in {"url", "email", "phone_number"}):
        raise invalid(f"database property {column.kind} does not match filter {kind}")
    test = _value_test(column, body[kind], f"{path}.{kind}", now=ws.clock())
    return lambda page: test(_comparable(page, column))


def _value_test(  # noqa: PLR0911  # one return for each type of column
    column: PropertyDef, given: object, path: str, *, now: datetime
) -> ValueTest:
    kind = column.kind
    if kind in _DATE_KINDS:
        return _moment_test(given, path, now=now)
    word, wanted = _only(given, path)
    if word in {"is_empty", "is_not_empty"} and kind != "checkbox":
        if wanted is not True:
            raise expected(f"{path}.{word}", "`true`", wanted)
        return (lambda value: not value) if word == "is_empty" else bool
    if kind in _TEXT_KINDS:
        return _text_test(word, wanted, path)
    if kind in _CHOICE_KINDS:
        return _choice_test(word, wanted, path)
    if kind == "multi_select":
        return _choices_test(word, wanted, path)
    if kind == "checkbox":
        _known(word, ("equals", "does_not_equal"), path)
        flag = boolean(wanted, f"{path}.{word}")
        return lambda value: (value == flag) == (word == "equals")
    if kind == "number":
        return _number_test(word, wanted, path)
    raise invalid(f"Filtering by a property of type {kind} is not supported by this stand-in.")


_TEXT_WORDS: Mapping[str, Callable[[str, str], bool]] = {
    "equals": lambda value, wanted: value == wanted,
    "does_not_equal": lambda value, wanted: value != wanted,
    "contains": lambda value, wanted: wanted in value,
    "does_not_contain": lambda value, wanted: wanted not in value,
    "starts_with": lambda value, wanted: value.startswith(wanted),
    "ends_with": lambda value, wanted: value.endswith(wanted),
}


def _text_test(word: str, wanted: object, path: str) -> ValueTest:
    """Compare without regard to case: recorded for `contains`; for `equals` what a client must survive."""
    _known(word, (*_TEXT_WORDS, "is_empty", "is_not_empty"), path)
    folded = string(wanted, f"{path}.{word}").casefold()
    compare = _TEXT_WORDS[word]
    return lambda value: compare(value.casefold(), folded)


def _choice_test(word: str, wanted: object, path: str) -> ValueTest:
    _known(word, ("equals", "does_not_equal", "is_empty", "is_not_empty"), path)
    names = _names(wanted, f"{path}.{word}")
    return lambda value: (value in names) == (word == "equals")


def _choices_test(word: str, wanted: object, path: str) -> ValueTest:
    _known(word, ("contains", "does_not_contain", "is_empty", "is_not_empty"), path)
    names = _names(wanted, f"{path}.{word}")
    return lambda value: bool(names & set(value)) == (word == "contains")


_NUMBER_WORDS: Mapping[str, Callable[[float, float], bool]] = {
    "equals": lambda value, wanted: value == wanted,
    "does_not_equal": lambda value, wanted: value != wanted,
    "greater_than": lambda value, wanted: value > wanted,
    "less_than": lambda value, wanted: value < wanted,
    "greater_than_or_equal_to": lambda value, wanted: value >= wanted,
    "less_than_or_equal_to": lambda value, wanted: value <= wanted,
}


def _number_test(word: str, wanted: object, path: str) -> ValueTest:
    _known(word, (*_NUMBER_WORDS, "is_empty", "is_not_empty"), path)
    bound = number(wanted, f"{path}.{word}")
    compare = _NUMBER_WORDS[word]
    return lambda value: value is not None and compare(value, bound)


_PERIODS: Mapping[str, tuple[int, int]] = {
    "this_week": (-7, 7),
    "past_week": (-7, 0),
    "past_month": (-30, 0),
    "past_year": (-365, 0),
    "next_week": (0, 7),
    "next_month": (0, 30),
    "next_year": (0, 365),
}
_MOMENT_WORDS: Mapping[str, Callable[[datetime, datetime], bool]] = {
    "equals": lambda value, wanted: value == wanted,
    "before": lambda value, wanted: value < wanted,
    "after": lambda value, wanted: value > wanted,
    "on_or_before": lambda value, wanted: value <= wanted,
    "on_or_after": lambda value, wanted: value >= wanted,
}


def _moment_test(given: object, path: str, *, now: datetime) -> ValueTest:
    word, wanted = _only(given, path)
    if word in {"is_empty", "is_not_empty"}:
        return (lambda value: value is None) if word == "is_empty" else (lambda value: value is not None)
    if word in _PERIODS:
        first, last = (now + timedelta(days=days) for days in _PERIODS[word])
        return lambda value: value is not None and first <= value <= last
    _known(word, (*_MOMENT_WORDS, *_PERIODS, "is_empty", "is_not_empty"), path)
    bound = _moment(wanted, f"{path}.{word}")
    compare = _MOMENT_WORDS[word]
    return lambda value: value is not None and compare(value, bound)


def _moment(value: object, path: str) -> datetime:
    text = string(value, path)
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise expected(path, "a valid ISO 8601 date string", value) from error
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _comparable(page: Page, column: PropertyDef) -> Any:  # noqa: ANN401, PLR0911  # each type of column has its own
    value = property_value(page, column)[column.kind]
    match column.kind:
        case "title" | "rich_text":
            return text_of(value)
        case "url" | "email" | "phone_number":
            return value or ""
        case "select" | "status":
            return value and value["name"]
        case "multi_select":
            return [option["name"] for option in value]
        case "date":
            return value and _start(value["start"])
        case "created_time" | "last_edited_time":
            return _start(value)
        case _:
            return value


def _start(text: str) -> datetime:
    if "T" not in text:
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _minute(when: datetime) -> datetime:
    return when.replace(second=0, microsecond=0)


def _only(given: object, path: str) -> tuple[str, object]:
    body = obj(given, path)
    if len(body) != 1:
        raise expected(path, "an object with one condition", given)
    return next(iter(body.items()))


def _known(word: str, words: tuple[str, ...], path: str) -> None:
    if word not in words:
        raise one_of(path, words, word)


def _names(wanted: object, path: str) -> set[str]:
    if isinstance(wanted, str):
        return {string(wanted, path)}
    return {string(name, f"{path}[{i}]") for i, name in enumerate(array(wanted, path))}
