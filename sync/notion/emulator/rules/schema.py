"""What a column may be: the configuration part of data sources."""

from collections.abc import Callable
from typing import Any

from sync.notion.emulator.checks import Obj, array, member, obj, string
from sync.notion.emulator.refusals import expected, invalid, undefined, unwanted

OPTION_LIMIT = 100
SELECT_COLOURS = ("default", "gray", "brown", "orange", "yellow", "green", "blue", "purple", "pink", "red")
WITH_OPTIONS = frozenset(("select", "multi_select", "status"))
PLAIN_KINDS = frozenset((
    "title", "rich_text", "url", "people", "files", "email", "phone_number", "date", "checkbox", "created_by",
    "created_time", "last_edited_by", "last_edited_time",
))  # fmt: skip

_STATUS = (
    ("Not started", "default", "To-do"),
    ("In progress", "blue", "In progress"),
    ("Done", "green", "Complete"),
)
_GROUPS = (("To-do", "gray"), ("In progress", "blue"), ("Complete", "green"))


def new_config(kind: str, value: object, path: str, *, old: Obj | None, new_id: Callable[[], str]) -> Obj:
    """Take the configuration of a column; `old` is what it has now, where the type stays the same."""
    if kind in PLAIN_KINDS:
        obj(value, path, allowed=())
        return {}
    if kind in WITH_OPTIONS:
        body = obj(value, path, allowed=("options",))
        return _with_options(kind, body, path, old=old, new_id=new_id)
    if kind == "number":
        body = obj(value, path, allowed=("format",))
        return {"format": string(body.get("format", (old or {}).get("format", "number")), f"{path}.format")}
    if kind == "unique_id":
        prefix = obj(value, path, allowed=("prefix",)).get("prefix")
        return {"prefix": None if prefix is None else string(prefix, f"{path}.prefix")}
    raise invalid(f"A property of type {kind} is not supported by this stand-in.")


def option_name(body: Obj, path: str) -> str:
    """Return the name of an option: not empty, no comma, at most 100 units."""
    name = string(member(body, "name", path), f"{path}.name", limit=OPTION_LIMIT)
    if not name.strip():
        raise expected(f"{path}.name.length", "≥ `1`", 0)
    if "," in name:
        raise invalid(f"Invalid select option, commas not allowed: {name}")
    return name


def kind_of(body: Obj, path: str) -> str | None:
    """Return the type that a column's object asks for; None when it asks for none."""
    known = [key for key in body if key not in {"id", "name", "type", "description"}]
    kind = body.get("type")
    if kind is None and not known:
        return None
    if kind is None:
        kind = known[0]
    if not isinstance(kind, str) or kind not in body:
        raise undefined(f"{path}.{kind}")
    for key in known:
        if key != kind:
            raise unwanted(f"{path}.{key}", body[key])
    return kind


def _with_options(kind: str, body: Obj, path: str, *, old: Obj | None, new_id: Callable[[], str]) -> Obj:
    before: list[Obj] = old["options"] if old else []
    options = before
    if "options" in body:
        options = _options(body["options"], f"{path}.options", before=before, new_id=new_id)
        if kind == "status":
            options = [*before, *(option for option in options if option not in before)]
    elif kind == "status" and not before:
        options = [_option(name, colour, new_id) for name, colour, _ in _STATUS]
    return (
        {"options": options, "groups": _groups(options, new_id)} if kind == "status" else {"options": options}
    )


def _options(value: object, path: str, *, before: list[Obj], new_id: Callable[[], str]) -> list[Obj]:
    """Take the whole list of options: those not in it are gone. A new name for an old one is ignored."""
    options: list[Obj] = []
    for index, item in enumerate(array(value, path)):
        where = f"{path}[{index}]"
        body = obj(item, where, allowed=("id", "name", "color", "description"))
        colour = body.get("color", "default")
        if colour not in SELECT_COLOURS:
            raise expected(f"{where}.color", "a select colour", colour)
        option = _known(body, before) or _option(option_name(body, where), colour, new_id)
        if any(option["name"].casefold() == other["name"].casefold() for other in options):
            raise invalid(f"body failed validation: {where}.name should be unique.")
        options.append(option)
    return options


def _known(body: Obj, before: list[Obj]) -> Obj | None:
    for option in before:
        if body.get("id") == option["id"] or str(body.get("name")).casefold() == option["name"].casefold():
            return option
    return None


def _option(name: str, colour: str, new_id: Callable[[], str]) -> Obj:
    return {"id": new_id(), "name": name, "color": colour, "description": None}


def _groups(options: list[Obj], new_id: Callable[[], str]) -> list[Any]:
    group_of = {name: group for name, _, group in _STATUS}
    return [
        {
            "id": new_id(),
            "name": group,
            "color": colour,
            "option_ids": [o["id"] for o in options if group_of.get(o["name"], "To-do") == group],
        }
        for group, colour in _GROUPS
    ]
