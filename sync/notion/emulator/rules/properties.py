"""Which values the columns take, and how they come back."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sync.notion.emulator.checks import (
    Obj,
    Validator,
    array,
    boolean,
    member,
    number,
    obj,
    string,
    units,
    url,
)
from sync.notion.emulator.ids import given_id
from sync.notion.emulator.model import PropertyDef
from sync.notion.emulator.refusals import ApiError, expected, invalid, too_long, unwanted, wrong_type
from sync.notion.emulator.rules.rich_text import rich_text
from sync.notion.emulator.rules.schema import SELECT_COLOURS, option_name

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(?P<zone>Z|[+-]\d{2}:?\d{2})?")
_OPTION_KEYS = ("id", "name", "color", "description")

EMPTY: Final[Mapping[str, Any]] = {
    "title": (),
    "rich_text": (),
    "multi_select": (),
    "people": (),
    "relation": (),
    "files": (),
    "checkbox": False,
}
"""What a column holds before anything is written; null for the types that are not named here."""

READ_ONLY = frozenset((
    "created_by", "created_time", "last_edited_by", "last_edited_time", "formula", "rollup", "unique_id",
    "button", "verification",
))  # fmt: skip


def new_value(column: PropertyDef, value: object, path: str, *, key: str, media: Validator) -> Any:  # noqa: ANN401  # each type of column has its own
    """Take the value of a column from a page write.

    Options come back as given: those that do not exist are made only when the whole request holds.
    """
    body = obj(value, path)
    if column.kind in READ_ONLY:
        raise invalid(f"{key} is read-only and cannot be written.")
    if body.get("type", column.kind) != column.kind or column.kind not in body:
        raise wrong_type(key, column.kind)
    for other in body:
        if other not in {"type", column.kind}:
            raise unwanted(f"{path}.{other}", body[other])
    where = f"{path}.{column.kind}"
    if column.kind == "files":
        return [media(item, f"{where}[{i}]") for i, item in enumerate(array(body["files"], where))]
    value_of = _VALUES.get(column.kind)
    if value_of is None:
        raise invalid(f"Writing a property of type {column.kind} is not supported by this stand-in.")
    taken = value_of(body[column.kind], where)
    if column.kind == "status" and taken is not None:
        _existing(column, taken, where)
    return taken


def find_option(column: PropertyDef, wanted: Obj) -> Obj | None:
    """Return the option of this id, or of this name whatever its case."""
    options: list[Obj] = column.config["options"]
    if "id" in wanted:
        return next((option for option in options if option["id"] == wanted["id"]), None)
    name = wanted["name"].casefold()
    return next((option for option in options if option["name"].casefold() == name), None)


def _option(value: object, path: str) -> Obj | None:
    if value is None:
        return None
    body = obj(value, path, allowed=_OPTION_KEYS)
    if body.get("color", "default") not in SELECT_COLOURS:
        raise expected(f"{path}.color", "a select colour", body["color"])
    if "id" in body:
        return {"id": string(body["id"], f"{path}.id")}
    name = option_name(body, path)
    return {"name": name, "color": body.get("color")}


def _options(value: object, path: str) -> list[Obj]:
    taken: list[Obj] = []
    for index, item in enumerate(array(value, path)):
        option = _option(item, f"{path}[{index}]")
        if option is None:
            raise expected(f"{path}[{index}]", "an object", item)
        mark = option.get("id") or option["name"].casefold()
        if any(mark == (other.get("id") or other["name"].casefold()) for other in taken):
            raise invalid(
                f"body failed validation: {path}[{index}] should be an option that is not named before."
            )
        taken.append(option)
    return taken


def _existing(column: PropertyDef, option: Obj, path: str) -> None:
    if find_option(column, option) is None:
        named = option.get("name") or option.get("id")
        raise invalid(f'Invalid status option. Status option "{named}" does not exist ({path}).')


def _date(value: object, path: str) -> Obj | None:
    if value is None:
        return None
    body = obj(value, path, allowed=("start", "end", "time_zone"))
    zone = body.get("time_zone")
    if zone is not None:
        _zone(zone, f"{path}.time_zone")
    start = _moment(member(body, "start", path), f"{path}.start", zoned=zone is not None)
    end = body.get("end")
    if end is not None:
        end = _moment(end, f"{path}.end", zoned=zone is not None)
        if len(end) != len(start) or end < start:
            raise expected(f"{path}.end", "a date of the same form that is not before its start", end)
    return {"start": start, "end": end, "time_zone": zone}


def _zone(value: object, path: str) -> None:
    try:
        ZoneInfo(string(value, path))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise expected(path, "a valid IANA time zone", value) from error


def _moment(value: object, path: str, *, zoned: bool) -> str:
    refusal = expected(path, "a valid ISO 8601 date string", value)
    if not isinstance(value, str):
        raise refusal
    if _DAY.fullmatch(value):
        _parsed(date.fromisoformat, value, refusal)
        return value
    match = _MOMENT.fullmatch(value)
    if not match:
        raise refusal
    if zoned and match["zone"]:
        raise invalid(f"body failed validation: {path} should have no offset where time_zone is given.")
    when = _parsed(datetime.fromisoformat, value, refusal)
    if not zoned and when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return str(when.isoformat(timespec="milliseconds"))


def _parsed(parse: Callable[[str], object], text: str, refusal: ApiError) -> Any:  # noqa: ANN401  # a date or a datetime
    try:
        return parse(text)
    except ValueError as error:
        raise refusal from error


def _number(value: object, path: str) -> float | None:
    return None if value is None else number(value, path)


def _line(limit: int) -> Callable[[object, str], str | None]:
    def check(value: object, path: str) -> str | None:
        if value is None:
            return None
        text = string(value, path)
        if units(text) > limit:
            raise too_long(path, limit, units(text))
        if not text:
            raise expected(f"{path}.length", "≥ `1`", 0)
        return text

    return check


def _url(value: object, path: str) -> str | None:
    return None if value is None else url(value, path)


def _references(value: object, path: str) -> list[Obj]:
    items = array(value, path)
    return [
        {"id": given_id(member(obj(item, f"{path}[{i}]"), "id", f"{path}[{i}]"), f"{path}[{i}].id")}
        for i, item in enumerate(items)
    ]


_VALUES: Mapping[str, Validator] = {
    "title": rich_text,
    "rich_text": rich_text,
    "select": _option,
    "status": _option,
    "multi_select": _options,
    "date": _date,
    "checkbox": boolean,
    "number": _number,
    "url": _url,
    "email": _line(200),
    "phone_number": _line(200),
    "people": _references,
    "relation": _references,
}
